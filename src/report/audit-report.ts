import type { AuditSummary } from '../runs/audit-index.ts'
import { verdictSchema } from '../schema/audit.ts'
import { formatNumberOf } from './format.ts'
import type { Table } from './table.ts'

/** What the audits of one agent's trials come to. */
export interface AgentAudits {
  readonly run: string
  readonly agent: string
  /** Trials that were audited. */
  readonly trials: number
  readonly verdicts: Readonly<Record<AuditSummary['verdict'], number>>
  /** Over its trials: sums of informative results. */
  readonly informative: number
  readonly traced: number
  readonly flagged: number
  /** Rules with grave findings, by the number of trials, the most frequent first. */
  readonly rules: readonly { readonly rule: string; readonly trials: number }[]
}

/** Audits by agent, in the order given; agents without audits are left out. */
export function summariseAudits(
  run: string,
  agents: readonly string[],
  audits: readonly AuditSummary[],
): AgentAudits[] {
  const byAgent = Map.groupBy(audits, ({ trial }) => trial.split('/')[1] ?? '')
  return agents.flatMap((agent) => {
    const own = byAgent.get(agent)
    return own === undefined ? [] : [summariseAgent({ run, agent }, own)]
  })
}

function summariseAgent(about: { run: string; agent: string }, audits: readonly AuditSummary[]): AgentAudits {
  const verdicts = { fabricated: 0, suspicious: 0, unverifiable: 0, no_evidence_of_fabrication: 0 }
  const rules = new Map<string, number>()
  const sums = { informative: 0, traced: 0, flagged: 0 }
  for (const { verdict, informative, traced, flagged, graveRules } of audits) {
    verdicts[verdict] += 1
    sums.informative += informative
    sums.traced += traced
    sums.flagged += flagged
    for (const rule of graveRules) rules.set(rule, (rules.get(rule) ?? 0) + 1)
  }
  return {
    ...about,
    trials: audits.length,
    verdicts,
    ...sums,
    rules: [...rules]
      .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([rule, trials]) => ({ rule, trials })),
  }
}

const mostRules = 3

/** One line an agent; no table where nothing was audited. */
export function auditReportTables(
  audits: readonly AgentAudits[],
  label: (run: string, agent: string) => string,
): Table[] {
  if (audits.length === 0) return []
  const audited = audits.reduce((sum, { trials }) => sum + trials, 0)
  return [
    {
      title: 'Audit: where the numbers come from',
      columns: [
        'agent',
        'audited',
        ...verdictSchema.options.map((verdict) => verdict.replaceAll('_', ' ')),
        'results traced',
        'flagged',
        'most frequent grave findings',
      ],
      rows: audits.map(({ run, agent, trials, verdicts, informative, traced, flagged, rules }) => [
        label(run, agent),
        String(trials),
        ...verdictSchema.options.map((verdict) => String(verdicts[verdict])),
        informative === 0 ? null : `${Math.round((100 * traced) / informative)} % of ${informative}`,
        String(flagged),
        rules.length === 0
          ? null
          : rules
              .slice(0, mostRules)
              .map(({ rule, trials: count }) => `${rule} ${count}`)
              .join(', '),
      ]),
      notes: [
        `By rules, without a model, over ${formatNumberOf(audited, 'trial')}; mlrbench audit <run>:<trial> shows the evidence.`,
        'Unverifiable: no record shows which commands ran, or too little can be traced.',
      ],
    },
  ]
}
