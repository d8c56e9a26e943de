import type { AuditSubject } from '../../audit/subject/subject.ts'
import type { Audit, AuditClaim, AuditFinding } from '../../schema/audit.ts'
import { mulberry32 } from '../../stats/random.ts'
import { isSameValue } from './fill-in.ts'
import { readNumberForm } from './number-form.ts'
import { lookUpDigits } from './lookup-baseline.ts'
import { type CleanResult, describeClean, flaggedClaims, graveFindings, isResult } from './measure-clean.ts'
import { claimPlantKinds, codePlantKinds, type Plant, type PlantKind, type PlantedSubject } from './plant.ts'
import { plantClaims } from './plant-claims.ts'
import { plantCode } from './plant-code.ts'
import { plantLog } from './plant-log.ts'

export type AuditSubjectFunction = (subject: AuditSubject) => Promise<Audit>

export interface PlantingOptions {
  readonly audit: AuditSubjectFunction
  /** Changes of each kind to each run. */
  readonly count: number
  /** Changes of numbers to one copy, at most. */
  readonly together: number
  readonly seed: number
  readonly signal?: AbortSignal
}

/** What became of the changes of one kind. */
export interface KindResult {
  readonly kind: PlantKind
  readonly planted: number
  /** Named by a finding of severity critical or major: the claim, the line or file of code, the log. */
  readonly found: number
  /** Of code: those whose very line a finding shows. Of claims and logs the same as `found`. */
  readonly foundInPlace: number
  /** Changed claims that the audit of the unchanged work had traced, and how many of these were found. */
  readonly traced: number
  readonly tracedFound: number
  /** Claims changed whose digits stand nowhere else: what a plain search for them finds. */
  readonly lookupFound: number
  /** Claims nobody changed in these copies, and how many were flagged that had not been before. */
  readonly others: number
  readonly othersFlagged: number
  /** Changes that no finding is about: what to look at. */
  readonly missed: readonly Pick<Plant, 'path' | 'line' | 'before' | 'after'>[]
}

export interface PlantedRun {
  readonly clean: CleanResult
  readonly kinds: readonly KindResult[]
}

/** Plants changes of every kind in copies of a piece of work, audits each, and counts what was found. */
export async function measurePlanting(subject: AuditSubject, options: PlantingOptions): Promise<PlantedRun> {
  const { audit, count, together, seed, signal } = options
  const clean = await audit(subject)
  const results = clean.claims.filter(isResult).filter(({ path }) => path === subject.documents[0]?.path)
  const values = results.map(({ label, text, value }) => ({ label, text, value }))
  const kinds: KindResult[] = []
  for (const [index, kind] of [...claimPlantKinds, 'forged-log' as const, ...codePlantKinds].entries()) {
    // each kind has its own numbers, so that one kind's changes do not depend on how many another found to make
    const random = mulberry32(seed + 1000 * index)
    const copies =
      kind === 'forged-log'
        ? plantLog(subject, { count: Math.min(count, mostLogs), values, random })
        : isCodeKind(kind)
          ? plantCode(subject, { kind, count, values, random })
          : plantClaims(subject, { kind, count, together, random })
    const tally = emptyTally()
    for (const copy of copies) {
      signal?.throwIfAborted()
      addCopy(tally, { copy, subject, clean, audit: await audit(copy.subject) })
    }
    kinds.push({ kind, ...tally })
  }
  return { clean: describeClean(clean, subject), kinds }
}

/** Forged logs differ in their length alone. */
const mostLogs = 4

const codeKinds: readonly PlantKind[] = codePlantKinds
const isCodeKind = (kind: PlantKind): kind is (typeof codePlantKinds)[number] => codeKinds.includes(kind)

type Tally = { -readonly [Key in keyof Omit<KindResult, 'kind' | 'missed'>]: number } & {
  missed: KindResult['missed'][number][]
}
const emptyTally = (): Tally => ({
  planted: 0,
  found: 0,
  foundInPlace: 0,
  traced: 0,
  tracedFound: 0,
  lookupFound: 0,
  others: 0,
  othersFlagged: 0,
  missed: [],
})

interface Measured {
  readonly copy: PlantedSubject
  /** As it was before. */
  readonly subject: AuditSubject
  readonly clean: Audit
  /** Of the copy. */
  readonly audit: Audit
}

