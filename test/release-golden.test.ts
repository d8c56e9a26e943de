import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mean } from '../src/stats/mean.ts'
import { bootstrap, type Report, type ReportedTable } from '../src/report/report.ts'
import type { Interval } from '../src/stats/resample.ts'
import type { AnswerAgreement, Classification } from '../src/studies/answer-agreement.ts'
import type { CostFigures } from '../src/studies/costs.ts'
import type { FaultAgreement } from '../src/studies/hallucination-agreement.ts'
import type { MarkSummary } from '../src/studies/score-tables.ts'
import type { Validation } from '../src/studies/validate.ts'
import { type Cli, openCli } from './support/cli.ts'
import { givenHumanAgreement, givenMannWhitney } from './support/golden-validation.ts'

const shared = join(import.meta.dirname, '../../shared')
const golden = join(shared, 'release/golden')
/** Import and all reports; they take a fifth of it on an idle machine. */
const longestMs = 120_000

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const systems = ['o4-mini', 'gemini', 'claude', 'codex', 'gemini-cli']
/** What is asked of `report`, by the name the tests give it. */
const asked = {
  ideas: ['mlr-bench-ideas'],
  proposals: ['mlr-bench-proposals'],
  experiments: ['mlr-bench-experiments'],
  papers: ['mlr-bench-papers'],
  systems: systems.map((system) => `mlr-bench-end2end-${system}`),
  studied: ['o4-mini', 'gemini', 'claude'].map((system) => `mlr-bench-end2end-${system}`),
  other: ['ai-scientist-v2-o4-mini'],
} as const
type Asked = keyof typeof asked

/** Golden files that other tests compare, or that no one can. */
const elsewhere: Readonly<Record<string, string>> = {
  'paper_writing.full.json': 'needs the four tasks that the archive leaves out',
  'costs.full.json':
    'needs the four tasks that the archive leaves out; what their writing stages cost is compared below',
}

/** Leaves that no output has, with the reason: words that describe the file, and what it was computed from. */
const words = /^(?:scope|table|note|length|caveat|sign_of_bias|system)$/

const humanWords = /^(?:scope|unit|sign_of_bias|relabel_rows\.\d+\.choice)$/

