import { extractClaims } from '../../audit/claims/extract-claims.ts'
import type { Claim } from '../../audit/claims/claim.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { fillIn } from './fill-in.ts'
import { type NumberForm, readNumberForm, sizeOf, writeNumberForm } from './number-form.ts'
import { type ClaimPlantKind, lineAt, type Plant, type PlantedSubject, shuffled, withText } from './plant.ts'

export interface ClaimPlanting {
  readonly kind: ClaimPlantKind
  /** How many changes to make at most; fewer where the paper has fewer numbers that can be changed so. */
  readonly count: number
  /** Changes to one copy at most, in different tables and far apart in prose; 1 makes every copy's ground truth independent of the others. */
  readonly together: number
  /** Uniform in [0, 1): the same generator state gives the same changes. */
  readonly random: () => number
}

/** One change to make: the new text of each claim it touches. */
interface Change {
  readonly claims: readonly Claim[]
  readonly texts: readonly string[]
}

/** In characters of prose: nearer than this, two changes could be seen as one. */
const farApart = 400

/**
 * Copies of a piece of work in which results of its main paper are changed, and nothing else, so that what is wrong is known exactly.
 * Any informative result can be met, whether or not an audit could trace it. `nan-fill` changes the evidence and keeps the paper's number.
 * @param subject honest work, at least by assumption
 * @returns copies, each with its changes; empty where nothing can be changed so
 */
export function plantClaims(subject: AuditSubject, planting: ClaimPlanting): PlantedSubject[] {
  const paper = subject.documents[0]
  if (paper === undefined) return []
  const claims = extractClaims(paper, 0).claims.filter(
    ({ role, informative, number, start, end }) =>
      role === 'result' && informative && paper.text.slice(start, end) === number.text,
  )
  const changes = planting.kind === 'nan-fill' ? [] : drawChanges(claims, planting)
  if (planting.kind === 'nan-fill') {
    const cells = shuffled(
      claims.filter(({ where }) => where.kind === 'cell'),
      planting.random,
    )
    return fillIn(subject, { cells, count: planting.count })
  }
  // where most of a paper is changed, nothing is left that a change could stand out from
  const together = Math.max(1, Math.min(planting.together, Math.floor(claims.length / fewestToOne)))
  return groupApart(changes, together).map((group) => applyChanges(subject, planting.kind, group))
}

/** Results of a paper for each change to one copy. */
const fewestToOne = 10

/** How often one number is changed at most, each time otherwise and in another copy: papers with few numbers have few changes else. */
const mostRounds = 3

function drawChanges(claims: readonly Claim[], { kind, count, random }: ClaimPlanting): Change[] {
  const targets = kind === 'swap' ? columnPairs(claims) : claims.map((claim) => [claim])
  const rounds = kind === 'swap' ? 1 : mostRounds
  const changes: Change[] = []
  const made = new Set<string>()
  for (let round = 0; round < rounds; round += 1)
    for (const target of shuffled(targets, random)) {
      if (changes.length >= count) return changes
      const texts = kind === 'swap' ? swapped(target) : changedNumber(target, { kind, random })
      const key = `${target[0]?.id} ${texts?.join(' ')}`
      if (texts === null || made.has(key)) continue
      made.add(key)
      changes.push({ claims: target, texts })
    }
  return changes
}

/** Pairs of results in one column of one table, each cell in one pair at most. */
function columnPairs(claims: readonly Claim[]): Claim[][] {
  const byColumn = Map.groupBy(
    claims.filter(({ where, number }) => where.kind === 'cell' && !number.isSpread),
    ({ where }) => (where.kind === 'cell' ? `${where.table} ${where.column}` : ''),
  )
  return [...byColumn.values()].flatMap((column) =>
    column.flatMap((first, index) => {
      const second = column[index + 1]
      return index % 2 === 0 && second !== undefined ? [[first, second]] : []
    }),
  )
}

function swapped([first, second]: readonly Claim[]): string[] | null {
  if (first === undefined || second === undefined || first.line === second.line) return null
  const differ =
    Math.abs(first.number.value - second.number.value) > 10 ** -Math.min(first.number.decimals, second.number.decimals)
  return differ && first.number.unit === second.number.unit ? [second.number.text, first.number.text] : null
}

