import type { RuleFinding } from './rule.ts'

/** A signal counts once, however often it shows: the first finding with the most points keeps them. */
export function pointsOnce(findings: readonly RuleFinding[]): RuleFinding[] {
  const most = findings.reduce((most, { points = 0 }) => Math.max(most, points), 0)
  const best = findings.findIndex(({ points = 0 }) => points === most)
  return findings.map((finding, index) => (index === best ? finding : { ...finding, points: 0 }))
}