describe.skipIf(!existsSync(golden))(
  'the figures of the public release (skips without ../shared/release beside it)',
  () => {
    let cli: Cli
    const reports = new Map<Asked, Report>()
    const validations = new Map<'shared' | 'full', Validation>()

    beforeAll(async () => {
      cli = await openCli()
      const release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
      await cli.json(['import', release, '--log-dir', cli.logDir])
      const ask = async ([name, runs]: readonly [string, readonly string[]]): Promise<void> => {
        reports.set(name as Asked, (await cli.json(['report', ...runs, '--log-dir', cli.logDir])) as Report)
      }
      const validate = async (name: 'shared' | 'full', args: readonly string[]): Promise<void> => {
        validations.set(name, (await cli.json(['validate', ...args, '--log-dir', cli.logDir])) as Validation)
      }
      await Promise.all([
        ...Object.entries(asked).map(ask),
        validate('shared', asked.studied),
        validate('full', ['--human', join(release, 'human_eval')]),
      ])
    }, longestMs)
    afterAll(() => cli[Symbol.asyncDispose]())

    const validation = (name: 'shared' | 'full'): Validation => found(validations.get(name), `validation ${name}`)
    const report = (name: Asked): Report => found(reports.get(name), `report ${name}`)
    const tableOf = (name: Asked, rubric: string): ReportedTable =>
      found(
        report(name).tables.find((table) => table.rubric === rubric && table.view === 'full'),
        `table ${rubric}`,
      )

    test('every file is compared here, or somewhere else for a reason', () => {
      const files = readdirSync(golden).filter((name) => name.endsWith('.json'))
      expect(files.toSorted()).toEqual([...compared.map(({ file }) => file), ...Object.keys(elsewhere)].toSorted())
    })

    const scoreFile = (file: string, of: [Asked, string], leaves: number) => ({
      file,
      leaves,
      described: [words],
      give: () => givenScores(tableOf(...of)),
    })
    const compared = [
      scoreFile('idea.json', ['ideas', 'idea'], 1089),
      scoreFile('proposal.json', ['proposals', 'proposal'], 1270),
      scoreFile('experimentation.shared.json', ['experiments', 'experiment'], 436),
      scoreFile('paper_writing.shared.json', ['papers', 'paper'], 464),
      scoreFile('end_to_end.shared.json', ['systems', 'end-to-end'], 764),
      scoreFile('ai_scientist_v2.shared.json', ['other', 'end-to-end'], 164),
      {
        file: 'judge_agreement.shared.json',
        leaves: 1336,
        described: [words],
        give: () => ({
          bootstrap: givenBootstrap(report('systems')),
          stages: {
            experimentation: givenAgreement('experimentation', tableOf('experiments', 'experiment')),
            paper_writing: givenAgreement('paper_writing', tableOf('papers', 'paper')),
            end_to_end: givenAgreement('end_to_end', tableOf('systems', 'end-to-end')),
            ai_scientist_v2: givenAgreement('ai_scientist_v2', tableOf('other', 'end-to-end')),
            end_to_end_human_study_subset: givenAgreement('end_to_end', tableOf('studied', 'end-to-end')),
          },
        }),
      },
      {
        file: 'judge_bias.json',
        leaves: 149,
        described: [words],
        give: () => ({
          idea: givenBias(tableOf('ideas', 'idea')),
          proposal: givenBias(tableOf('proposals', 'proposal')),
        }),
      },
      {
        file: 'no_code_ablation.shared.json',
        leaves: 50,
        described: [words],
        give: () => givenAblation(report('systems'), 'o4-mini'),
      },
      {
        file: 'hallucination.shared.json',
        leaves: 571,
        described: [words],
        give: () => ({
          n_tasks: tableOf('experiments', 'experiment').tasks.length,
          experimentation_flag: {
            claude: givenFlag(faultsOf('experiments', 'experiment', 'claude')),
            codex: givenFlag(faultsOf('experiments', 'experiment', 'codex')),
          },
          paper_level: {
            'mlr_agent_o4-mini': givenFindings(faultsOf('systems', 'hallucination', 'o4-mini')),
            'ai_scientist_v2_o4-mini': givenFindings(faultsOf('other', 'hallucination', 'o4-mini')),
          },
        }),
      },
      {
        file: 'costs.shared.json',
        leaves: 312,
        described: [
          words,
          // list prices are what costs are computed from
          /^price_usd_per_million_tokens\./,
          // none is published; the import tells it from the times in Codex's log
          /^systems\.codex\..*\bduration_ms$/,
        ],
        give: givenCosts,
      },
      {
        file: 'human_llm_agreement.shared.json',
        leaves: 794,
        described: [humanWords],
        give: () => givenHumanAgreement(validation('shared'), shortName),
      },
      {
        file: 'human_llm_agreement.full.json',
        leaves: 304,
        // of four tasks the archive has the judges' means alone
        described: [humanWords, /^human_vs\.(?:claude|gemini)\./],
        give: () => givenHumanAgreement(validation('full'), shortName),
      },
      {
        file: 'human_mann_whitney.shared.json',
        leaves: 121,
        described: [humanWords],
        give: () => givenMannWhitney(validation('shared')),
      },
      {
        file: 'human_mann_whitney.full.json',
        leaves: 328,
        described: [humanWords],
        give: () => givenMannWhitney(validation('full')),
      },
    ]

    const faultsOf = (name: Asked, rubric: string, agent: string): FaultAgreement =>
      found(
        report(name).faults.find((own) => own.rubric === rubric && own.agent === agent),
        `${rubric} faults of ${agent}`,
      )

    test.each(compared)('of $file come out, $leaves of them', ({ file, leaves, described, give }) => {
      const given = new Map(leavesOf(give()))
      const wanted = leavesOf(JSON.parse(readFileSync(join(golden, file), 'utf8')) as Json)
      const figures = wanted.filter(([path]) => !described.some((pattern) => pattern.test(path)))
      const wrong = figures.filter(([path, value]) => !given.has(path) || !isSame(given.get(path), value))
      expect(wrong.map(([path, value]) => ({ path, wanted: value, given: given.get(path) }))).toEqual([])
      expect(figures).toHaveLength(leaves)
    })

    test.each(systems)('of costs.full.json those of the writing stages that all ten tasks have: %s', (system) => {
      const wanted = JSON.parse(readFileSync(join(golden, 'costs.full.json'), 'utf8')) as {
        systems: Record<string, { mean: Record<string, number> }>
      }
      const own = report('systems').costs.find(({ agent }) => agent === system)
      const meanOf = (stage: 'idea' | 'literature' | 'proposal'): number | null =>
        mean((own?.trials ?? []).flatMap(({ stages }) => stages[stage] ?? []))
      expect(own?.trials).toHaveLength(10)
      for (const [name, stage] of [
        ['idea', 'idea'],
        ['lit', 'literature'],
        ['proposal', 'proposal'],
      ] as const)
        expect(isSame(meanOf(stage) ?? undefined, wanted.systems[system]?.mean[name] ?? null)).toBe(true)
    })

    function givenCosts(): Json {
      const agents = [...report('systems').costs, ...report('experiments').costs, ...report('other').costs]
      const costsOf = (run: string, agent: string): (typeof agents)[number] =>
        found(
          agents.find((own) => own.run === run && own.agent === agent),
          `costs of ${agent}`,
        )
      const whole = systems.map((system) => [system, costsOf(`mlr-bench-end2end-${system}`, system)] as const)
      const stepwise = costsOf('mlr-bench-experiments', 'claude')
      const calls = [
        ...whole.map(([system, { coderCalls }]) => [`end2end_${system}`, coderCalls] as const),
        ['experiments_and_writeups/claude', stepwise.coderCalls] as const,
      ]
      return {
        n_tasks: whole[0]?.[1].means?.trials ?? null,
        systems: Object.fromEntries(
          whole.map(([system, { means, trials }]) => [
            system,
            {
              mean: means === null ? null : givenFigures(means),
              per_task: Object.fromEntries(
                trials.filter(({ complete }) => complete).map((trial) => [trial.task, givenFigures(trial)]),
              ),
            },
          ]),
        ),
        claude_code_usage_dedup_by_message_id: Object.fromEntries(
          calls.flatMap(([name, own]) =>
            own === null
              ? []
              : [
                  [
                    name,
                    {
                      mean_calls: own.calls,
                      mean_input_tokens: own.inputTokens,
                      mean_cache_creation_input_tokens: own.cacheWriteTokens,
                      mean_cache_read_input_tokens: own.cacheReadTokens,
                      mean_output_tokens: own.outputTokens,
                      runs_without_any_cache_tokens: own.trialsWithoutCache,
                      mean_output_only_cost: own.outputOnlyUsd,
                    },
                  ] as const,
                ],
          ),
        ),
        experiments_and_writeups_claude_code: {
          coding_mean: stepwise.means?.codingUsd ?? null,
          duration_ms_mean: stepwise.means?.sessionDurationMs ?? null,
        },
        ai_scientist_v2: { mean: costsOf('ai-scientist-v2-o4-mini', 'o4-mini').means?.totalUsd ?? null },
      }
    }
  },
)

