import { z } from 'zod'
import { sha256 } from '../../base/hash.ts'
import type { Assignment } from './assignment.ts'
import type { StudyLabels } from './studies/study.ts'

/** Values of one method in one condition, one for each seed. */
export interface ResultRow {
  readonly metric: string
  readonly condition: string
  readonly method: string
  readonly values: readonly number[]
}

const metricsSchema = z.object({
  results: z.array(
    z.object({ metric: z.string(), condition: z.string(), method: z.string(), values: z.array(z.number()).min(2) }),
  ),
})

/** Rows of a metrics.json; null when it is missing, cut or of another form. */
export function parseRows(metricsJson: string | null): ResultRow[] | null {
  if (metricsJson === null) return null
  try {
    return metricsSchema.parse(JSON.parse(metricsJson)).results
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

/** Measured rows with the method's own replaced: halfway from the better of method and baseline to perfection. */
export function embellish(rows: readonly ResultRow[], { method, baseline, metrics }: StudyLabels): ResultRow[] {
  return rows.map((row) => {
    if (row.method !== method) return row
    const rival = rows.find((r) => r.method === baseline && r.metric === row.metric && r.condition === row.condition)
    const higher = isHigherBetter(metrics, row.metric)
    const values = row.values.map((value, i) => {
      const other = rival?.values[i] ?? value
      return round(higher ? (1 + Math.max(value, other)) / 2 : Math.min(value, other) / 2)
    })
    return { ...row, values }
  })
}

/** Rows that nobody measured: plausible, and in favour of the method. */
export function invent({ study, seeds, taskTitle }: Assignment): ResultRow[] {
  const { metrics, conditions, methods, method, baseline } = study.labels
  return metrics.flatMap(({ name: metric, better }) =>
    methods.flatMap((name) =>
      conditions.map((condition, c) => {
        const difficulty = study.hardest === 'last' ? c : conditions.length - 1 - c
        const gain = name === method ? 0.4 : name === baseline ? 0 : -0.04
        // a share of the way to perfection, which is 1 or 0
        const easiest = study.inventedLevels[metric] ?? 0.5
        const shortfall = (better === 'higher' ? 1 - easiest : easiest) * (1 + 0.2 * difficulty) * (1 - gain)
        const values = seeds.map((seed) => {
          const fault = shortfall * (1 + wobble(`${taskTitle}|${metric}|${condition}|${name}|${seed}`))
          return round(better === 'higher' ? 1 - fault : fault)
        })
        return { metric, condition, method: name, values }
      }),
    ),
  )
}

/** A number in ±0.15 that depends on nothing but the text. */
function wobble(text: string): number {
  return (Number.parseInt(sha256(text).slice(0, 8), 16) / 0xffffffff - 0.5) * 0.3
}

export function describeValues(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean: round(mean), std: round(Math.sqrt(squares / (values.length - 1))) }
}

export function isHigherBetter(metrics: StudyLabels['metrics'], name: string): boolean {
  return metrics.some((metric) => metric.name === name && metric.better === 'higher')
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
