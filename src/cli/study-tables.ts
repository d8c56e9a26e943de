import { formatNumberOf } from '../report/format.ts'
import type { Table } from '../report/table.ts'
import type { CalibrationStudy, PairwiseStudy, PairwiseTable, RedTeamStudy } from '../schema/study.ts'
import type { Drift } from '../studies/drift.ts'
import { fewTasks } from '../studies/few-tasks.ts'
import type { LengthBias } from '../studies/length-bias.ts'
import type { SelfPreference } from '../studies/self-preference.ts'

interface Range {
  readonly lo: number
  readonly hi: number
}

/** `+0.50 [0.12, 0.90]`; null without a value. */
function withInterval(value: number | null, interval: Range | null, sign = false): string | null {
  if (value === null) return null
  const number = `${sign && value >= 0 ? '+' : ''}${value.toFixed(2)}`
  return interval === null ? number : `${number} [${interval.lo.toFixed(2)}, ${interval.hi.toFixed(2)}]`
}

const percent = (share: number | null): string | null => (share === null ? null : `${Math.round(100 * share)} %`)
const figure = (value: number | null): string | null => value?.toFixed(2) ?? null

export function redTeamTables(study: RedTeamStudy): Table[] {
  const several = study.rubrics.length > 1
  const judges = study.judges.filter((judge) => study.effects.some((effect) => effect.judge === judge))
  return judges.map((judge) => {
    const own = study.effects.filter((effect) => effect.judge === judge)
    return {
      title: `Attacks on ${judge}`,
      columns: [
        ...(several ? ['rubric'] : []),
        'attack',
        'clean',
        'shift [95 %]',
        'raised ≥ 1',
        'found by us',
        'verdict',
      ],
      rows: own.map((effect) => [
        ...(several ? [effect.rubric] : []),
        effect.attack,
        figure(effect.cleanMean),
        withInterval(effect.shift, effect.interval, true),
        percent(effect.raisedShare),
        percent(effect.detectedShare),
        effect.verdict.replaceAll('-', ' '),
      ]),
      notes: [
        `Shift: attacked less clean overall mark, over ${formatNumberOf(Math.max(0, ...own.map(({ tasks }) => tasks)), 'task')}; tasks are resampled; below ${fewTasks} tasks a verdict must hold by Student's t as well.`,
        'Found by us: share of attacked versions in which the text to the reviewer was detected, whatever the judge made of it.',
      ],
    }
  })
}

export function calibrationTables(study: CalibrationStudy): Table[] {
  const groups = Map.groupBy(study.results, ({ rubric, judge }) => JSON.stringify([rubric, judge]))
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const controls = [...new Set(own.map(({ control }) => control))]
    const dimensions = [...new Set(own.map(({ dimension }) => dimension))]
    const tasks = Math.max(...own.map((result) => result.tasks))
    const find = (dimension: string, control: string): (typeof own)[number] | undefined =>
      own.find((result) => result.dimension === dimension && result.control === control)
    return [
      {
        title: `${first.rubric}, ${first.judge ?? 'the panel'}: probability that honest work comes out better`,
        columns: ['', ...controls],
        rows: dimensions.map((dimension) => [
          dimension,
          ...controls.map((control) => {
            const result = find(dimension, control)
            return result === undefined ? null : withInterval(result.probability, result.interval)
          }),
        ]),
        notes: [
          `0.5 is chance; ${formatNumberOf(tasks, 'task')}, which are resampled.${tasks < fewTasks ? ` So few may agree by chance: below ${fewTasks} a verdict also asks that the marks themselves differ, by Student's t.` : ''}`,
        ],
      },
    ]
  })
}

export function selfPreferenceTable(rubric: string, rows: readonly SelfPreference[]): Table {
  return {
    title: `Self-preference, ${rubric}`,
    columns: ['judge', 'dimension', 'own agents', 'points [95 %]'],
    rows: rows.map(({ judge, dimension, ownAgents, points, interval }) => [
      judge,
      dimension,
      ownAgents.length === 0 ? null : ownAgents.join(', '),
      withInterval(points, interval, true),
    ]),
    notes: [
      "What a judge gives work of its own family beyond the other judges, less the same for work of no judge's family.",
    ],
  }
}

export function lengthTable(rubric: string, rows: readonly LengthBias[]): Table {
  return {
    title: `Length, ${rubric}`,
    columns: ['judge', 'items', 'pooled', 'within agents [95 %]', 'beyond the other judges [95 %]'],
    rows: rows.map(({ judge, items, spearman, ...row }) => [
      judge,
      String(items),
      figure(spearman),
      withInterval(row.within, row.withinInterval),
      withInterval(row.beyondOthers, row.beyondOthersInterval),
    ]),
    notes: [
      'Spearman correlation of length with the overall mark. Longer work may be better work: the last column cancels that.',
    ],
  }
}

export function driftTable(rows: readonly Drift[]): Table {
  return {
    title: 'Drift: first against last review of the same text',
    columns: ['judge', 'rubric', 'dimension', 'items', 'days', 'shift [95 %]', 'changed', 'ICC(2,1)'],
    rows: rows.map((row) => [
      row.judge,
      row.rubric,
      row.dimension,
      String(row.items),
      row.medianDays.toFixed(1),
      withInterval(row.meanShift, row.interval, true),
      percent(row.changedShare),
      figure(row.agreement.icc21),
    ]),
    notes: rows.some(({ otherModel }) => otherModel > 0)
      ? ['The provider named another model for some of the later reviews.']
      : [],
  }
}

export function pairwiseTables(study: PairwiseStudy): Table[] {
  return study.tables.flatMap((table) => {
    const who = table.judge ?? 'all judges'
    return [
      {
        title: `Who wins, ${study.rubric.id}, ${who}`,
        columns: ['a', 'b', 'a wins [95 %]', 'wins', 'ties', 'losses', 'tasks'],
        rows: table.winRates.map((row) => [
          row.a,
          row.b,
          withInterval(row.rate, row.interval),
          String(row.wins),
          String(row.ties),
          String(row.losses),
          String(row.tasks),
        ]),
        notes: ['Ties count half; tasks are resampled.', describeFlips(table)],
      },
      {
        title: `Bradley-Terry strengths, ${study.rubric.id}, ${who}`,
        columns: ['agent', 'strength [95 %]'],
        rows: table.strengths
          .toSorted((x, y) => (y.strength ?? -Infinity) - (x.strength ?? -Infinity))
          .map(({ agent, strength, interval }) => [agent, withInterval(strength, interval, true)]),
        notes:
          table.noStrengths === null
            ? ['Natural logarithm, the mean of all being 0; ties after Davidson 1970.']
            : [table.noStrengths],
      },
    ]
  })
}

function describeFlips({ orderFlips }: PairwiseTable): string {
  const { pairs, rate, interval, reversedRate, firstPreference } = orderFlips
  if (rate === null) return 'No pair was compared in both orders.'
  const range = interval === null ? '' : ` [${percent(interval.lo)}, ${percent(interval.hi)}]`
  const place = firstPreference ?? 0
  const preference =
    place === 0
      ? 'no preference for a place'
      : `of 100 comparisons the work shown ${place > 0 ? 'first' : 'second'} won ${Math.round(100 * Math.abs(place))} more than the other`
  return `Order flips: ${percent(rate)}${range} of ${formatNumberOf(pairs, 'pair')} got another answer in the other order, ${percent(reversedRate)} the opposite one; ${preference}.`
}