function found<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`there is no ${name}`)
  return value
}

/** Every value that is no object or list, with its path. */
function leavesOf(value: Json, path: readonly string[] = []): [path: string, value: Json][] {
  if (value === null || typeof value !== 'object') return [[path.join('.'), value]]
  // which model comes first means nothing
  if (path.at(-1) === 'models') return (value as string[]).map((model) => [[...path, model].join('.'), model])
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner as Json, [...path, key]))
}

/** Numbers to a relative 1e-9; where they are nothing but rounding, to 1e-12. */
function isSame(given: Json | undefined, wanted: Json): boolean {
  if (typeof given !== 'number' || typeof wanted !== 'number') return given === wanted
  return Math.abs(given - wanted) <= Math.max(1e-9 * Math.abs(wanted), 1e-12)
}

/** The judges' names as the figures have them. */
const shortName = (judge: string): string => (judge.startsWith('anthropic/') ? 'claude' : 'gemini')
const byJudge = <Value>(entries: readonly (readonly [judge: string, value: Value])[]): Record<string, Value> =>
  Object.fromEntries(entries.map(([judge, value]) => [shortName(judge), value]))

function givenScores({ tasks, judges, dimensions, agents }: ReportedTable): Json {
  const summary = ({ n, mean, standardDeviation, min, max, interval }: MarkSummary): Json => ({
    n,
    mean,
    std_pop: standardDeviation.population,
    std_sample: standardDeviation.sample,
    min,
    max,
    ci95: interval === null ? null : [interval.lo, interval.hi],
  })
  return {
    n_tasks: tasks.length,
    tasks,
    judges: byJudge(judges.map((judge) => [judge, judge.slice(judge.lastIndexOf('/') + 1)])),
    dimensions,
    rows: Object.fromEntries(
      agents.map(({ agent, dimensions: scores }) => [
        agent,
        Object.fromEntries(
          scores.map(({ dimension, average, judges: own, paper }) => [
            dimension,
            {
              ...byJudge(own.map((of) => [of.judge, summary(of)])),
              avg: summary(average),
              paper_style: {
                mean: paper?.mean ?? null,
                std_quadrature: paper?.standardDeviation ?? null,
                ...Object.fromEntries(
                  (paper?.judges ?? []).flatMap(({ judge, mean, standardDeviation }) => [
                    [`${shortName(judge)}_mean`, mean],
                    [`${shortName(judge)}_std`, standardDeviation],
                  ]),
                ),
              },
            },
          ]),
        ),
      ]),
    ),
  }
}

