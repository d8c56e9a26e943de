import { availableParallelism, totalmem } from 'node:os'
import { Option } from 'commander'
import { collectFacts } from '../../audit/collect-facts.ts'
import { auditFacts } from '../../audit/audit.ts'
import { findWorkspace } from '../../audit/reproduce/find-workspace.ts'
import type { ReproductionPlace } from '../../audit/reproduce/new-run.ts'
import { reproduce } from '../../audit/reproduce/reproduce.ts'
import { readFolderSubject } from '../../audit/subject/read-folder.ts'
import { readTrialSubject } from '../../audit/subject/read-trial.ts'
import { PrerequisiteError } from '../../base/errors.ts'
import { verdictWords } from '../../report/audit-tables.ts'
import { describeReproduction, reproductionTables } from '../../report/reproduction-tables.ts'
import { renderText } from '../../report/table.ts'
import { keepReproduction } from '../../runs/audit-store.ts'
import { defaultLimits, detectSandbox, type SandboxName, sandboxes } from '../../sandboxes/index.ts'
import type { Audit, Reproduction } from '../../schema/audit.ts'
import type { SandboxSpec } from '../../schema/config.ts'
import { type AuditTarget, findAuditTargets } from '../audit-targets.ts'
import type { CliContext, CommandResult } from '../context.ts'
import {
  collectList,
  jsonOption,
  logDirOption,
  parseGpus,
  parsePositiveInteger,
  parsePositiveNumber,
  type Register,
} from '../options.ts'
import { parseNetwork } from '../parse-network.ts'

interface Flags {
  readonly command?: string
  readonly repeats: number
  readonly sandbox?: SandboxName
  readonly network?: string[]
  readonly image?: string
  readonly gpus?: 'all' | number
  readonly memoryGb?: number
  readonly cpus?: number
  readonly minutes?: number
  readonly logDir: string
  readonly json?: boolean
}

const gibibyte = 1024 ** 3
const defaultMinutes = 30

