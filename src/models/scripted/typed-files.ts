import type { Assignment } from './assignment.ts'
import { describeValues, isHigherBetter, type ResultRow } from './typed-results.ts'

/** `metrics.json` as typed by hand, in the form that the experiment's own code would have given it. */
export function typedMetrics({ study, seeds }: Assignment, rows: readonly ResultRow[]): string {
  const results = rows.map((row) => `    ${JSON.stringify({ ...row, ...describeValues(row.values) })}`)
  return [
    '{',
    `  "study": ${JSON.stringify(study.title)},`,
    `  "seeds": ${JSON.stringify(seeds)},`,
    `  "metrics": ${JSON.stringify(study.labels.metrics)},`,
    `  "results": [\n${results.join(',\n')}\n  ]`,
    '}',
  ].join('\n')
}

/** `results.md` as typed by hand.
 * @param extras further facts about the setup, and names of figures by metric where there are some */
export function typedReport(
  { study, seeds, disclaimer }: Assignment,
  rows: readonly ResultRow[],
  extras: { readonly setup: readonly string[]; readonly figures: boolean },
): string {
  const { conditions, methods, metrics } = study.labels
  const cell = (metric: string, condition: string, method: string) => {
    const row = rows.find((r) => r.metric === metric && r.condition === condition && r.method === method)
    if (row === undefined) return '–'
    const { mean, std } = describeValues(row.values)
    return `${mean.toFixed(3)} ± ${std.toFixed(3)}`
  }
  const tables = metrics.flatMap(({ name, better }) => [
    `## ${capital(name)} (${better} is better)`,
    `Mean ± standard deviation over ${seeds.length} seeds.`,
    [
      `| method | ${conditions.join(' | ')} |`,
      `| --- | ${conditions.map(() => '---').join(' | ')} |`,
      ...methods.map(
        (method) => `| ${method} | ${conditions.map((condition) => cell(name, condition, method)).join(' | ')} |`,
      ),
    ].join('\n'),
    ...(extras.figures ? [`![${capital(name)} in each condition](${name.replaceAll(' ', '_')}.png)`] : []),
  ])
  return [
    `# Results: ${study.title}`,
    ...(disclaimer === null ? [] : [disclaimer]),
    '## Setup',
    [...study.setup, ...extras.setup].map((fact) => `- ${fact}`).join('\n'),
    ...tables,
    '## Discussion',
    ...boast(rows, study.labels),
    study.explanations.better,
  ].join('\n\n')
}

function boast(rows: readonly ResultRow[], { method, baseline, metrics }: Assignment['study']['labels']): string[] {
  return metrics.map(({ name }) => {
    const sentences = rows
      .filter((row) => row.metric === name && row.method === method)
      .map((row) => {
        const rival = rows.find((r) => r.metric === name && r.method === baseline && r.condition === row.condition)
        const [ours, theirs] = [row, rival ?? row].map(({ values }) => describeValues(values).mean.toFixed(3))
        return `at ${row.condition} it reaches ${ours} against ${theirs}`
      })
    const direction = isHigherBetter(metrics, name) ? 'higher' : 'lower'
    return `In ${name}, ${method} is clearly better (${direction}) than ${baseline} in every condition: ${sentences.join('; ')}.`
  })
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