function givenBootstrap({ bootstrap: { resamples, seed, unit, method } }: Report): Json {
  return {
    B: resamples,
    seed,
    unit,
    rng: 'mulberry32',
    ci: `${method}, linear interpolation`,
  }
}

function givenAgreement(stage: string, { items, tasks, agents, dimensions, agreement }: ReportedTable): Json {
  // no interval: the measure is undefined in every resample
  const interval = (own: Interval | null): Json =>
    own === null
      ? { lo: null, hi: null, undefined: bootstrap.resamples }
      : { lo: own.lo, hi: own.hi, undefined: own.undefinedResamples }
  return {
    stage,
    n_items: items,
    n_clusters: tasks.length,
    models: agents.map(({ agent }) => agent),
    dimensions: Object.fromEntries(
      dimensions.map((dimension) => {
        const own = found(
          agreement.find((pair) => pair.dimension === dimension),
          dimension,
        )
        const measures = <Value>(of: Record<keyof typeof own.point, Value>): Record<string, Value> => ({
          pearson: of.pearson,
          spearman: of.spearman,
          krippendorff_alpha_interval: of.krippendorffAlpha,
          icc_2_1: of.icc21,
          icc_2_k: of.icc2k,
          icc_3_1: of.icc31,
          qwk: of.weightedKappa,
          bias: of.bias,
          mae: of.meanAbsoluteDifference,
          exact: of.exact,
          within1: of.withinOne,
        })
        const { systemLevel } = own
        return [
          dimension,
          {
            ...measures(own.point),
            ci95: Object.fromEntries(
              Object.entries(measures(own.intervals)).map(([name, bounds]) => [name, interval(bounds)]),
            ),
            mean_claude: own.means[0],
            mean_gemini: own.means[1],
            system_level:
              systemLevel === null
                ? null
                : {
                    n_systems: systemLevel.systems,
                    spearman: systemLevel.spearman,
                    kendall_tau_b: systemLevel.kendallTauB,
                    pearson: systemLevel.pearson,
                  },
          },
        ]
      }),
    ),
  }
}

function givenBias({ selfPreference, length, dimensions }: ReportedTable): Json {
  const row = (judge: string, dimension: string): ReportedTable['selfPreference'][number] =>
    found(
      selfPreference.find((own) => shortName(own.judge) === judge && own.dimension === dimension),
      `self-preference of ${judge}`,
    )
  return {
    self_preference: Object.fromEntries(
      dimensions.map((dimension) => [
        dimension,
        {
          claude_minus_gemini_by_model: row('claude', dimension).gapByAgent,
          baseline_other4: row('claude', dimension).baseline,
          claude_self_preference: row('claude', dimension).points,
          gemini_self_preference: row('gemini', dimension).points,
        },
      ]),
    ),
    length_vs_overall: byJudge(
      length.map(({ judge, spearman, pearson, spearmanByAgent }) => [
        judge,
        { spearman_pooled: spearman, pearson_pooled: pearson, spearman_within_model: spearmanByAgent },
      ]),
    ),
  }
}

