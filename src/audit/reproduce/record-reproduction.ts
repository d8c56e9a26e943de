import { hashJson } from '../../base/hash.ts'
import type { Reproduction } from '../../schema/audit.ts'
import type { Environment } from '../../schema/environment.ts'
import type { AuditFacts } from '../facts.ts'
import { type Chance, describeChance, isBeyondChance, noChance } from './chance.ts'
import { type ComparedFile, isExact } from './compare.ts'
import { compareEnvironments } from './compare-environments.ts'
import type { NewRun, ReproductionPlace, ReproductionWish } from './new-run.ts'
import type { Plan } from './plan.ts'
import { showCommand } from './port-command.ts'
import { countClaims } from './reproduced-claims.ts'

const mostComparisons = 2_000
const gravity = { missing: 0, different: 1, 'within-spread': 2, exact: 3 } as const

/** What came of it; where nothing ran or nothing could be compared, `reason` says why. */
export interface Told {
  readonly plan: Plan
  readonly place: ReproductionPlace
  readonly wish: ReproductionWish
  readonly work: { readonly facts: AuditFacts }
  /** Of the work itself. */
  readonly recorded: Environment | null
  readonly commands: readonly string[]
  readonly runs?: readonly NewRun[]
  readonly files?: readonly ComparedFile[]
  readonly chance?: Chance
  readonly reason: string
}

export function recordReproduction(told: Told): Reproduction {
  const { plan, place, wish, work, commands, runs = [], files = [], chance = noChance, reason } = told
  const comparisons = files
    .flatMap((file) => file.comparisons)
    .toSorted((a, b) => gravity[a.outcome] - gravity[b.outcome])
    .slice(0, mostComparisons)
  const record: Omit<Reproduction, 'id'> = {
    schema: 'mlrbench/reproduction@1',
    subject: work.facts.subject.name,
    createdAt: wish.createdAt,
    commands: commands.map(showCommand),
    source: plan.source,
    sandbox: place.kind,
    isolated: place.kind !== null && place.kind !== 'host',
    network: typeof place.network === 'string' ? place.network : 'allowlist',
    limits: { ...place.limits, timeLimitMs: place.timeLimitMs },
    runs: runs.map(({ end }) => end.record),
    outcome: reason === '' ? outcomeOf(files, chance) : 'could-not-run',
    reason,
    files: files.map(({ counts }) => counts),
    comparisons,
    claims: reason === '' ? countClaims(work.facts, files) : null,
    environment: compareRecorded(told),
    notes: [...new Set([...plan.notes, ...runs.flatMap(({ notes }) => notes), ...notesOn(told)])],
  }
  return { ...record, id: hashJson(record).slice(0, 16) }
}

/**
 * Of values that change from run to run some lie outside a few runs' range by chance. Where they do so no more often than the new runs lie
 * outside of each other's, and no farther, they do not make the work different.
 */
function outcomeOf(files: readonly ComparedFile[], chance: Chance): Reproduction['outcome'] {
  if (files.every(isExact)) return 'exact'
  const isCertain = files.some(
    ({ counts, comparisons }) =>
      counts.missing > 0 || comparisons.some(({ outcome, spread }) => outcome === 'different' && spread === 0),
  )
  return isCertain || isBeyondChance(chance) ? 'different' : 'within-spread'
}

function compareRecorded({ recorded, runs = [] }: Told): Reproduction['environment'] {
  const [first] = runs
  return recorded === null || first === undefined
    ? null
    : { differences: compareEnvironments(recorded, first.environment) }
}

const mostNamed = 5

function notesOn({ plan, runs = [], files = [], chance = noChance, place }: Told): string[] {
  const sum = (key: 'leftOut' | 'extra'): number => files.reduce((total, { counts }) => total + counts[key], 0)
  const compared = new Set(files.map(({ counts }) => counts.path))
  const untouched = files.length === 0 ? [] : plan.possible.filter((path) => !compared.has(path))
  const chanceNote = describeChance(chance, runs.length)
  const failed = runs.slice(1).filter(({ end }) => end.failure !== null).length
  return [
    ...(untouched.length === 0
      ? []
      : [
          `not compared, since the commands did not write it and nothing shows that they should: ${untouched.slice(0, mostNamed).join(', ')}${untouched.length > mostNamed ? ` and ${untouched.length - mostNamed} more` : ''}`,
        ]),
    ...(sum('leftOut') === 0
      ? []
      : [
          `${sum('leftOut')} values were left out: about time or memory, or in places that only a rewritten report has`,
        ]),
    ...(sum('extra') === 0 ? [] : [`the new run has ${sum('extra')} values that the result files lack`]),
    ...(chanceNote === null ? [] : [chanceNote]),
    ...(failed === 0 ? [] : [`${failed} of ${runs.length} new runs failed`]),
    ...(runs.length > 0 && place.kind === 'host' && place.network === 'none'
      ? ['this sandbox does not keep commands from the network']
      : []),
  ]
}
