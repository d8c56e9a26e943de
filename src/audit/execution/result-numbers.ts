import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import { scanNumbers } from '../numbers/scan-numbers.ts'

/** Underscores are read as spaces. */
const metric =
  /accurac|\bacc\b|\bf1\b|f score|precision|recall|loss|scores?\b|bleu|rouge|meteor|perplexity|\bppl\b|latency|throughput|reward|error|\bauc\b|auroc|\brate|\bmean\b|average|\bavg\b|\bstd\b|\bmse\b|rmse|\bmae\b|correlation|\bp value|improvement|satisfaction|similarity|success|pass@|pass at|efficien|speed|reduction|memory|quality|\btime\b|retention|forgetting|alignment|performance|results?\b|ability\b|coverage|regret|return\b/i
const setting =
  /learning rate|\blr\b|dropout|\balpha\b|\bbeta\b|\bgamma\b|epsilon|temperature|top p\b|threshold|weight decay|lambda|momentum|\bmax\b|\bmin\b|budget|probability|\bratio\b|timeout|sleep|sampling|decay|noise|penalty|figsize|width|height|fontsize|\bpad\b|version/i

const longestLine = 20_000
const mostLines = 20_000
const near = 120

export interface ResultNumber {
  readonly number: ScannedNumber
  /** From 1. */
  readonly line: number
  /** What stands around it. */
  readonly quote: string
}

/**
 * Numbers of a data file or of code that look like something measured: a point and two digits, behind a name, in a column or in a block that is called like a
 * metric, and not like a setting. Of the first 20,000 lines, each cut to 20,000 characters.
 */
export function resultNumbers(text: string): ResultNumber[] {
  const found: ResultNumber[] = []
  const lines = text.split(/\r\n|\n|\r/, mostLines)
  const head = spaced((lines[0] ?? '').slice(0, 2_000))
  const isTable = head.includes(',') && !/[{[:]/.test(head) && metric.test(head)
  /** Whether the last name that opened a block is a metric's; what stands in it belongs to it. */
  let inBlock = false
  for (const [index, whole] of lines.entries()) {
    const line = whole.slice(0, longestLine)
    if (/[[{(]\s*$/.test(line.slice(-20))) inBlock = metric.test(spaced(line.slice(0, 500)))
    for (const number of scanNumbers(line)) {
      if (!looksMeasured(number)) continue
      const before = spaced(line.slice(Math.max(0, number.start - near), number.start))
      if (setting.test(nearestName(before))) continue
      if (!isTable && !inBlock && !metric.test(before)) continue
      found.push({ number, line: index + 1, quote: line.slice(Math.max(0, number.start - 80), number.end + 40) })
    }
  }
  return found
}

/** A decimal and two significant digits: 0.83, 12.4, 1.2e-3; not 0.5, 10 or 2024. */
export function looksMeasured({ decimals, significant }: ScannedNumber): boolean {
  return decimals >= 1 && significant >= 2
}

/** The last name with a colon or an equals sign, or what stands just before. */
function nearestName(before: string): string {
  const names = before.match(/[A-Za-z][\w -]{0,40}['"]?\s{0,3}[:=]/g)
  return names?.at(-1) ?? before.slice(-40)
}

function spaced(text: string): string {
  return text.replaceAll('_', ' ')
}