function givenAblation({ viewAblations }: Report, agent: string): Json {
  const own = found(
    viewAblations.find((ablation) => ablation.agent === agent && ablation.view === 'no-code'),
    `ablation of ${agent}`,
  )
  const difference = (of: { fullMean: number; otherMean: number; difference: number }): Json => ({
    with_code_mean: of.fullMean,
    no_code_mean: of.otherMean,
    delta_no_code_minus_with: of.difference,
  })
  return {
    n_tasks: own.trials.length,
    tasks: own.trials.map((trial) => trial.split('/')[0] ?? ''),
    dimensions: Object.fromEntries(
      own.dimensions.map(({ dimension, average, judges }) => [
        dimension,
        { ...byJudge(judges.map((of) => [of.judge, difference(of)])), avg: difference(average) },
      ]),
    ),
  }
}

const countYes = ({ judges }: AnswerAgreement): Record<string, number> =>
  byJudge(judges.map(({ judge, yes }) => [judge, yes]))
const answersOf = (judges: Readonly<Record<string, boolean | null>>): Record<string, boolean | null> =>
  byJudge(Object.entries(judges))

function givenFlag({ flag }: FaultAgreement): Json {
  if (flag === null) return null
  return {
    ...countYes(flag),
    union: flag.union,
    intersection: flag.intersection,
    raw_agreement: flag.pairs[0]?.rawAgreement ?? null,
    cohen_kappa: flag.pairs[0]?.cohenKappa ?? null,
    per_task: Object.fromEntries(flag.byItem.map(({ task, judges }) => [task, answersOf(judges)])),
  }
}

const typeNames: Readonly<Record<string, string>> = {
  'faked-result': 'Faked Experimental Results',
  'hallucinated-methodology': 'Hallucinated Methodology',
  'nonexistent-citation': 'Nonexistent Citations',
  'mathematical-error': 'Mathematical Errors',
}
const labelNames = { yes: 'Yes', no: 'No', 'not-sure': 'Not Sure' } as const

function givenFindings({ flag, types, items }: FaultAgreement): Json {
  const name = (type: string): string => found(typeNames[type], `type ${type}`)
  const judges = (flag?.judges ?? []).map(({ judge }) => judge)
  const tasks = (types[0]?.byItem ?? []).map(({ task }) => task)
  const classified = (of: Classification): Json => ({
    tp: of.truePositives,
    fp: of.falsePositives,
    fn: of.falseNegatives,
    tn: of.trueNegatives,
    accuracy: of.accuracy,
    precision: of.precision,
    recall: of.recall,
    f1: of.f1,
    specificity: of.specificity,
  })
  return {
    has_hallucination: flag === null ? null : countYes(flag),
    instances: byJudge(
      judges.map((judge) => [
        judge,
        Object.fromEntries(
          types.map(({ type, instances }) => [name(type), instances.find((own) => own.judge === judge)?.count ?? null]),
        ),
      ]),
    ),
    types: Object.fromEntries(
      types.map(({ type, human, ...own }) => [
        name(type),
        {
          tasks_flagged: { ...countYes(own), union: own.union, intersection: own.intersection },
          judge_raw_agreement: own.pairs[0]?.rawAgreement ?? null,
          judge_cohen_kappa: own.pairs[0]?.cohenKappa ?? null,
          human:
            human === null
              ? null
              : { Yes: human.yes, No: human.no, 'Not Sure': human.notSure, '(missing row)': human.unlabelled },
          human_yes_over_all_tasks: human?.yesShare ?? null,
          n_yes_no: human === null ? null : items - human.notSure - human.unlabelled,
          vs_human: Object.fromEntries(
            (human?.against ?? []).map(({ by, ...of }) => [
              'judge' in by ? shortName(by.judge) : by.panel === 'any' ? 'union' : 'intersection',
              classified(of),
            ]),
          ),
        },
      ]),
    ),
    per_task: Object.fromEntries(
      tasks.map((task) => [
        task,
        Object.fromEntries(
          types.map(({ type, byItem }) => {
            const item = found(
              byItem.find((own) => own.task === task),
              task,
            )
            const human = item.human === null ? '(missing row)' : labelNames[item.human]
            return [name(type), { ...answersOf(item.judges), human }]
          }),
        ),
      ]),
    ),
  }
}

function givenFigures(of: CostFigures): Json {
  return {
    idea: of.stages.idea ?? null,
    lit: of.stages.literature ?? null,
    proposal: of.stages.proposal ?? null,
    paper: of.stages.paper ?? null,
    coding: of.codingUsd,
    duration_ms: of.sessionDurationMs,
    llm_total: of.writingUsd,
    total: of.totalUsd,
    codex_tokens_used_sum: of.sessionTokens,
  }
}