function addCopy(tally: Tally, measured: Measured): void {
  const { copy, clean, audit } = measured
  const flagged = flaggedClaims(audit)
  const isNowhere = lookUpDigits(copy.subject)
  for (const plant of copy.plants) {
    tally.planted += 1
    if (plant.starts.length === 0) {
      const inPlace = graveFindings(audit).some((finding) => showsPlace(finding, plant))
      const inFile = namesOf(audit, plant) > namesOf(clean, plant)
      tally.foundInPlace += inPlace ? 1 : 0
      tally.found += inPlace || inFile ? 1 : 0
      if (!inPlace && !inFile) tally.missed.push(describePlant(plant))
      continue
    }
    const own = audit.claims.filter(({ path, start }) => path === plant.path && plant.starts.includes(start))
    const before = clean.claims.filter(({ path, start }) => path === plant.path && plant.startsBefore.includes(start))
    const isFound = own.some(({ id }) => flagged.has(id))
    const wasTraced = before.length > 0 && before.every(({ status }) => status === 'traced' || status === 'derived')
    tally.found += isFound ? 1 : 0
    if (!isFound) tally.missed.push(describePlant(plant))
    tally.foundInPlace += isFound ? 1 : 0
    tally.traced += wasTraced ? 1 : 0
    tally.tracedFound += wasTraced && isFound ? 1 : 0
    tally.lookupFound += own.some(({ text }) => isNowhere(text)) ? 1 : 0
  }
  if (copy.plants.some(({ starts }) => starts.length > 0)) addOthers(tally, measured, flagged)
}

const describePlant = ({ path, line, before, after }: Plant): KindResult['missed'][number] => ({
  path,
  line,
  before,
  after,
})

/** Claims that nobody changed, in a copy where others were. */
function addOthers(tally: Tally, { copy, subject, clean, audit }: Measured, flagged: ReadonlySet<number>): void {
  const path = subject.documents[0]?.path
  const flaggedBefore = flaggedClaims(clean)
  const startsFlaggedBefore = new Set(
    clean.claims.filter((claim) => claim.path === path && flaggedBefore.has(claim.id)).map(({ start }) => start),
  )
  const touched = new Set(copy.plants.flatMap(({ starts }) => starts))
  const toBefore = positionsBefore(copy, subject)
  for (const claim of audit.claims) {
    if (claim.path !== path || !isResult(claim) || touched.has(claim.start)) continue
    if (copy.plants.some((plant) => plant.kind === 'nan-fill' && isSame(claim, plant))) continue
    tally.others += 1
    if (flagged.has(claim.id) && !startsFlaggedBefore.has(toBefore(claim.start))) tally.othersFlagged += 1
  }
}

/** Claims of the value whose evidence was taken away lose theirs too. */
function isSame(claim: AuditClaim, plant: Plant): boolean {
  const value = { value: claim.value, decimals: readNumberForm(claim.text)?.decimals ?? 0 }
  return claim.text === plant.before || isSameValue(plant.before.replace(/[^\d.eE-]/g, ''), value)
}

/** Positions of the changed paper as positions of the paper before. */
function positionsBefore({ subject, plants }: PlantedSubject, before: AuditSubject): (start: number) => number {
  const edits = plants
    .flatMap(({ starts, startsBefore }) =>
      starts.map((start, index) => ({ start, shift: (startsBefore[index] ?? start) - start })),
    )
    .toSorted((a, b) => a.start - b.start)
  const atEnd = (before.documents[0]?.text.length ?? 0) - (subject.documents[0]?.text.length ?? 0)
  return (start) => start + (edits.find((edit) => edit.start > start)?.shift ?? atEnd)
}

function showsPlace({ evidence }: AuditFinding, { path, line, lastLine, step }: Plant): boolean {
  return evidence.some(
    (place) =>
      (place.path === path && place.line !== null && place.line >= line && place.line <= lastLine) ||
      (step !== null && place.step === step),
  )
}

/** How often grave findings name the plant's file. */
function namesOf(audit: Audit, { path }: Plant): number {
  return graveFindings(audit).reduce(
    (sum, { evidence, message }) =>
      sum + Math.max(evidence.filter((place) => place.path === path).length, message.includes(path) ? 1 : 0),
    0,
  )
}
