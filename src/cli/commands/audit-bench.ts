import { InvalidArgumentError, Option } from 'commander'
import { auditBenchTables } from '../../report/audit-bench-tables.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderMarkdown, renderText } from '../../report/table.ts'
import { isRunOf, readJudgedClaims } from '../../studies/audit-bench/fabscore.ts'
import { findInputs } from '../../studies/audit-bench/inputs.ts'
import { matchLabels, readLabels } from '../../studies/audit-bench/labels.ts'
import { type BenchPart, benchParts, runBench } from '../../studies/audit-bench/run-bench.ts'
import { PrerequisiteError } from '../../base/errors.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { collectList, jsonOption, logDirOption, parseNatural, parsePositiveInteger, type Register } from '../options.ts'

interface Flags {
  readonly labels?: string
  readonly fabscore?: string
  readonly seed: number
  readonly planted: number
  readonly together: number
  readonly only?: BenchPart[]
  readonly ablation?: boolean
  readonly format: 'text' | 'md' | 'json'
  readonly logDir: string
  readonly json?: boolean
}

export const registerAuditBench: Register = (program, run) => {
  program
    .command('audit-bench')
    .description('how good the audit is: planted changes it must find, and labels of whole runs')
    .argument('<runs or folders...>', 'folders with a paper and code, or ids or folders of runs')
    .option('--labels <json>', 'which runs are fabricated; changes are planted in the others alone')
    .option('--fabscore <jsonl>', "FabScore's claims, to compare with claim by claim")
    .addOption(new Option('--seed <n>', 'of what is planted').argParser(parseNatural).default(19955))
    .addOption(
      new Option('--planted <k>', 'changes of each kind to a run, at most').argParser(parsePositiveInteger).default(20),
    )
    .addOption(
      new Option('--together <n>', 'changes of numbers to one copy, far apart; 1 keeps them wholly apart')
        .argParser(parsePositiveInteger)
        .default(5),
    )
    .addOption(new Option('--only <parts>', `of: ${benchParts.join(', ')}`).argParser(parseParts))
    .option('--ablation', 'audit the planted copies a second time without their session')
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(['text', 'md', 'json']).default('text'),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((names: string[], flags: Flags) =>
      run((context) => bench(names, flags, context), { json: flags.json === true || flags.format === 'json' }),
    )
}

const isPart = (name: string): name is BenchPart => (benchParts as readonly string[]).includes(name)

function parseParts(value: string, previous: BenchPart[] = []): BenchPart[] {
  const parts = collectList(value)
  const wrong = parts.find((part) => !isPart(part))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`there is no "${wrong}"; give some of ${benchParts.join(', ')}`)
  return [...previous, ...parts.filter(isPart)]
}

async function bench(
  names: readonly string[],
  flags: Flags,
  { note, style, signal }: CliContext,
): Promise<CommandResult> {
  const parts = flags.only ?? benchParts
  const inputs = await findInputs(names, flags.logDir)
  const labels =
    flags.labels === undefined
      ? null
      : matchLabels(
          await readLabels(flags.labels),
          inputs.map(({ name }) => name),
        )
  const judged = flags.fabscore === undefined ? null : await readJudgedClaims(flags.fabscore)
  if (flags.only?.includes('runs') === true && labels === null)
    throw new PrerequisiteError('--only runs needs --labels: which runs are fabricated')
  if (flags.only?.includes('fabscore') === true && judged === null)
    throw new PrerequisiteError("--only fabscore needs --fabscore: FabScore's claims")
  if (
    judged !== null &&
    parts.includes('fabscore') &&
    !judged.some((claim) => inputs.some(({ name }) => isRunOf(name, claim)))
  )
    throw new PrerequisiteError(
      `no claim of ${flags.fabscore} is of the work that was given: it names runs such as end2end_${judged[0]?.agent}/${judged[0]?.task}`,
    )
  if (labels !== null && labels.unused.length > 0)
    note(
      `${formatNumberOf(labels.unused.length, 'label')} of work that was not given: ${labels.unused.slice(0, 3).join(', ')}…`,
    )
  const unlabelled = labels === null ? [] : inputs.filter(({ name }) => !labels.byName.has(name))
  if (unlabelled.length > 0)
    note(`Without a label, and so only audited: ${unlabelled.map(({ name }) => name).join(', ')}`)
  if (labels === null && parts.includes('plant'))
    note('Without --labels every run is taken for clean: what is flagged before anything is planted counts as wrong.')
  const result = await runBench(
    {
      inputs,
      parts,
      labels,
      judged,
      planting: { count: flags.planted, together: flags.together, seed: flags.seed },
      withAblation: flags.ablation === true,
    },
    { note, signal },
  )
  const tables = auditBenchTables(result)
  return {
    text: flags.format === 'md' ? `${renderMarkdown(tables)}\n` : `${renderText(tables, style)}\n`,
    json: result,
    exitCode: 0,
  }
}
