import type { Equivalence } from '../stats/equivalence.ts'
import { sampleSizeForCorrelation, sampleSizeForInterval } from '../stats/sample-size.ts'
import type { HumanHumanAgreement, RaterAgreement } from './human-agreement.ts'

/**
 * What the data say of judges standing in for people in one dimension. `too-few`: no interval that could be believed. `contrary`: they
 * order papers the other way round. `no-evidence`: neither agreement nor its absence is shown. `order-only`: they order
 * papers alike, but their marks are not shown to be on the same level. `agree`: order and level are both shown.
 */
export type VerdictKind = 'too-few' | 'contrary' | 'no-evidence' | 'order-only' | 'agree'

export interface Verdict {
  readonly dimension: string
  readonly kind: VerdictKind
  /** A sentence or two for a reader who knows no statistics. */
  readonly text: string
  /**
   * Papers that would probably settle the open question: to tell a correlation as high as the target from none, or to show
   * that the level is the same. Null where nothing is open, or no number of papers would settle it. Papers on one task count
   * as independent, so that the truth needs more.
   */
  readonly papersNeeded: number | null
  readonly targetCorrelation: number
}

export interface VerdictInput {
  readonly panel: RaterAgreement
  readonly humans: HumanHumanAgreement
  readonly level: Equivalence
  readonly margin: number
  /** A correlation worth having, set beforehand. */
  readonly targetCorrelation: number
}

/** With fewer clusters, bootstrap intervals cover the truth far less often than they say (Cameron, Gelbach & Miller 2008). */
export const fewestTasks = 10

/** Judges one dimension from the rank correlation's interval and the test of equivalence, both set up beforehand. */
export function judgeAgreement(input: VerdictInput): Verdict {
  const { panel, targetCorrelation } = input
  const interval = panel.intervals.spearman ?? null
  const rho = panel.point.spearman
  const { dimension } = panel
  if (rho === null || interval === null)
    return {
      dimension,
      kind: 'too-few',
      text: `Nothing can be said on ${dimension}: ${panel.papers} papers on ${panel.tasks} tasks, or marks that do not vary, give no interval.`,
      papersNeeded: papersForOrder(input),
      targetCorrelation,
    }
  const seen = `over ${panel.papers} papers the rank correlation with people is ${number(rho)}, 95 % interval [${number(interval.lo)}, ${number(interval.hi)}]`
  if (panel.tasks < fewestTasks)
    return {
      dimension,
      kind: 'too-few',
      text: `Nothing can be said on ${dimension}: ${seen}, but intervals over ${panel.tasks} tasks are too narrow to be believed. At least ${fewestTasks} tasks are needed.`,
      papersNeeded: papersForOrder(input),
      targetCorrelation,
    }
  if (interval.hi < 0)
    return {
      dimension,
      kind: 'contrary',
      text: `These judges cannot stand in for people on ${dimension}: they order papers the other way round (${seen}).`,
      papersNeeded: null,
      targetCorrelation,
    }
  if (interval.lo <= 0) {
    const papersNeeded = papersForOrder(input)
    const useful = number(targetCorrelation)
    const target =
      interval.hi >= targetCorrelation ? `a useful one of ${useful} as well` : `leaves out a useful one of ${useful}`
    const size =
      papersNeeded !== null && papersNeeded <= panel.papers
        ? `These papers are enough to have told ${useful} from none.`
        : `About ${papersNeeded} papers would tell ${useful} from none.`
    return {
      dimension,
      kind: 'no-evidence',
      text: `No evidence that these judges can stand in for people on ${dimension}, because ${seen}, which holds no relation at all and ${target}. ${size}`,
      papersNeeded,
      targetCorrelation,
    }
  }
  const level = describeLevel(input)
  const agreeing = input.level.equivalent === true
  const alike =
    rho < targetCorrelation
      ? `order papers only a little as people do, less than is useful (${seen}, where ${number(targetCorrelation)} was asked for)`
      : `order papers as people do (${seen})`
  return {
    dimension,
    kind: agreeing ? 'agree' : 'order-only',
    text: agreeing
      ? `On ${dimension} these judges ${alike}, and ${level}.${comparedWithPeople(input)}`
      : `On ${dimension} these judges ${alike}, but their marks cannot be read as people's: ${level}.${comparedWithPeople(input)}`,
    papersNeeded: agreeing ? null : papersForLevel(input),
    targetCorrelation,
  }
}

function describeLevel({ panel, level, margin }: VerdictInput): string {
  const { bias } = panel.point
  if (bias === null || level.interval90 === null) return 'nothing is known of the level of their marks'
  const { lo, hi } = level.interval90
  const direction = bias >= 0 ? 'above' : 'below'
  const shown = `they mark ${number(Math.abs(bias))} points ${direction} people, 90 % interval [${number(lo)}, ${number(hi)}]`
  return level.equivalent === true ? `${shown}, within ±${margin}` : `${shown}, which is not within ±${margin}`
}

function comparedWithPeople({ humans, panel }: VerdictInput): string {
  const [own, withPanel] = [humans.krippendorffAlpha, humans.alphaWithPanel]
  if (own === null || withPanel === null || panel.point.spearman === null) return ''
  return ` Among themselves people reach alpha ${number(own)}; with the panel as one more of them, ${number(withPanel)}.`
}

/**
 * Papers after which a correlation as high as the target would be told from none in four of five cases: by Fisher's
 * transformation for independent papers, or more where the interval seen is wider than theirs, as papers on one task hang
 * together.
 */
function papersForOrder({ panel, targetCorrelation }: VerdictInput): number | null {
  const independent = sampleSizeForCorrelation({ expected: targetCorrelation, excluded: 0, kind: 'spearman' })
  const interval = panel.intervals.spearman ?? null
  if (interval === null || interval.hi === interval.lo) return independent
  const halfWidth = (interval.hi - interval.lo) / 2
  // half of a 95 % interval is 1.96 standard errors, and a power of 80 % needs 2.8 of them between target and 0
  const seen = sampleSizeForInterval({ items: panel.papers, halfWidth }, (targetCorrelation * 1.96) / 2.8)
  return Math.max(seen, independent ?? 0)
}

/** Papers after which the interval of the bias seen would fit within the margin; null when the bias itself does not. */
function papersForLevel({ panel, level, margin }: VerdictInput): number | null {
  const { bias } = panel.point
  if (bias === null || level.interval90 === null || Math.abs(bias) >= margin) return null
  const halfWidth = (level.interval90.hi - level.interval90.lo) / 2
  return sampleSizeForInterval({ items: panel.papers, halfWidth }, margin - Math.abs(bias))
}

function number(value: number): string {
  return value.toFixed(2).replace(/^-0\.00$/, '0.00')
}
