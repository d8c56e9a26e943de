import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { comparisonTables } from '../../report/comparison-tables.ts'
import { renderMarkdown, renderText } from '../../report/table.ts'
import { rubricIds } from '../../rubrics/rubric.ts'
import { compareAgents, defaultMargin, type PairedComparison } from '../../studies/compare.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { collectList, jsonOption, logDirOption, parsePositiveNumber, type Register } from '../options.ts'
import { selectAgents } from '../select-agents.ts'

interface Flags {
  readonly stage?: string[]
  readonly margin: number
  readonly format: 'text' | 'md' | 'json'
  readonly logDir: string
  readonly json?: boolean
}

export const registerCompare: Register = (program, run) => {
  program
    .command('compare')
    .description('one agent against another, paired by task: differences with intervals')
    .argument('<A>', 'run:agent, or a run with one agent')
    .argument('<B>', 'run:agent, or a run with one agent')
    .addOption(
      new Option('-s, --stage <rubrics>', `only these rubrics, of: ${rubricIds.join(', ')}`).argParser(collectList),
    )
    .addOption(
      new Option('--margin <points>', 'a difference that would not matter; set it before you look')
        .argParser(parsePositiveNumber)
        .default(defaultMargin),
    )
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(['text', 'md', 'json']).default('text'),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((a: string, b: string, flags: Flags) =>
      run((context) => compare([a, b], flags, context), { json: flags.json === true || flags.format === 'json' }),
    )
}

async function compare(
  names: readonly [string, string],
  { stage, format, margin, logDir }: Flags,
  { style }: CliContext,
): Promise<CommandResult> {
  const { tables, first, second } = await selectAgents(logDir, names)
  const chosen = tables.filter(({ rubric }) => stage?.includes(rubric) ?? true)
  const comparison = compareAgents(chosen, { first, second }, { margin })
  if (comparison.comparisons.length === 0)
    throw new PrerequisiteError(
      `no task was done by both ${names[0]} and ${names[1]} and marked for both by the same judge: judge them with mlrbench judge`,
    )
  const rendered = comparisonTables(comparison)
  const words = [
    describe(comparison.comparisons, { first, second }),
    ...describeEquivalence(comparison.comparisons, margin),
  ].join('\n')
  return {
    text:
      format === 'md' ? `${renderMarkdown(rendered)}\n\n${words}\n` : `${renderText(rendered, style)}\n\n${words}\n`,
    json: { schema: 'mlrbench/comparison-report@1', margin, ...comparison },
    exitCode: 0,
  }
}

const significant = 0.05

function describe(
  comparisons: readonly PairedComparison[],
  { first, second }: { first: string; second: string },
): string {
  const clear = comparisons.filter(({ pHolm }) => pHolm < significant)
  if (clear.length === 0)
    return `No difference between ${first} and ${second} stands up to the number of comparisons made. That is not evidence that they are equal: see the intervals, and mlrbench power for the tasks it would take.`
  return clear
    .map(
      ({ rubric, view, dimension, difference }) =>
        `${difference > 0 ? first : second} is marked higher on ${rubric} ${dimension}${view === 'full' ? '' : ` (${view} view)`}, by ${Math.abs(difference).toFixed(2)} points.`,
    )
    .join('\n')
}

function describeEquivalence(comparisons: readonly PairedComparison[], margin: number): string[] {
  const same = comparisons.filter(({ equivalence }) => equivalence.equivalent === true)
  if (same.length === 0) return []
  const names = same.map(({ rubric, dimension }) => `${rubric} ${dimension}`).join(', ')
  return [`Shown to be the same within ±${margin} points, by two one-sided t-tests over tasks at 5 % each: ${names}.`]
}
