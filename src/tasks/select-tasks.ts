import picomatch from 'picomatch'
import { PrerequisiteError } from '../base/errors.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'
import type { Task } from './load-tasks.ts'

export interface TaskSelection {
  /** Ids or globs, each entry possibly several with commas between. Empty or absent: every task. */
  readonly patterns?: readonly string[]
  /** Letter case does not matter. */
  readonly venue?: string | null
  readonly year?: number | null
  /** Only the ten tasks of the paper's end-to-end study. */
  readonly subset?: boolean
  /** At most this many, the first in order; 1 or more. */
  readonly limit?: number | null
  /** Used only to tell an unknown task from one that is not pulled yet. */
  readonly catalogue?: Catalogue
}

/**
 * The tasks that match one of the patterns and every filter, in the order given. An id is matched exactly, then without
 * regard to letter case; then the same for globs.
 * Throws a PrerequisiteError when a pattern matches nothing or nothing is left.
 */
export function selectTasks(tasks: readonly Task[], selection: TaskSelection): Task[] {
  const { venue = null, year = null, subset = false, limit = null } = selection
  if (limit !== null && !(Number.isInteger(limit) && limit >= 1)) {
    throw new PrerequisiteError(`The number of tasks must be a whole number from 1, not ${limit}.`)
  }
  const patterns = splitPatterns(selection.patterns ?? [])
  const ids = tasks.map((task) => task.id)
  const named = patterns.length === 0 ? null : new Set(patterns.flatMap((pattern) => matchPattern(pattern)))
  const selected = tasks.filter(
    (task) =>
      (named === null || named.has(task.id)) &&
      (venue === null || task.venue?.toLowerCase() === venue.toLowerCase()) &&
      (year === null || task.year === year) &&
      (!subset || task.inSubset),
  )
  if (selected.length === 0) throw new PrerequisiteError(nothingLeft())
  return limit === null ? selected : selected.slice(0, limit)

  function matchPattern(pattern: string): string[] {
    const matched = matchIds(ids, pattern)
    if (matched.length > 0) return matched
    if (matchIds(notPulledIds(), pattern).length > 0) {
      throw new PrerequisiteError(`"${pattern}" is a task of MLR-Bench, whose texts are not here: ${pullAdvice}.`)
    }
    const nearest = nearestIds(pattern, ids)
    const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
    throw new PrerequisiteError(`No task matches "${pattern}".${hint} "mlrbench tasks list" shows all of them.`)
  }

  function nothingLeft(): string {
    if (tasks.length === 0) return `There are no tasks here: ${pullAdvice}.`
    const filters = [
      ...(patterns.length > 0 ? [`pattern ${patterns.join(', ')}`] : []),
      ...(venue === null ? [] : [`venue ${venue}`]),
      ...(year === null ? [] : [`year ${year}`]),
      ...(subset ? ['in the subset'] : []),
    ].join('; ')
    if (!tasks.some((task) => task.source === 'mlr-bench')) {
      return `No task is left (${filters}): only MLR-Bench's tasks have a venue and a subset, and they are not here: ${pullAdvice}.`
    }
    const venues = [...new Set(tasks.flatMap((task) => (task.venue === null ? [] : [`${task.venue} ${task.year}`])))]
    return `No task is left (${filters}). There are tasks of ${venues.toSorted().join(', ')}.`
  }

  function notPulledIds(): string[] {
    const { catalogue = loadCatalogue() } = selection
    const here = new Set(ids)
    return catalogue.tasks.map((task) => task.id).filter((id) => !here.has(id))
  }
}

const pullAdvice = 'run "mlrbench tasks pull" to get them'

/** Splits at commas, but not at those inside braces: `{a,b}_x` is one glob. */
function splitPatterns(patterns: readonly string[]): string[] {
  return patterns
    .flatMap((entry) => entry.split(/,(?![^{]*\})/))
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
}

function matchIds(ids: readonly string[], pattern: string): string[] {
  const lower = pattern.toLowerCase()
  const attempts = [
    (id: string) => id === pattern,
    (id: string) => id.toLowerCase() === lower,
    picomatch(pattern),
    picomatch(pattern, { nocase: true }),
  ]
  for (const matches of attempts) {
    const matched = ids.filter((id) => matches(id))
    if (matched.length > 0) return matched
  }
  return []
}

/** At most three ids that the pattern may have meant: those that contain it, then those a few edits away. */
function nearestIds(pattern: string, ids: readonly string[]): string[] {
  const wanted = pattern.toLowerCase()
  const letters = wanted.replace(/[^a-z0-9]/g, '')
  return ids
    .map((id) => {
      const candidate = id.toLowerCase()
      const contains = letters.length >= 3 && candidate.replace(/[^a-z0-9]/g, '').includes(letters)
      return { id, distance: contains ? 0 : editDistance(wanted, candidate) }
    })
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id }) => id)
}

/** Levenshtein distance: insertions, deletions and substitutions of one UTF-16 unit. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
