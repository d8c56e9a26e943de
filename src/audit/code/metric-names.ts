/** How surely a name stands for a measured result. */
export type MetricTier = 'strong' | 'weak'

/** Words that stand for a measured result wherever they occur. */
const strongWords = new Set(
  (
    'accuracy acc f1 auc auroc auprc aucroc rocauc bleu rouge rougel meteor chrf bertscore perplexity ppl precision recall mae rmse mse mape r2 iou miou ndcg mrr ' +
    'ece brier cohens wer cer psnr ssim lpips fid kappa mcc nll specificity sensitivity regret correctness spearman pearson silhouette hitrate winrate'
  ).split(' '),
)
/** Words that mostly do, and that also name parts of a simulation, a loss inside of training or a ranking. */
const weakWords = new Set(
  (
    'score scores reward rewards loss losses error errors latency throughput speedup runtime performance metric metrics result results quality satisfaction similarity ' +
    'coherence robustness fairness improvement improvements gain gains efficiency consistency faithfulness utility returns correlation overhead reduction ' +
    'pvalue pval coverage fluency relevance helpfulness trust alignment calibration retention forgetting generalization'
  ).split(' '),
)
/** Rates and times are results only with one of these beside them. */
const rateWords = new Set('rate ratio percent percentage pct time memory cost usage'.split(' '))
const ratedWords = new Set(
  'success pass win hit match detection hallucination violation completion solve agreement rejection acceptance fix repair compile execution resolution correct error inference training elapsed peak gpu token tokens'.split(
    ' ',
  ),
)
/** Shares that are measured, of whatever the words beside them say; those of the second list are set. */
const shareWords = new Set('percentage percent pct'.split(' '))
const setShareWords = new Set(
  (
    'train val valid validation split sample sampling sampled subset drop dropped mask masked masking missing noise noisy corrupted corruption mutation crossover keep kept holdout ' +
    'warmup prune pruning sparsity labeled data poison poisoned progress top change'
  ).split(' '),
)
/** What is measured rather than set, once it is averaged. */
const measuredWords = new Set('time memory cost'.split(' '))
const averagedWords = new Set('avg mean average median'.split(' '))
const measureWords = new Set('evaluate eval measure benchmark assess'.split(' '))
/** Words that make a setting, a bound, an input or a tool out of a metric's name. */
const settingWords = new Set(
  (
    'threshold thresholds min max minimum maximum target targets goal required weight weights noise seed lr learning dropout epsilon temperature alpha beta gamma lambda ' +
    'budget prior tolerance tol limit coef coefficient margin decay timeout cutoff scale factor init initial initialize default mask idx index indices feature features input inputs ' +
    'fn func function criterion config name names label labels color colors key keys type path file fig figure ax title format fmt desc description std variance bound lower upper ' +
    'step steps delay sleep epoch epochs id ids patience confidence uncertainty uncertainties importance attention action actions state states observation policy'
  ).split(' '),
)

/** Words of an identifier or phrase in lower case: `valF1Score`, `pass@1`, `val_f1`. */
export function nameWords(name: string): string[] {
  return name
    .slice(0, 300)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
}

/** Whether a name stands for a setting, a bound, an input or a tool, whatever else it names. */
export function isSettingName(name: string): boolean {
  return nameWords(name).some((word) => settingWords.has(word))
}

/** Whether a function's name says that it measures: `evaluate`, `eval_policy`. */
export function isMeasuring(name: string): boolean {
  const [first = ''] = nameWords(name)
  return measureWords.has(first)
}

/** Whether a name stands for a measured result; null for settings and everything else. */
export function metricTier(name: string): MetricTier | null {
  // A number at the end of a word counts its kind: `rouge2`.
  const words = nameWords(name).map((word) => (/^[a-z]{3,}\d$/.test(word) ? word.slice(0, -1) : word))
  if (words.some((word) => settingWords.has(word))) return null
  const isStrong =
    words.some((word) => strongWords.has(word)) ||
    /\bpass ?(at)? ?(k|\d+)$/.test(words.join(' ')) ||
    words.join(' ').includes('exact match')
  if (isStrong) return 'strong'
  const rate = words.some((word) => rateWords.has(word))
  if (rate && words.some(isRated)) return 'weak'
  if (words.length > 1 && words.some((word) => shareWords.has(word)) && !words.some((word) => setShareWords.has(word)))
    return 'weak'
  if (words.some((word) => measuredWords.has(word)) && words.some((word) => averagedWords.has(word))) return 'weak'
  return words.some((word) => weakWords.has(word)) ? 'weak' : null
}

