import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { PrerequisiteError } from '../../base/errors.ts'
import type { Audit } from '../../schema/audit.ts'
import { type Estimate, macroShare } from './estimate.ts'
import { flaggedClaims } from './measure-clean.ts'

/** A claim that another tool extracted and judged; only what is needed to find it again. */
export const judgedClaimSchema = z.object({
  task: z.string(),
  agent: z.string(),
  claim_id: z.string(),
  verdict: z.string(),
  /** Numbers in it, as written. */
  values: z.array(z.string()),
  /** Lines of the paper that hold them, from 1. */
  paper_lines: z.array(z.int().positive()),
})
export type JudgedClaim = z.infer<typeof judgedClaimSchema>

/** @throws PrerequisiteError for a line that is no such claim */
export async function readJudgedClaims(path: string): Promise<JudgedClaim[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PrerequisiteError(`${path} cannot be read`, { cause })
  })
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [judgedClaimSchema.parse(JSON.parse(line))]
    } catch (cause) {
      throw new PrerequisiteError(`${path}, line ${index + 1}: no claim of FabScore's claims.jsonl`, { cause })
    }
  })
}

/** Whether a folder holds the run a claim is of: `…end2end_<agent>/<task>`. */
export function isRunOf(name: string, { agent, task }: Pick<JudgedClaim, 'agent' | 'task'>): boolean {
  return name.endsWith(`/end2end_${agent}/${task}`) || name === `end2end_${agent}/${task}`
}

export interface JudgedRow {
  readonly run: string
  readonly verdict: string
  readonly claims: number
  /** Those found again among the audit's claims: same line, same number. */
  readonly mapped: number
  /** Of the mapped, those that a finding of severity critical or major names. */
  readonly flagged: number
  /** Of all, those whose run the audit calls fabricated. */
  readonly inFabricatedRun: number
}

/** The audit's word on each of another tool's claims about one run, by that tool's verdict. */
export function compareClaims(
  run: string,
  { claims, audit }: { claims: readonly JudgedClaim[]; audit: Audit },
): JudgedRow[] {
  const flagged = flaggedClaims(audit)
  const paper = audit.documents[0]?.path
  const byLine = Map.groupBy(
    audit.claims.filter(({ path }) => path === paper),
    ({ line }) => line,
  )
  return [...Map.groupBy(claims, ({ verdict }) => verdict)].map(([verdict, own]) => {
    const mapped = own.flatMap(({ values, paper_lines: lines }) => {
      const sizes = new Set(values.map((value) => Math.abs(Number(value.replaceAll(',', '')))))
      const found = lines.flatMap((line) => byLine.get(line) ?? []).filter(({ value }) => sizes.has(Math.abs(value)))
      return found.length === 0 ? [] : [found]
    })
    return {
      run,
      verdict,
      claims: own.length,
      mapped: mapped.length,
      flagged: mapped.filter((found) => found.some(({ id }) => flagged.has(id))).length,
      inFabricatedRun: audit.verdict === 'fabricated' ? own.length : 0,
    }
  })
}

export interface JudgedSummary {
  readonly verdict: string
  readonly runs: number
  readonly claims: number
  readonly mapped: number
  /** Share of mapped claims that are flagged, all runs together. */
  readonly flagged: number | null
  /** The same as a mean over runs, which are the units: claims of one run share a cause. */
  readonly flaggedByRun: Estimate
  /** Share of claims whose run is called fabricated, as a mean over runs. */
  readonly inFabricatedRun: Estimate
}

/** Rows of all runs, by verdict. */
export function summariseJudged(rows: readonly JudgedRow[]): JudgedSummary[] {
  return [...Map.groupBy(rows, ({ verdict }) => verdict)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([verdict, own]) => {
      const sum = (of: (row: JudgedRow) => number): number => own.reduce((total, row) => total + of(row), 0)
      const mapped = sum((row) => row.mapped)
      return {
        verdict,
        runs: own.length,
        claims: sum(({ claims }) => claims),
        mapped,
        flagged: mapped === 0 ? null : sum(({ flagged }) => flagged) / mapped,
        flaggedByRun: macroShare(own.map((row) => ({ of: row.mapped, found: row.flagged }))),
        inFabricatedRun: macroShare(own.map((row) => ({ of: row.claims, found: row.inFabricatedRun }))),
      }
    })
}
