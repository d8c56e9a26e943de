import { readThings, type Thing } from './lexicon.ts'

let read: readonly Thing[] | null = null

/** Models by family: a paper that names one of them ran it, or says that it did. */
export function models(): readonly Thing[] {
  read ??= readThings(table)
  return read
}

/** Families whose members nobody trains from nothing for a paper: to run one is to load it, or to call a service. */
export function pretrainedModels(): readonly Thing[] {
  const all = models()
  return all.slice(
    0,
    all.findIndex(({ name }) => name === 'ResNet-18'),
  )
}

const table = `
GPT-2 | GPT2
GPT-3
GPT-3.5 | ChatGPT | gpt35, gpt3.5
GPT-4 | GPT-4o, GPT-4.1, GPT-4-turbo, GPT-4o-mini
GPT-J | | gptj
GPT-Neo | GPT-NeoX
Llama-2 | Llama2 | llama
Llama-3 | Llama3, Llama-3.1, Llama-3.2 | llama
LLaMA | | llama
Alpaca-7B
Vicuna
Mistral-7B | Mistral | mistral
Mixtral
Qwen | Qwen2, Qwen1.5, Qwen2.5, Qwen3
Gemma | Gemma-2
Falcon-7B | Falcon-40B | falcon
=Pythia
=BLOOM | BLOOMZ
=OPT-125M | OPT-350M, OPT-1.3B, OPT-2.7B, OPT-6.7B, OPT-13B, OPT-30B, OPT-66B, OPT-175B | facebookopt, opt
=Phi-2 | Phi-1.5, Phi-3, Phi-3.5, Phi-4
Claude-3 | Claude-2, Claude-3.5, Claude-3.7, Claude 3.5 Sonnet, Claude 3.7 Sonnet, Claude Sonnet, Claude Haiku, Claude Opus | claude, anthropic
=Gemini-1.5 | Gemini-2.0, Gemini-2.5, Gemini Pro, Gemini Flash | gemini
=PaLM | PaLM-2
DeepSeek | DeepSeek-Coder, DeepSeek-R1, DeepSeek-V3
CodeLlama | Code Llama
StarCoder | StarCoder2, SantaCoder
CodeGen-350M | CodeGen-2B, CodeGen-6B, CodeGen-16B | codegen
TinyLlama
SmolLM | SmolLM2
=OLMo
BERT | BERT-base, BERT-large
DistilBERT
RoBERTa
DeBERTa | DeBERTa-v3
ALBERT
ELECTRA
XLNet
XLM-R | XLM-RoBERTa
CodeBERT | GraphCodeBERT
CodeT5 | CodeT5+
UniXcoder
=T5-small | T5-base, T5-large, T5-3B, T5-11B, T5 | t5
Flan-T5 | | flant5
=BART | BART-base, BART-large
=PEGASUS
Longformer
BigBird
SciBERT
BioBERT | PubMedBERT, ClinicalBERT
MiniLM | all-MiniLM-L6-v2
MPNet | all-mpnet-base-v2
=Mamba-130M | Mamba-370M, Mamba-1.4B, Mamba-2.8B | mamba
RWKV
ResNet-18 | ResNet18 | resnet
ResNet-34 | | resnet
ResNet-50 | ResNet50 | resnet
ResNet-101 | ResNet-152 | resnet
WideResNet | Wide ResNet, WRN-28-10 | wideresnet, wrn
=VGG-16 | VGG16, VGG-19, VGG19, VGG-11 | vgg
DenseNet
EfficientNet
MobileNet | MobileNetV2, MobileNetV3
ConvNeXt
Inception-v3 | InceptionV3 | inception
=ViT-B/16 | ViT-B, ViT-L, ViT-S, ViT-L/14, Vision Transformer | vit, visiontransformer
=DeiT
Swin Transformer | Swin-T, Swin-B | swin
=DINOv2
CLIP-ViT | OpenAI CLIP | clip
=BLIP-2 | BLIP
LLaVA
Stable Diffusion | SDXL | stablediffusion, sdxl, diffusers
StyleGAN | StyleGAN2
wav2vec 2.0 | wav2vec2 | wav2vec
HuBERT
=Whisper
XGBoost | | xgb
LightGBM | | lgbm, lgb
CatBoost
Random Forest | | randomforest, rf
`
