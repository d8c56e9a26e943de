import { listAt } from '../../base/list-at.ts'
import { indexPrinted } from '../execution/printed-before.ts'
import type { AuditFacts } from '../facts.ts'
import type { Claim } from '../claims/claim.ts'
import type { RunFile } from './code-sites.ts'
import type { LiteralSite } from './literal-site.ts'
import { isTelling, tellingDigits } from './literal-value.ts'

export interface LinkedLiteral {
  readonly site: LiteralSite
  /** Informative results that state its value, at their own rounding. */
  readonly claims: readonly Claim[]
}

/** Lines looked up in the session; more would make a large session slow, and prove no more. */
const mostLookups = 60

/**
 * Which literals the paper states as results, unless a process had printed the number before the agent typed it:
 * a figure drawn from values that were measured first is no invention.
 */
export function openLinks(facts: AuditFacts): (run: RunFile, sites: readonly LiteralSite[]) => LinkedLiteral[] {
  const byValue = new Map<string, Claim[]>()
  for (const claim of facts.claims) {
    if (claim.role !== 'result' || !claim.informative || claim.number.isSpread || tellingDigits(claim.number.text) < 2)
      continue
    const key = keyOf(claim.number.value, claim.number.decimals)
    listAt(byValue, key).push(claim)
  }
  const printedBefore = indexPrinted(facts.pool)
  const typed = typedTexts(facts)
  return (run, sites) => {
    const linked: LinkedLiteral[] = []
    let lookups = 0
    for (const site of sites) {
      if (!isTelling(site.text)) continue
      const claims = claimsOf(site, byValue)
      const [first] = claims
      if (first === undefined || lookups >= mostLookups) continue
      lookups++
      const line = (run.file.lines[site.line - 1] ?? '').trim().slice(0, 300)
      const step = run.step ?? typed.find((one) => one.text.includes(line))?.step ?? null
      if (step !== null && claims.some((claim) => printedBefore(claim.number, step))) continue
      linked.push({ site, claims })
    }
    return linked
  }
}

function claimsOf(site: LiteralSite, byValue: ReadonlyMap<string, Claim[]>): Claim[] {
  const digits = tellingDigits(site.text)
  const claims = new Set<Claim>()
  for (const scale of [1, 100, 0.01]) {
    for (let decimals = 0; decimals <= 6; decimals++) {
      for (const claim of byValue.get(keyOf(site.value * scale, decimals)) ?? []) {
        if (tellingDigits(claim.number.text) <= digits) claims.add(claim)
      }
    }
  }
  return [...claims]
}

function keyOf(value: number, decimals: number): string {
  const places = Math.min(Math.max(decimals, 0), 8)
  return `${places}:${Math.abs(value) < 1e15 ? Math.abs(value).toFixed(places) : 'huge'}`
}

/** Texts that the agent typed, in the order of the session. */
function typedTexts({ session }: AuditFacts): { step: number; text: string }[] {
  return session.steps.flatMap((step) => {
    if (step.kind === 'write' && step.typed !== null) return [{ step: step.step, text: step.typed }]
    if (step.kind !== 'command') return []
    return [...step.typed.map(({ text }) => text), ...step.inlineCode].map((text) => ({ step: step.step, text }))
  })
}
