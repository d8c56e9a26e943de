import { type Estimate, macroShare } from './estimate.ts'
import type { CleanResult } from './measure-clean.ts'
import type { KindResult, PlantedRun } from './measure-planting.ts'
import { type PlantKind, plantKinds } from './plant.ts'

export interface KindSummary {
  readonly kind: PlantKind
  /** Runs in which such a change could be made. */
  readonly runs: number
  readonly planted: number
  /** Mean over runs of the share that was found. */
  readonly found: Estimate
  readonly foundInPlace: Estimate
  /** Of changed claims that had been traced before. */
  readonly foundOfTraced: Estimate
  /** By looking for the same digits and nothing else. */
  readonly lookup: Estimate
  /** Share of claims that nobody changed, newly flagged in these copies. */
  readonly othersFlagged: Estimate
}

export interface PlantingSummary {
  readonly runs: number
  readonly kinds: readonly KindSummary[]
  /** On work that nobody changed: share of informative results of the main paper that are flagged. */
  readonly falsePositives: Estimate
  /** Of all documents. */
  readonly falsePositivesEverywhere: Estimate
  /** All claims of all runs together: flagged and in all. */
  readonly pooled: { readonly flagged: number; readonly claims: number }
  readonly lookupFalsePositives: Estimate
  /** Findings of severity critical or major on work that nobody changed, by rule. */
  readonly graveByRule: Readonly<Record<string, number>>
  /** Mean number of those about code, and about the session, in a run. */
  readonly graveInCode: number
  readonly graveInExecution: number
}

/** Figures of all runs, each counting as much as any other; null for no runs. */
export function summarisePlanting(
  runs: readonly { readonly name: string; readonly planted: PlantedRun }[],
): PlantingSummary | null {
  if (runs.length === 0) return null
  const clean = runs.map(({ planted }) => planted.clean)
  const share = (of: (own: CleanResult) => number, found: (own: CleanResult) => number): Estimate =>
    macroShare(clean.map((own) => ({ of: of(own), found: found(own) })))
  const total = (of: (own: CleanResult) => number): number => clean.reduce((sum, own) => sum + of(own), 0)
  const graveByRule: Record<string, number> = {}
  for (const own of clean)
    for (const [rule, count] of Object.entries(own.graveByRule)) graveByRule[rule] = (graveByRule[rule] ?? 0) + count
  return {
    runs: runs.length,
    kinds: plantKinds.map((kind) =>
      summariseKind(
        kind,
        runs.flatMap(({ planted }) => planted.kinds),
      ),
    ),
    falsePositives: share(
      ({ claims }) => claims,
      ({ flagged }) => flagged,
    ),
    falsePositivesEverywhere: share(
      ({ allClaims }) => allClaims,
      ({ allFlagged }) => allFlagged,
    ),
    pooled: { flagged: total(({ flagged }) => flagged), claims: total(({ claims }) => claims) },
    lookupFalsePositives: share(
      ({ claims }) => claims,
      ({ lookupFlagged }) => lookupFlagged,
    ),
    graveByRule,
    graveInCode: total(({ graveInCode }) => graveInCode) / runs.length,
    graveInExecution: total(({ graveInExecution }) => graveInExecution) / runs.length,
  }
}

function summariseKind(kind: PlantKind, all: readonly KindResult[]): KindSummary {
  const own = all.filter((result) => result.kind === kind && result.planted > 0)
  const of = (found: (result: KindResult) => number, whole: (result: KindResult) => number): Estimate =>
    macroShare(own.map((result) => ({ of: whole(result), found: found(result) })))
  const planted = (result: KindResult): number => result.planted
  return {
    kind,
    runs: own.length,
    planted: own.reduce((sum, result) => sum + result.planted, 0),
    found: of(({ found }) => found, planted),
    foundInPlace: of(({ foundInPlace }) => foundInPlace, planted),
    foundOfTraced: of(
      ({ tracedFound }) => tracedFound,
      ({ traced }) => traced,
    ),
    lookup: of(({ lookupFound }) => lookupFound, planted),
    othersFlagged: of(
      ({ othersFlagged }) => othersFlagged,
      ({ others }) => others,
    ),
  }
}
