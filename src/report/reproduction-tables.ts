import { plain } from '../base/text.ts'
import type { Reproduction, ResultValue } from '../schema/audit.ts'
import { formatDuration, formatNumberOf } from './format.ts'
import type { Table } from './table.ts'

/** Values shown side by side; the rest stands in the record. */
const mostShown = 20

const reproductionWords: Readonly<Record<Reproduction['outcome'], string>> = {
  exact: 'the same values',
  'within-spread': 'the same values, as far as new runs agree with each other',
  different: 'different values',
  'could-not-run': 'could not be run again',
}

/** What was run, as lines of text. */
export function describeReproduction(record: Reproduction): string {
  const { subject, outcome, reason, commands, source, sandbox, runs, claims, environment } = record
  const because = reason === '' ? '' : `: ${reason}`
  const said = {
    record: 'by the record of the session',
    given: 'as given',
    readme: 'by the readme',
    name: 'by its name',
  }[source]
  const ran = runs.map(
    ({ exitCode, durationMs }) =>
      `${exitCode === null ? 'ended by a limit' : `exit ${exitCode}`} after ${formatDuration(durationMs)}`,
  )
  return [
    `${subject}: ${reproductionWords[outcome]}${because}`,
    ...(commands.length === 0 ? [] : [`Run again (${said}): ${commands.join(' ; ')}`]),
    ...(ran.length === 0 ? [] : [`In ${sandbox}: ${ran.join(', ')}`]),
    ...(claims === null || claims.traced === 0
      ? []
      : [
          `Of ${formatNumberOf(claims.traced, 'result')} of the documents that were traced to these files, ${claims.reproduced} came out again and ${claims.different} did not.`,
        ]),
    ...(environment === null
      ? []
      : environment.differences.length === 0
        ? ['The surroundings are those that were recorded then.']
        : [
            'The surroundings differ from those that were recorded then:',
            ...environment.differences.map((line) => `  ${line}`),
          ]),
  ]
    .map(plain)
    .join('\n')
}

/** Files by outcome, and the values that are not exact side by side. */
export function reproductionTables({ files, comparisons, notes }: Reproduction): Table[] {
  const unequal = comparisons.filter(({ outcome }) => outcome !== 'exact')
  const shown = unequal.slice(0, mostShown)
  const total = files.reduce((sum, file) => sum + file.different + file.missing + file.withinSpread, 0)
  const told = files.reduce((sum, file) => sum + file.exact, total)
  return [
    ...(files.length === 0 ? [] : [fileTable(files, told === 0 ? ['No value was compared.'] : notes)]),
    ...(shown.length === 0
      ? []
      : [
          {
            title: 'Values that are not the same',
            columns: ['file', 'place', 'was', 'is now', 'new runs apart by', 'outcome'],
            rows: shown.map(({ path, place, before, after, spread, outcome }) => [
              path,
              place === '' ? '(whole file)' : place,
              formatValue(before),
              formatValue(after),
              spread === 0 ? null : formatValue(spread),
              outcome,
            ]),
            notes:
              total > shown.length && unequal.length > shown.length
                ? [`${total - shown.length} more; the record (--json) has up to 2,000.`]
                : [],
          },
        ]),
    ...(files.length === 0 && notes.length > 0
      ? [{ title: 'Notes', columns: ['note'], rows: notes.map((note) => [note]), notes: [] }]
      : []),
  ]
}

function fileTable(files: Reproduction['files'], notes: readonly string[]): Table {
  return {
    title: 'Result files',
    columns: ['file', 'exact', 'within spread', 'different', 'missing', 'left out', 'only new'],
    rows: files.map(({ path, exact, withinSpread, different, missing, leftOut, extra }) => [
      path,
      ...[exact, withinSpread, different, missing, leftOut, extra].map(String),
    ]),
    notes,
  }
}

function formatValue(value: ResultValue | null): string | null {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : value
}