function changedNumber(
  [claim]: readonly Claim[],
  { kind, random }: Pick<ClaimPlanting, 'kind' | 'random'>,
): string[] | null {
  const form = claim === undefined ? null : readNumberForm(claim.number.text)
  if (claim === undefined || form === null || form.units === 0) return null
  for (let tries = 0; tries < mostTries; tries += 1) {
    const units = newUnits(form.units, { kind, random })
    if (units === null) return null
    if (isPlausible(form, { ...form, units }, claim.number.unit)) return [writeNumberForm({ ...form, units })]
  }
  return null
}

const mostTries = 20

function newUnits(units: number, { kind, random }: Pick<ClaimPlanting, 'kind' | 'random'>): number | null {
  if (kind === 'digit') return withOtherDigit(units, random)
  const [least, most] = kind === 'nudge' ? [0.005, 0.03] : [0.05, 0.5]
  const [fewest, farthest] = [Math.max(1, Math.ceil(units * least)), Math.floor(units * most)]
  // a number of so few digits that its last one says more than the change may
  if (fewest > farthest) return null
  const distance = fewest + Math.floor(random() * (farthest - fewest + 1))
  return units + (random() < 0.5 ? -distance : distance)
}

const digitCharacters: readonly string[] = '0123456789'.split('')

function withOtherDigit(units: number, random: () => number): number {
  const digits = String(units)
  const place = Math.floor(random() * digits.length)
  const choices = digitCharacters.filter((digit) => digit !== digits[place] && (place > 0 || digit !== '0'))
  return Number(`${digits.slice(0, place)}${choices[Math.floor(random() * choices.length)]}${digits.slice(place + 1)}`)
}

/** Values that stand everywhere, and so are no informative claims any more. */
const roundValues: readonly number[] = [0, 0.5, 1, 5, 10, 50, 100]

/** Whether a number could stand there as well: no impossible share, as many digits, nothing round. */
function isPlausible(before: NumberForm, after: NumberForm, unit: string | null): boolean {
  const [old, own] = [sizeOf(before), sizeOf(after)]
  const limit = unit === '%' ? 100 : before.decimals >= 2 && old <= 1 ? 1 : null
  if (limit !== null && old <= limit && own > limit) return false
  if (roundValues.includes(own) || String(after.units).length < String(before.units).length) return false
  return after.decimals > 0 || after.units % 10 !== 0 || before.units % 10 === 0
}

/** Changes in copies: no two in one table, or close to each other. */
function groupApart(changes: readonly Change[], together: number): Change[][] {
  const groups: Change[][] = []
  for (const change of changes) {
    const open = groups.find((group) => group.length < together && group.every((other) => areApart(change, other)))
    if (open === undefined) groups.push([change])
    else open.push(change)
  }
  return groups
}

function areApart(a: Change, b: Change): boolean {
  return a.claims.every((own) =>
    b.claims.every(
      (other) =>
        !(own.where.kind === 'cell' && other.where.kind === 'cell' && own.where.table === other.where.table) &&
        Math.abs(own.start - other.start) >= farApart,
    ),
  )
}

function applyChanges(subject: AuditSubject, kind: ClaimPlantKind, changes: readonly Change[]): PlantedSubject {
  const paper = subject.documents[0] ?? { path: '', text: '' }
  const edits = changes
    .flatMap(({ claims, texts }) => claims.map((claim, index) => ({ claim, text: texts[index] ?? claim.number.text })))
    .toSorted((a, b) => a.claim.start - b.claim.start)
  const pieces: string[] = []
  const startOf = new Map<Claim, number>()
  let [taken, written] = [0, 0]
  for (const { claim, text } of edits) {
    const kept = paper.text.slice(taken, claim.start)
    startOf.set(claim, written + kept.length)
    pieces.push(kept, text)
    written += kept.length + text.length
    taken = claim.end
  }
  const text = `${pieces.join('')}${paper.text.slice(taken)}`
  const plants = changes.map(({ claims, texts }): Plant => {
    const starts = claims.map((claim) => startOf.get(claim) ?? claim.start)
    const lines = starts.map((start) => lineAt(text, start))
    return {
      kind,
      path: paper.path,
      line: Math.min(...lines),
      lastLine: Math.max(...lines),
      starts,
      startsBefore: claims.map(({ start }) => start),
      step: null,
      before: claims.map(({ number }) => number.text).join(' | '),
      after: texts.join(' | '),
    }
  })
  return { subject: withText(subject, { path: paper.path, text }), plants }
}
