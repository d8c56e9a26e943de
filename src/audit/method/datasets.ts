import { readThings, type Thing } from './lexicon.ts'

let read: readonly Thing[] | null = null

/** Public datasets and benchmarks. */
export function datasets(): readonly Thing[] {
  read ??= readThings(table)
  return read
}

const table = `
SST-2 | SST2, Stanford Sentiment Treebank | sst
MNLI | MultiNLI
QNLI
MRPC
QQP | Quora Question Pairs | quora
=RTE
=SNLI
=STS-B
SuperGLUE
=GLUE
BoolQ
PIQA
HellaSwag
WinoGrande
OpenBookQA
CommonsenseQA
ARC-Challenge | ARC-Easy, ARC-C, ARC-E | arc, ai2arc
MMLU
BIG-Bench | BIG-Bench Hard | bigbench, bbh
TruthfulQA
GSM8K
AQuA-RAT
StrategyQA
HotpotQA
SQuAD | SQuAD 2.0, SQuADv2
TriviaQA
Natural Questions | NaturalQuestions
WebQuestions
NarrativeQA
Qasper
QuALITY dataset
GovReport
MultiNews | Multi-News
XSum
CNN/DailyMail | CNN-DailyMail, CNN/Daily Mail, CNN-DM | cnndailymail, cnndm
SAMSum
LongBench
ZeroSCROLLS | | zeroscrolls, scrolls
PG-19 | PG19
WikiText | WikiText-2, WikiText-103
Penn Treebank | | ptb
OpenWebText
=C4
LAMBADA
=The Pile | | pile
=IMDB | IMDb | imdb
=Yelp
AG News | AGNews | agnews
DBpedia
20 Newsgroups | 20Newsgroups | newsgroups
Amazon Reviews | | amazon
MS MARCO | MSMARCO
BEIR
WMT14 | WMT16, WMT19, WMT'14, WMT | wmt
FLORES-200 | FLORES
XNLI
CoNLL-2003
HumanEval | HumanEval+
MBPP | MBPP+
CodeContests
CodeSearchNet
CodeXGLUE
LiveCodeBench
SWE-bench
DS-1000
BigCodeBench
Defects4J
FEVER dataset | FEVER benchmark | fever
SciFact
HaluEval
RealToxicityPrompts
CivilComments | Civil Comments
BBQ dataset | BBQ benchmark | bbq
CrowS-Pairs
StereoSet
WinoBias
BOLD dataset
HH-RLHF | Anthropic HH | hhrlhf, hh
UltraFeedback
UltraChat
AlpacaEval
MT-Bench
ShareGPT
OpenAssistant | | oasst
=TOFU
WMDP
AdvBench
JailbreakBench
HarmBench
CIFAR-10 | CIFAR10 | cifar
CIFAR-100 | CIFAR100 | cifar
Fashion-MNIST | FashionMNIST
=MNIST
=SVHN
STL-10
ImageNet | ImageNet-1k, Tiny ImageNet, TinyImageNet
CelebA
MS COCO | MS-COCO, COCO dataset, COCO 2017 | coco
Flickr30k
VQAv2 | VQA v2 | vqa
CUB-200 | | cub
Waterbirds
Camelyon17
iWildCam
DomainNet
=PACS
Office-Home
Cityscapes
nuScenes
KITTI
LibriSpeech
AudioSet
UCF101
Kinetics-400
Adult Income | UCI Adult, Adult Census | adult
COMPAS
German Credit | | germancredit, credit, statlog
Folktables
California Housing
Higgs dataset
MIMIC-III | MIMIC-IV, MIMIC | mimic
CheXpert
=ADNI
UK Biobank
=eICU
PubMedQA
MedQA
=QM9
=ZINC
=MD17
MoleculeNet
=Tox21
OGB-arxiv | ogbn-arxiv, ogbg-molhiv, OGB | ogb
=Cora
CiteSeer
PubMed citation
=ETTh1 | ETTm1, ETTh2, ETTm2 | ett
=ERA5
MovieLens
D4RL
MuJoCo
Atari 100k | Atari 2600 | atari, ale
Procgen
MiniGrid
Meta-World | MetaWorld
CartPole
ALFWorld
WebArena
ToolBench
MATH-500 | MATH dataset, MATH benchmark | competitionmath, hendrycks, math500
`
