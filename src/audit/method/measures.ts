import { readThings, type Thing } from './lexicon.ts'

let readMeasures: readonly Thing[] | null = null
let readTests: readonly Thing[] | null = null
let readTechniques: readonly Thing[] | null = null

/** Measures that nobody computes without naming them in code. */
export function measures(): readonly Thing[] {
  readMeasures ??= readThings(measureTable)
  return readMeasures
}

/** Tests of significance by name. */
export function significanceTests(): readonly Thing[] {
  readTests ??= readThings(testTable)
  return readTests
}

/** Optimisers and ways of training that need a line of code that names them. */
export function techniques(): readonly Thing[] {
  readTechniques ??= readThings(techniqueTable)
  return readTechniques
}

const measureTable = `
BLEU | BLEU-4, BLEU-1, SacreBLEU | bleu
CodeBLEU
ROUGE-L | ROUGE-1, ROUGE-2, ROUGE | rouge
=METEOR
chrF
BERTScore | | bertscore
BLEURT
=COMET
Perplexity | PPL | perplexity, ppl, exp
AUROC | AUC, ROC-AUC, AUC-ROC | auc, roc
AUPRC | PR-AUC, AUPR | auprc, aupr, prauc, averageprecision
=ECE | Expected Calibration Error | ece, calibration
Brier score | Brier | brier
=FID | Frechet Inception Distance | fid, frechet
PSNR
SSIM
LPIPS
mIoU | IoU | iou, jaccard
NDCG | NDCG@10 | ndcg, dcg
=MRR | Mean Reciprocal Rank | mrr, reciprocal
pass@1 | pass@k, pass@5, pass@10, pass@100 | pass1, passat, passk, pass
Exact Match | | exact, em
Cohen's kappa | Fleiss' kappa, Krippendorff's alpha | kappa, krippendorff, alpha
Spearman | Spearman correlation, Spearman's rho | spearman, rank
Kendall's tau | Kendall tau | kendall
Pearson | Pearson correlation | pearson, corr
Cohen's d | effect size | cohen, effectsize
Matthews correlation | MCC | matthews, mcc
BARTScore
WER | Word Error Rate | wer, worderror
FLOPs | GFLOPs | flop
`

const testTable = `
paired t-test | t-test, t test, Student's t, two-sample t-test, Welch's t-test | ttest, studentt, tstat, welch
Wilcoxon signed-rank test | Wilcoxon | wilcoxon, signedrank
Mann-Whitney | Mann-Whitney U | mannwhitney, ranksums
ANOVA | | anova, foneway
Kruskal-Wallis | | kruskal
McNemar | McNemar's test | mcnemar
Friedman test | | friedman
Chi-square test | chi-squared test | chi2, chisquare
Bonferroni | Bonferroni correction, Holm-Bonferroni | bonferroni, holm, multipletests
Tukey HSD | Tukey's HSD | tukey
Kolmogorov-Smirnov | | ks2samp, kstest, kolmogorov
bootstrap confidence intervals | bootstrap test, paired bootstrap, bootstrapped confidence intervals, bootstrap resampling | bootstrap, resampl, choice
permutation test | | permut
`

const techniqueTable = `
AdamW | | adamw, trainer, trainingarguments, adam, sentencetransformer, sft, optimizer
=Adam | Adam optimizer | adam, trainer, trainingarguments, compile, mlpclassifier, mlpregressor, stablebaselines
=SGD | stochastic gradient descent | sgd, sklearn, gradientdescent, lr, learningrate, step
RMSprop
Adagrad
Adafactor
=Lion optimizer
LoRA | Low-Rank Adaptation | lora, peft, lowrank
QLoRA | | qlora, 4bit, bitsandbytes, nf4
=PPO | Proximal Policy Optimization | ppo, proximal, clip
=DPO | Direct Preference Optimization | dpo, preference
beam search | beam-search | beam
nucleus sampling | | topp, nucleus
cosine annealing | cosine schedule, cosine learning rate schedule, cosine decay | cosine, cos
early stopping | | earlystop, patience, best
gradient clipping | | clip, maxnorm
label smoothing | | smoothing
mixed precision | mixed-precision, fp16, bf16 | amp, autocast, fp16, bf16, half, float16, bfloat16, mixedprecision
gradient checkpointing | | checkpointing
DeepSpeed | ZeRO-2, ZeRO-3
Bayesian optimization | | bayes, optuna, gaussianprocess, hyperopt, gpminimize
data augmentation | | augment, randomcrop, flip, crop
cross-validation | | crossval, kfold, fold, cv
knowledge distillation | | distil, teacher, kldiv
contrastive loss | InfoNCE, contrastive learning | contrastive, infonce, ntxent, triplet, cosine, temperature
`
