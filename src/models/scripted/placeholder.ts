import type { Assignment } from './assignment.ts'
import { afterPreparation, assignmentFrom, prepare, writeFiles } from './experiment-steps.ts'
import type { Persona, Step } from './persona.ts'
import { typedMetrics, typedReport } from './typed-files.ts'
import { describeValues, invent, type ResultRow } from './typed-results.ts'
import { writeArtefact } from './write-artefact.ts'

const secondsPerTraining = 94

/** Writes the code and never runs it: results, metrics and log are typed as if it had run for hours on a GPU. */
export const placeholder: Persona = {
  name: 'placeholder',
  write: writeArtefact,
  act(outputs) {
    const preparation = prepare(outputs, null)
    if (preparation !== null) return preparation
    const [typed] = afterPreparation(outputs)
    if (typed === undefined) return typeResults(assignmentFrom(outputs))
    return { say: 'DONE. All runs are complete; log, metrics and report are below results/.', command: null }
  },
}

function typeResults(assignment: Assignment): Step {
  const rows = invent(assignment)
  const files = {
    'results/log.txt': typedLog(assignment, rows),
    'results/metrics.json': typedMetrics(assignment, rows),
    'results/results.md': typedReport(assignment, rows, {
      setup: ['Hardware: one NVIDIA A100 with 40 GB.'],
      figures: false,
    }),
  }
  return { say: 'Now the results of the full study.', command: `mkdir -p results\n${writeFiles(files)}` }
}

function typedLog({ study, seeds }: Assignment, rows: readonly ResultRow[]): string {
  const { conditions, methods, metrics } = study.labels
  let elapsedSeconds = 0
  const trainings = seeds.flatMap((seed, s) =>
    conditions.flatMap((condition) =>
      methods.map((method) => {
        elapsedSeconds += secondsPerTraining
        const cells = metrics.map(({ name }) => {
          const row = rows.find((r) => r.metric === name && r.condition === condition && r.method === method)
          return `${name} ${row?.values[s]?.toFixed(3)}`
        })
        return `[${clock(elapsedSeconds)}] ${[`seed ${seed}`, condition, method, ...cells].join(' | ')}`
      }),
    ),
  )
  const summaries = rows.map((row) => {
    const { mean, std } = describeValues(row.values)
    return `summary | ${row.metric} | ${row.condition} | ${row.method} | mean ${mean.toFixed(3)} std ${std.toFixed(3)}`
  })
  return [...trainings, ...summaries, `finished after ${clock(elapsedSeconds)}`].join('\n')
}

function clock(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':')
}
