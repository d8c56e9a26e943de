import { access, constants, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import pc from 'picocolors'
import { describeError, PrerequisiteError } from '../../base/errors.ts'
import { coderPrograms } from '../../coders/index.ts'
import { findProgram } from '../../coders/find-program.ts'
import { providers } from '../../models/index.ts'
import { openCgroup } from '../../sandboxes/cgroups.ts'
import { defaultLimits, sandboxes } from '../../sandboxes/index.ts'
import { verifyTasks } from '../../tasks/task-set.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { version } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

export const registerDoctor: Register = (program, run) => {
  program
    .command('doctor')
    .description('what is installed and which keys are set; never their values')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: { logDir: string; json?: boolean }) => run((context) => examine(flags.logDir, context), flags))
}

async function examine(logDir: string, context: CliContext): Promise<CommandResult> {
  const coders = await Promise.all(Object.values(coderPrograms).map(examineCoder))
  const checks: Check[] = [
    checkNode(),
    ...(await checkSandboxes()),
    await checkLimits(),
    ...coders.map(checkCoder),
    await checkLogDir(logDir),
    await checkTasks(context.taskFolder),
    ...checkKeys(context.secrets),
  ]
  const { green, yellow } = pc.createColors(context.style.colors)
  const nameWidth = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.map(
    ({ name, ok, detail }) => `${ok ? green('ok') : yellow('--')}  ${name.padEnd(nameWidth)}  ${detail}\n`,
  )
  const machine = `${availableParallelism()} processors, ${Math.round(totalmem() / 1024 ** 3)} GiB memory`
  return {
    text: `mlrbench ${version} on Node ${process.version}, ${process.platform} ${process.arch}, ${machine}\n${lines.join('')}`,
    json: { version, node: process.version, platform: process.platform, checks, coders },
    exitCode: 0,
  }
}

const oldestNode = 24

function checkNode(): Check {
  const major = Number.parseInt(process.versions.node, 10)
  return {
    name: 'Node',
    ok: major >= oldestNode,
    detail: `${process.version}${major >= oldestNode ? '' : `; ${oldestNode} or later is needed`}`,
  }
}

async function checkSandboxes(): Promise<Check[]> {
  return Promise.all(
    Object.entries(sandboxes).map(async ([name, sandbox]) => {
      const reason = await sandbox.unavailable({ name: null })
      const note = name === 'host' ? 'works, and isolates nothing: only when named' : 'works'
      return { name: `sandbox ${name}`, ok: reason === null, detail: reason ?? note }
    }),
  )
}

/** What the kernel itself limits for us; containers have their engine for that. */
async function checkLimits(): Promise<Check> {
  const group = await openCgroup(defaultLimits)
  const held = [...group.controls].toSorted()
  await group[Symbol.asyncDispose]()
  const rest = ['cpu', 'memory', 'pids'].filter((name) => !held.some((control) => control === name))
  const detail =
    rest.length === 0
      ? 'control groups hold memory, processes and CPU'
      : `control groups hold ${held.join(' and ') || 'nothing'} here; memory and processes are watched instead, and the CPU is ${rest.includes('cpu') ? 'not limited' : 'limited'}`
  return { name: 'limits', ok: rest.length === 0, detail }
}

interface CoderState {
  readonly kind: string
  /** Null when it cannot be used; `problem` then says why. */
  readonly program: string | null
  readonly version: string | null
  readonly testedVersion: string
  readonly install: string
  readonly problem: string | null
}

/** Runs nothing but `--version`. */
async function examineCoder(program: (typeof coderPrograms)[keyof typeof coderPrograms]): Promise<CoderState> {
  const { kind, testedVersion, install } = program
  try {
    const { path, version: found } = await findProgram(program, null)
    return { kind, program: path, version: found, testedVersion, install, problem: null }
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error
    return { kind, program: null, version: null, testedVersion, install, problem: describeError(error) }
  }
}

function checkCoder({ kind, program, version: found, testedVersion, problem }: CoderState): Check {
  const tried = found === testedVersion ? '' : `; tried with ${testedVersion}`
  const detail = problem ?? `${found ?? 'of a version it does not tell'}${tried}, ${program}`
  return { name: `coder ${kind}`, ok: problem === null, detail }
}

/** A run makes the folder it needs, so what counts is the nearest one that is there. */
async function checkLogDir(logDir: string): Promise<Check> {
  const name = 'log dir'
  for (let folder = resolve(logDir); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null)
    if (found === null && folder !== dirname(folder)) continue
    const ok =
      found?.isDirectory() === true &&
      (await access(folder, constants.W_OK).then(
        () => true,
        () => false,
      ))
    return { name, ok, detail: ok ? logDir : `${logDir} cannot be written: choose another --log-dir` }
  }
}

async function checkTasks(folder: string): Promise<Check> {
  const { identical, expected } = await verifyTasks(folder)
  const detail = `${identical} of ${expected} in ${folder}${identical === expected ? '' : '; fetch them with: mlrbench tasks pull'}`
  return { name: 'MLR-Bench tasks', ok: identical === expected, detail }
}

function checkKeys(secrets: CliContext['secrets']): Check[] {
  return Object.entries(providers).flatMap(([name, { keyVariable }]) => {
    if (keyVariable === null) return []
    const isSet = Boolean(secrets[keyVariable])
    return [{ name: `key for ${name}`, ok: isSet, detail: `${keyVariable} is ${isSet ? 'set' : 'not set'}` }]
  })
}
