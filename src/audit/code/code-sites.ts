import type { AuditFacts } from '../facts.ts'
import type { CodeBase, CodeFile } from './code.ts'
import { findConstantSites, type ConstantSite } from './constant-sites.ts'
import { findDrawSites } from './draw-sites.ts'
import type { DrawSite, Summaries } from './draw-walk.ts'
import { drawNames, drawOf } from './draws.ts'
import { indexFile } from './file-index.ts'
import { fieldOf, sourceOf } from './python-nodes.ts'
import type { LiteralSite } from './literal-site.ts'
import { findLiteralSites } from './literal-sites.ts'
import { reportedNames } from './reported-names.ts'

/** A file that ran, or may have run, with the step of the session where it stands when it is no file of the work. */
export interface RunFile {
  readonly file: CodeFile
  readonly step: number | null
}

/** Code that draws holds one of these: asked first, since most files hold none. */
const drawingWords = ['rand', 'Random', 'rng', 'rvs', 'secrets', 'torch.normal', 'Generator']

const known = new WeakMap<CodeBase, ReadonlyMap<CodeFile, readonly DrawSite[]>>()

/** Files that a run could have used: those that ran, and all of them where nothing says which did. Tests are none of them. */
export function runFiles(code: CodeBase): RunFile[] {
  const files = code.files.filter((file) => file.execution !== 'no' && !isTest(file.path))
  return [...files.map((file) => ({ file, step: null })), ...code.inline]
}

function isTest(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.startsWith('test_') || name.endsWith('_test.py') || name === 'conftest.py'
}

/** Where chance arrives under the names of results, in all files that ran; found once for a code base. */
export function drawSitesOf(facts: AuditFacts): ReadonlyMap<CodeFile, readonly DrawSite[]> {
  let sites = known.get(facts.code)
  if (sites === undefined) {
    sites = findAll(
      runFiles(facts.code).map(({ file }) => file),
      reportedNames(facts),
    )
    known.set(facts.code, sites)
  }
  return sites
}

const knownLiterals = new WeakMap<CodeBase, ReadonlyMap<CodeFile, readonly LiteralSite[]>>()

/** Numbers that stand in the place of results, in all files that ran; found once for a code base. */
export function literalSitesOf(facts: AuditFacts): ReadonlyMap<CodeFile, readonly LiteralSite[]> {
  let sites = knownLiterals.get(facts.code)
  if (sites === undefined) {
    const files = runFiles(facts.code).map(({ file }) => file)
    const isCalled = calledIn(files)
    sites = new Map(files.map((file) => [file, findLiteralSites(file, { isCalled })]))
    knownLiterals.set(facts.code, sites)
  }
  return sites
}

const knownConstants = new WeakMap<CodeBase, ReadonlyMap<CodeFile, readonly ConstantSite[]>>()

/** Constants in the place of computed results, in all files that ran; found once for a code base. */
export function constantSitesOf(facts: AuditFacts): ReadonlyMap<CodeFile, readonly ConstantSite[]> {
  let sites = knownConstants.get(facts.code)
  if (sites === undefined) {
    const files = runFiles(facts.code).map(({ file }) => file)
    const isCalled = calledIn(files)
    const options = { isCalled, isReported: reportedNames(facts), idleFunctions: idleIn(files, isCalled) }
    sites = new Map(files.map((file) => [file, findConstantSites(file, options)]))
    knownConstants.set(facts.code, sites)
  }
  return sites
}

/** Whether any code of the work that ran names a function. */
export function callsOf(code: CodeBase): (name: string) => boolean {
  return calledIn(runFiles(code).map(({ file }) => file))
}

function findAll(
  files: readonly CodeFile[],
  isReported: (name: string) => boolean,
): ReadonlyMap<CodeFile, readonly DrawSite[]> {
  const drawing = files.filter(draws)
  const sites = new Map<CodeFile, readonly DrawSite[]>()
  if (drawing.length === 0) return sites
  const isCalled = calledIn(files)
  const summaries: Summaries = new Map()
  for (const file of drawing) sites.set(file, findDrawSites(file, { summaries, isCalled, isReported }))
  // Files read again, or for the first time, are those that use a function of another file that gives chance back.
  const giving = new Map<string, Set<string>>()
  for (const [name, definitions] of summaries) {
    for (const [definition, value] of definitions) {
      const path = definition.slice(0, definition.lastIndexOf(':'))
      if (value.draws.length > 0) giving.set(name, (giving.get(name) ?? new Set()).add(path))
    }
  }
  for (const file of files) {
    const usesOthers = [...indexFile(file).used].some((name) => {
      const paths = giving.get(name)
      return paths !== undefined && (paths.size > 1 || !paths.has(file.path))
    })
    if (usesOthers) sites.set(file, findDrawSites(file, { summaries, isCalled, isReported }))
  }
  return sites
}

/** Functions that are defined and that nothing calls. */
function idleIn(files: readonly CodeFile[], isCalled: (name: string) => boolean): string[] {
  return files.flatMap((file) =>
    indexFile(file).functions.flatMap((node) => {
      const name = fieldOf(node, 'name')
      const called = name === null ? '' : sourceOf(name, file.text)
      return called === '' || isCalled(called) || indexFile(file).hooks.has(node) ? [] : [called]
    }),
  )
}

/** Whether code that ran names a function: one that nobody names never ran. Python itself calls what begins with `__`. */
function calledIn(files: readonly CodeFile[]): (name: string) => boolean {
  const used = new Set<string>()
  for (const file of files) for (const name of indexFile(file).used) used.add(name)
  return (name) => used.has(name) || name.startsWith('__')
}

function draws(file: CodeFile): boolean {
  if (!drawingWords.some((word) => file.text.includes(word))) return false
  const names = drawNames(file)
  return indexFile(file).calls.some((call) => drawOf(call, { text: file.text, names }) !== null)
}
