import { describeDistilledWorth } from '../judges/distilled/distilled.ts'
import { roundHalfUp } from '../stats/round.ts'
import type { JudgeAgreement } from './judge-agreement.ts'
import type { MarkTable } from './marks.ts'

/** Rank correlation from which two judges are said to rank alike; also wanted: an interval above 0. */
const alikeFrom = 0.5
/** Mean difference between two judges, in points of ten, from which their marks are said to differ. */
const apartFrom = 0.5
/** Fewer tasks than this tell nothing about agreement. */
const leastTasks = 3

const nouns: Readonly<Record<string, string>> = {
  idea: 'ideas',
  proposal: 'proposals',
  experiment: 'experiments',
  paper: 'papers',
  'end-to-end': 'papers',
}

/**
 * What a mark in a table is worth, in one sentence, by how its judges agree overall (or, in a rubric without an overall mark,
 * on its first dimension). With more than two judges, by the pair that ranks least alike.
 */
export function describeWorth(
  { rubric, judgeKind, judges, dimensions }: Pick<MarkTable, 'rubric' | 'judgeKind' | 'judges' | 'dimensions'>,
  agreements: readonly JudgeAgreement[],
): string {
  if (judgeKind === 'rule') return 'Fixed rules look at form alone: these marks say nothing about the research.'
  if (judgeKind === 'distilled') return describeDistilledWorth(rubric)
  if (judges.length < 2) return 'One judge: nothing is known about how far another would agree.'
  const dimension = dimensions.at(-1) === 'overall' ? 'overall' : dimensions[0]
  const pairs = agreements.filter((agreement) => agreement.dimension === dimension)
  const worst = pairs.toSorted((a, b) => (a.point.spearman ?? -2) - (b.point.spearman ?? -2))[0]
  if (worst === undefined) return 'No two judges marked the same things: nothing is known about how far they agree.'
  if (worst.tasks < leastTasks)
    return `The judges' marks can be compared on ${worst.tasks} ${worst.tasks === 1 ? 'task' : 'tasks'} alone: too few to say how far they agree.`
  return describePair(worst, { noun: nouns[rubric] ?? 'items', among: judges.length })
}

function describePair(pair: JudgeAgreement, { noun, among }: { noun: string; among: number }): string {
  const { dimension, point, intervals, judges, systemLevel, items, tasks } = pair
  const who = among === 2 ? 'The two judges' : `The two judges least alike (${judges.join(' and ')})`
  const of = dimension === 'overall' ? noun : `${noun} on ${dimension}`
  const over = `over ${items} ${noun} of ${tasks} tasks`
  const difference = Math.abs(point.bias ?? 0)
  const apart = difference >= apartFrom
  const level = apart
    ? `differ by ${showPoints(difference)} points`
    : `hardly differ in level (${showPoints(difference)} points)`
  const systems =
    systemLevel === null || systemLevel.spearman === null
      ? ''
      : ` Between the ${systemLevel.systems} agents' means it is ${showRank(systemLevel.spearman)}.`
  if (point.spearman === null)
    return `${who} ${level} ${over}; how they rank ${of} is undefined, as one of them gave every one the same mark.`
  const { spearman } = intervals
  const measured = `(Spearman ${showRank(point.spearman)}${spearman === null ? '' : ` [${showRank(spearman.lo)}, ${showRank(spearman.hi)}]`}, ${over})`
  const certain = spearman !== null && spearman.lo > 0
  if (certain && point.spearman >= alikeFrom) {
    const advice = apart
      ? 'compare agents marked by the same judges, not absolute marks'
      : 'marks of both can be compared'
    return `${who} rank ${of} alike ${measured} ${apart ? 'but' : 'and'} ${level}: ${advice}.${systems}`
  }
  if (certain)
    return `${who} rank ${of} a little alike ${measured} and ${level}: a single mark says little; compare means over many tasks, by the same judges.${systems}`
  if (spearman === null || (spearman.hi >= alikeFrom && spearman.lo <= 0))
    return `Whether ${lower(who)} rank ${of} alike cannot be told yet ${measured}; they ${level}: compare agents on more tasks, by the same judges.${systems}`
  return `${who} show no sign of ranking ${of} alike ${measured} and ${level}: a difference between agents may be one judge's taste; look at each judge's own marks.${systems}`
}

const lower = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
const showPoints = (points: number): string => roundHalfUp(points, 1).toFixed(1)
const showRank = (value: number): string => roundHalfUp(value, 2).toFixed(2)