/** `solve_rate`, `solved_rate`, `rejected_ratio`. */
function isRated(word: string): boolean {
  const stems = word.endsWith('ed') ? [word.slice(0, -1), word.slice(0, -2)] : []
  return [word, ...stems].some((stem) => ratedWords.has(stem))
}

/** Whether a name says that it averages what is not named: `avg_before`. */
export function isAveragedName(name: string): boolean {
  const words = nameWords(name)
  return words.length > 1 && words.some((word) => averagedWords.has(word)) && !isSettingName(name)
}

/** Words of names of worlds that a work makes up to measure something in: environments, users, data. */
const worldWords = new Set(
  (
    'env environment environments user users persona personas population participant participants annotator annotators client clients dataset datasets rater raters patient patients ' +
    'customer customers bandit game player opponent arm arms world transition profile profiles loader dataloader synthetic synth generator'
  ).split(' '),
)
/** Words of names of what disturbs, starts or repeats on purpose. */
const disturbanceWords = new Set(
  (
    'noise noisy augment augmentation augmented augmenter bootstrap bootstrapped bootstrapping permutation permute permuted resample init initialize reset split splits shuffle perturb ' +
    'perturbed perturbation corrupt corruption jitter mutate mutation sampler sampling dropout dummy random randomly exploration explore mcmc montecarlo'
  ).split(' '),
)
const dataWords = new Set(
  'data sample samples examples items traces records questions instances documents pairs trajectories'.split(' '),
)
/** People in a simulation, where another name around says that it is one. */
const peopleWords = new Set(
  'human humans feedback developer developers doctor expert experts agent agents clinician teacher student'.split(' '),
)
const resultWords = new Set(
  'result results metric metrics evaluate evaluation training experiment experiments'.split(' '),
)
const makingWords = new Set(
  'generate create make build simulate synthesize load prepare get sample produce add'.split(' '),
)

/** Whether what bears these names (functions and classes around a draw) is a place where chance belongs. */
export function isChanceScope(names: readonly string[]): boolean {
  return isWorldScope(names) || names.some(isDisturbance)
}

/** Whether a name itself says that chance belongs to it: noise, starting points, guesses. `user_satisfaction` is a result like any other. */
export function isDisturbance(name: string): boolean {
  return !bearsResults(name) && scopeWords(name).some((word) => disturbanceWords.has(word))
}

/** Whether it is a made-up world: what comes out of it is chance of that world wherever it goes, which noise is not. */
export function isWorldScope(names: readonly string[]): boolean {
  const isSimulation = names.some((name) => /simulat/i.test(name))
  // A generator of text or code is a model: where it is trained or measured, no world is made.
  const isTrained = names.some((name) => /^_*(?:train|fit|fine_?tune|eval|evaluate|validate)(?![a-z])/.test(name))
  return names.some((name) => {
    if (bearsResults(name)) return false
    const words = scopeWords(name)
    if (words.some((word) => worldWords.has(word) && !(isTrained && word === 'generator'))) return true
    if (isSimulation && words.some((word) => peopleWords.has(word))) return true
    return words.some((word) => makingWords.has(word)) && words.some((word) => dataWords.has(word))
  })
}

/** What follows says where something comes from or goes: `update_from_environment` is no environment. */
function scopeWords(name: string): string[] {
  return nameWords(name.replace(/_(?:from|with|in|for|per|on|by|to)_.*/, ''))
}

function bearsResults(name: string): boolean {
  return scopeWords(name).some((word) => strongWords.has(word) || resultWords.has(word))
}
