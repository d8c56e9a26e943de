/**
 * What a label says about the numbers below it. `share`: 0..1 or 0..100 %. `correlation`: -1..1 or the hundredfold. `probability`: a p-value.
 * `spread`: a standard deviation or error. `size`: time, memory or an error that cannot be negative. `other`: nothing is known.
 */
export interface Metric {
  readonly kind: 'share' | 'correlation' | 'probability' | 'spread' | 'size' | 'other'
  /** Which way is better; null where the label does not say. */
  readonly direction: 'higher' | 'lower' | null
  /** A change, gap or comparison of values, which bounds of the values do not bind. */
  readonly isDifference: boolean
}

const differencePattern =
  /improv|\bgains?\b|chang|delta|[Δ∆δ]|\bdiff|\bdrop|increase|decrease|reduc|relative|\bvs\b|versus|advantage|\bgap\b|uplift|boost|speed-?up|transfer|\blift\b|regret|degradation|\bloss in\b|bound|effect|cohen|interval|\bci\b|coefficient|slope|contribution|importance|skill|normali[sz]ed|log[- ]|bias|margin|residual/i
const sharePattern =
  /\b(?:accuracy|acc|precision|recall|sensitivity|specificity|f1|f-1|f1-score|auc|auroc|auprc|roc-auc|exact match|em|iou|miou|dice|top-?[15]|(?:pass|hits?|recall|precision|ndcg|acc)@\d+|(?:win|success|pass|completion|acceptance|hit|failure|refusal|detection|false positive|false negative|true positive|hallucination|correctness|solve) rate|rouge(?:-?[12l])?|ece)\b/i
const noSharePattern =
  /\bper\b|\/s|time|cost|latency|count|number|#|\bnum\b|\bstd\b|deviation|variance|\bsd\b|seconds|tokens|loss|ratio|epoch|\bn\b|step|score \(?[01]-|\/\s?\d/i
const correlationPattern = /\b(?:correlation|pearson|spearman|kendall|cohen'?s kappa|kappa|mcc|cosine similarity)\b/i
const probabilityPattern = /(?:^|[\s($])p(?:-|‐|–|\s)?val(?:ue)?s?\b|^\$?p\$?$|p-adj/i
const spreadPattern =
  /^(?:std|sd|stdev|std\.? dev(?:iation)?|standard deviation|standard error|sem|se|variance|var)\.?(?:$|[\s(])|\b(?:std|stdev|standard deviation|std\.? dev)\b/i
const sizePattern =
  /\b(?:latency|runtime|run time|time|memory|throughput|rmse|mae|mse|perplexity|ppl|wer|cer|fid|duration|parameters|params|flops)\b/i
const lowerPattern =
  /↓|lower is better|lower better|\b(?:error|loss|perplexity|ppl|latency|runtime|time|memory|mse|mae|rmse|wer|cer|fid|ece|brier|cost|hallucination|violations?|regret|nll|toxicity|forgetting|fpr)\b/i
const higherPattern =
  /↑|higher is better|higher better|\b(?:accuracy|acc|precision|recall|f1|auc|auroc|auprc|exact match|em|iou|miou|dice|bleu|rouge|throughput|psnr|ssim|reward|win rate|success rate|pass rate)\b/i

/** Reads a header, a row label, or both joined. */
export function readMetric(label: string): Metric {
  const text = label
    .slice(0, 200)
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
  const isDifference = differencePattern.test(text)
  return { kind: kindOf(text), direction: directionOf(text, isDifference), isDifference }
}

function kindOf(text: string): Metric['kind'] {
  if (probabilityPattern.test(text)) return 'probability'
  if (spreadPattern.test(text)) return 'spread'
  if (correlationPattern.test(text)) return 'correlation'
  if (sharePattern.test(text) && !noSharePattern.test(text)) return 'share'
  return sizePattern.test(text) ? 'size' : 'other'
}

function directionOf(text: string, isDifference: boolean): Metric['direction'] {
  if (text.includes('↑')) return 'higher'
  if (text.includes('↓')) return 'lower'
  const lower = lowerPattern.test(text)
  const higher = higherPattern.test(text)
  if (isDifference || lower === higher) return null
  return lower ? 'lower' : 'higher'
}

/** Whether a column or row compares others: improvement, change, gain, Δ. */
export function isImprovement(label: string): boolean {
  return /improv|\bgains?\b|chang|delta|[Δ∆]|\bdiff|\bdrop|increase|decrease|reduc|\buplift|speed-?up/i.test(label)
}

/** Whether a row or column sums others up: average, mean, overall. */
export function isAverage(label: string): boolean {
  return /^\W*(?:(?:macro|micro|weighted|overall|grand)[ -])?(?:average|avg\.?|mean)\W*$/i.test(label)
}

/** Whether a row or column is a statistic of others and no case of its own. */
export function isStatistic(label: string): boolean {
  return (
    isAverage(label) ||
    /^\W*(?:std|sd|stdev|min|max|median|total|sum|overall|all|count|n)\b/i.test(label) ||
    isImprovement(label)
  )
}
