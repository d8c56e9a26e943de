import { constants } from 'node:fs'
import { access, open, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing, readTextIfPresent } from '../base/files.ts'
import type { CoderProgram } from './coder-program.ts'
import { readProgramVersion } from './program-version.ts'

/** What is needed of a coder to find its program. */
export type Installable = Pick<CoderProgram, 'kind' | 'displayName' | 'executable' | 'runtime' | 'install'>

export interface InstalledProgram {
  /** Real path on this machine. */
  readonly path: string
  /** Files it consists of, by their path inside a sandbox. */
  readonly readOnly: Readonly<Record<string, string>>
  /** Paths inside that start it, its interpreter first where it has one: `node` is on every sandbox's `PATH`. */
  readonly start: readonly string[]
  /** Null when it does not tell. */
  readonly version: string | null
}

/** Once per process: a program that changes under a run is not noticed, and its version is not asked for again and again. */
const found = new Map<string, Promise<InstalledProgram>>()

/**
 * Finds a coder's program and what else of this machine it needs.
 * @param given path of the program, or a name to look for; null looks for the usual name on the `PATH`
 * @throws PrerequisiteError with how to install it
 */
export async function findProgram(program: Installable, given: string | null): Promise<InstalledProgram> {
  const searchPath = process.env['PATH'] ?? ''
  const key = JSON.stringify([program.kind, given, searchPath])
  const known = found.get(key) ?? find(program, given, searchPath)
  found.set(key, known)
  try {
    return await known
  } catch (error) {
    // it may be installed by the next time
    found.delete(key)
    throw error
  }
}

async function find(program: Installable, given: string | null, searchPath: string): Promise<InstalledProgram> {
  const name = given ?? program.executable
  const named = name.includes('/') ? await realProgram(resolve(name)) : await searchFor(name, searchPath)
  if (named === null)
    throw new PrerequisiteError(
      given === null
        ? `${program.displayName} is not installed: no "${name}" on the PATH; install it with: ${program.install}`
        : `${program.displayName}: there is no program "${given}": correct the coder's "program", or install it with: ${program.install}`,
    )
  const parts = await (program.runtime === 'python' ? partsOfPython : partsOfNode)(program, named)
  return { path: named, ...parts, version: await readProgramVersion(startHere(parts), program) }
}

/** The same start on this machine. */
function startHere({ start, readOnly }: Parts): string[] {
  return start.map((argument) => {
    if (argument === 'node') return process.execPath
    const inside = Object.keys(readOnly).find((shown) => argument === shown || argument.startsWith(`${shown}/`))
    return inside === undefined ? argument : join(readOnly[inside] ?? '', relative(inside, argument))
  })
}

/** Only absolute folders of the `PATH`: whatever lies in the working folder is nobody's installed program. */
async function searchFor(name: string, searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(delimiter)) {
    const path = isAbsolute(folder) ? await realProgram(join(folder, name)) : null
    if (path !== null) return path
  }
  return null
}

/** Null when there is none that may be executed. */
async function realProgram(path: string): Promise<string | null> {
  try {
    await access(path, constants.X_OK)
    return await realpath(path)
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'EACCES')) return null
    throw error
  }
}

type Parts = Pick<InstalledProgram, 'readOnly' | 'start'>

const insideFolder = ({ kind }: Installable): string => `/opt/coders/${kind}`

/** A package with all it depends on, native binaries included, or a single file. */
async function partsOfNode(program: Installable, path: string): Promise<Parts> {
  const kind = await readBeginning(path)
  if (kind === 'other script')
    throw new PrerequisiteError(
      `${path} is a script that starts ${program.displayName}, which a sandbox cannot follow: name the program itself as the coder's "program", or install it with: ${program.install}`,
    )
  const tree = packageTree(path)
  const root = tree ?? path
  const inside = `${insideFolder(program)}/${basename(root)}`
  const entry = tree === null ? inside : join(inside, relative(tree, path))
  return { readOnly: { [inside]: root }, start: kind === 'node script' ? ['node', entry] : [entry] }
}

/**
 * The folder that holds a package and what it depends on: npm puts both into one `node_modules`, pnpm into one `.pnpm`. What else was
 * installed with them is shown too; nothing outside is. Null for a file that stands alone.
 */
function packageTree(path: string): string | null {
  const end = /\/(?:\.pnpm|node_modules)(?=\/)/.exec(path)
  return end === null ? null : path.slice(0, end.index + end[0].length)
}

async function readBeginning(path: string): Promise<'binary' | 'node script' | 'other script'> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0)
    const [line = ''] = buffer.subarray(0, bytesRead).toString('latin1').split('\n')
    if (!line.startsWith('#!')) return 'binary'
    return /[/\s]node(?:\s|$)/.test(line) ? 'node script' : 'other script'
  } finally {
    await file.close()
  }
}

/** A virtual environment, which may lie anywhere, with the Python it was made of, which must stay where it is. */
async function partsOfPython(program: Installable, path: string): Promise<Parts> {
  const root = dirname(dirname(path))
  if ((await readTextIfPresent(join(root, 'pyvenv.cfg'))) === null)
    throw new PrerequisiteError(
      `${path} lies in no virtual environment, so that what it needs cannot be told: install ${program.displayName} with: ${program.install}`,
    )
  const prefix = dirname(dirname(await realpath(join(root, 'bin/python'))))
  for (const shown of [root, prefix])
    if (isHomeOrAbove(shown))
      throw new PrerequisiteError(
        `${program.displayName} lies right in ${shown}, and a sandbox would show all of it: install it into a folder of its own with: ${program.install}`,
      )
  const inside = insideFolder(program)
  const python = prefix === '/usr' ? {} : { [prefix]: prefix }
  // named twice, since the first line of its own script tells a path of this machine
  return { readOnly: { [inside]: root, ...python }, start: [`${inside}/bin/python`, `${inside}/bin/${basename(path)}`] }
}

/** Folders that hold the user's own files, or hold the folder that does. */
function isHomeOrAbove(folder: string): boolean {
  const down = relative(folder, homedir())
  return down === '' || (!down.startsWith('..') && !isAbsolute(down))
}