export const registerReproduce: Register = (program, run) => {
  program
    .command('reproduce')
    .description('run the code of a work again in a fresh sandbox, and compare what it gives with its result files')
    .argument('<target>', 'a trial as <run>:<trial> or by its folder, or any folder with a paper and code')
    .option(
      '--command <shell>',
      'what to run, at the top of the workspace (default: what the session ran to write the results)',
    )
    .addOption(
      new Option('--repeats <n>', 'most new runs, where the first is not exact')
        .argParser(parsePositiveInteger)
        .default(3),
    )
    .optionsGroup('Experiments:')
    .addOption(
      new Option(
        '--sandbox <kind>',
        "where it runs (default: the run's own if it isolates, or what isolates here)",
      ).choices(Object.keys(sandboxes)),
    )
    .addOption(
      new Option('--network <access>', 'what it reaches: none, full or a list of hosts (default: none)').argParser(
        collectList,
      ),
    )
    .option('--image <image>', 'of containers and apptainer: what it runs in')
    .addOption(
      new Option('--gpus <n>', 'of containers and apptainer: how many GPUs, or all (default: 0)').argParser(parseGpus),
    )
    .addOption(
      new Option(
        '--memory-gb <n>',
        `memory (default: the run's own, or ${defaultLimits.memoryBytes / gibibyte})`,
      ).argParser(parsePositiveNumber),
    )
    .addOption(
      new Option('--cpus <n>', `processors (default: the run's own, or ${defaultLimits.cpus})`).argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(
      new Option(
        '--minutes <n>',
        `time limit of each command (default: the run's own, or ${defaultMinutes})`,
      ).argParser(parsePositiveNumber),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((target: string, flags: Flags) => run((context) => reproduceTarget(target, flags, context), flags))
}

async function reproduceTarget(word: string, flags: Flags, context: CliContext): Promise<CommandResult> {
  const targets = await findAuditTargets(word, flags.logDir)
  const [target] = targets
  if (target === undefined || targets.length > 1)
    throw new PrerequisiteError(
      `name one trial: ${word} has ${targets.length}${target === undefined ? '' : `, such as ${target.name}`}`,
    )
  const { folder, sandbox, commandTimeoutMs, environment } =
    target.trial === null
      ? { folder: word, sandbox: null, commandTimeoutMs: null, environment: null }
      : await findWorkspace(target.trial.runFolder, target.trial.id)
  const subject =
    target.trial === null
      ? await readFolderSubject(word)
      : await readTrialSubject(target.trial.runFolder, target.trial.id)
  const facts = await collectFacts(subject)
  const record = await reproduce(
    { facts, folder, environment },
    await choosePlace(flags, { sandbox, commandTimeoutMs }, context.note),
    {
      command: flags.command ?? null,
      repeats: flags.repeats,
      createdAt: new Date().toISOString(),
      note: context.note,
      signal: context.signal,
    },
  )
  context.signal.throwIfAborted()
  const audit = await keep(target, record, () => auditFacts(facts, { id: record.id, outcome: record.outcome }))
  const verdict =
    audit === null
      ? ''
      : `\nThe audit with this: ${verdictWords[audit.verdict]} (score ${audit.score.fab.toFixed(2)})\n`
  const tables = reproductionTables(record)
  return {
    text: `${describeReproduction(record)}\n${tables.length === 0 ? '' : `\n${renderText(tables, context.style)}\n`}${verdict}`,
    json: record,
    exitCode: record.outcome === 'exact' || record.outcome === 'within-spread' ? 0 : 1,
  }
}

/** A trial keeps its reproduction, and its audit is made anew with it. */
async function keep(target: AuditTarget, record: Reproduction, audit: () => Audit): Promise<Audit | null> {
  if (target.trial === null) return audit()
  await keepReproduction(target.trial.runFolder, target.trial.id, record)
  return (await target.audit())?.audit ?? null
}

/**
 * Flags first, then what the run had, then what suits an ordinary machine. A run's own record may come from anyone, so it is not what takes the
 * protection away, opens the network, shows a folder or chooses an image of this machine, or asks for more than there is; what it had and is
 * not given is told.
 */
async function choosePlace(
  flags: Flags,
  work: { readonly sandbox: SandboxSpec | null; readonly commandTimeoutMs: number | null },
  note: (line: string) => void,
): Promise<ReproductionPlace> {
  const { sandbox: spec, commandTimeoutMs } = work
  const own = spec === null || spec.kind === 'host' ? null : spec.kind
  const kind = flags.sandbox ?? own ?? (await detectSandbox())
  const { memoryBytes, cpus, processes, diskBytes } = spec ?? defaultLimits
  const withheld = spec === null ? [] : describeWithheld(flags, spec)
  if (withheld.length > 0) note(`the run had ${withheld.join(', ')}: to give it the same, say so`)
  return {
    kind,
    obstacle:
      kind === null
        ? `no sandbox works here: ${await sandboxes.bubblewrap.unavailable()}. To run it on this machine without any protection, say so: --sandbox host`
        : '',
    limits: {
      memoryBytes:
        flags.memoryGb === undefined ? Math.min(memoryBytes, totalmem()) : Math.round(flags.memoryGb * gibibyte),
      cpus: flags.cpus ?? Math.min(cpus, availableParallelism()),
      processes: Math.min(processes, mostProcesses),
      diskBytes: Math.min(diskBytes, Math.max(mostDiskBytes, defaultLimits.diskBytes)),
    },
    network: flags.network === undefined ? 'none' : parseNetwork(flags.network),
    image: flags.image ?? null,
    gpus: flags.gpus ?? 0,
    environment: spec?.environment ?? {},
    timeLimitMs:
      flags.minutes === undefined ? (commandTimeoutMs ?? defaultMinutes * 60_000) : Math.round(flags.minutes * 60_000),
  }
}

const mostProcesses = 4_096
const mostDiskBytes = 100 * gibibyte

function describeWithheld(flags: Flags, spec: SandboxSpec): string[] {
  const { network, image, gpus, readOnly } = spec
  return [
    ...(flags.network !== undefined || network === 'none'
      ? []
      : [`--network ${typeof network === 'string' ? network : network.allow.join(',')}`]),
    ...(flags.image !== undefined || image === null ? [] : [`--image ${image}`]),
    ...(flags.gpus !== undefined || gpus === 0 ? [] : [`--gpus ${gpus}`]),
    ...Object.keys(readOnly).map((folder) => `a shared folder at ${folder}`),
  ]
}
