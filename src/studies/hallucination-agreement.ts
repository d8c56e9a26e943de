import type { HumanReview } from '../schema/human.ts'
import {
  type AnswerAgreement,
  type Answered,
  agreeOnAnswers,
  type Classification,
  classify,
  saysAll,
  saysAny,
} from './answer-agreement.ts'
import { compareText, currentReviews, labelAgents, type MarkedReview, partsOfTrial, type ReviewedRun } from './marks.ts'

/** A run with what people said of its papers. */
export interface LabelledRun extends ReviewedRun {
  readonly humanReviews: readonly HumanReview[]
}

export interface FaultAgreement {
  readonly rubric: string
  readonly view: MarkedReview['view']
  readonly judgeKind: MarkedReview['judge']['kind']
  readonly agent: string
  readonly run: string
  readonly items: number
  readonly tasks: number
  /** The rubric's yes-or-no question; null where it has none. */
  readonly flag: (AnswerAgreement & { readonly id: string; readonly byItem: readonly ItemAnswers[] }) | null
  /** By type of finding, those that a judge or a person found at all; empty for a rubric without findings. */
  readonly types: readonly FindingAgreement[]
}

export interface FindingAgreement extends AnswerAgreement {
  readonly type: string
  /** Findings listed by each judge, in all; with repeats, on average over them. */
  readonly instances: readonly { readonly judge: string; readonly count: number }[]
  readonly byItem: readonly (ItemAnswers & { readonly human: HumanLabel | null })[]
  /** Null where nobody labelled any of the items. */
  readonly human: HumanComparison | null
}

/** `judges` holds each judge's answer by its name; null where it gave none. */
export interface ItemAnswers {
  readonly trial: string
  readonly task: string
  readonly judges: Readonly<Record<string, boolean | null>>
}

export type HumanLabel = HumanReview['labels'][string]

/** Judges against people on one type of finding. People who saw the judges' output first are no independent truth. */
export interface HumanComparison {
  readonly yes: number
  readonly no: number
  readonly notSure: number
  readonly unlabelled: number
  /** Yes over all items, unlabelled ones included. */
  readonly yesShare: number
  /** Over items labelled yes or no: each judge, and all judges as one that says yes when any, or all, of them do. */
  readonly against: readonly (Classification & {
    readonly by: { readonly judge: string } | { readonly panel: 'any' | 'all' }
  })[]
}

/** How judges agree with one another, and with people, on faults: the yes-or-no question of a rubric, and its findings by type. */
export function agreeOnFaults(runs: readonly LabelledRun[]): FaultAgreement[] {
  const label = labelAgents(runs)
  return runs.flatMap(({ run, agents, reviews, humanReviews }) => {
    const asked = currentReviews(reviews).filter(({ flag, findings }) => flag !== null || findings !== null)
    const groups = Map.groupBy(asked, ({ rubric, view, judge, trial }) =>
      [rubric.id, view, judge.kind, partsOfTrial(trial).agent].join('\n'),
    )
    const place = (own: readonly MarkedReview[]): number => agents.indexOf(partsOfTrial(own[0]?.trial ?? '').agent)
    return [...groups.values()]
      .toSorted((a, b) => compareText(a[0]?.rubric.id ?? '', b[0]?.rubric.id ?? '') || place(a) - place(b))
      .flatMap((own) => {
        const [first] = own
        if (first === undefined) return []
        const { rubric, view, judge, trial } = first
        const agreement = agreeInGroup(own, labelsOf(humanReviews, rubric.id))
        const agent = label(run, partsOfTrial(trial).agent)
        return [{ rubric: rubric.id, view, judgeKind: judge.kind, agent, run, ...agreement }]
      })
  })
}

/** By trial, then by type. Where people differ the label is not sure. */
type Labels = ReadonlyMap<string, ReadonlyMap<string, HumanLabel>>

function labelsOf(reviews: readonly HumanReview[], rubric: string): Labels {
  const labels = new Map<string, Map<string, HumanLabel>>()
  for (const review of reviews.filter((own) => own.rubric === rubric)) {
    const own = labels.get(review.trial) ?? new Map<string, HumanLabel>()
    labels.set(review.trial, own)
    for (const [type, given] of Object.entries(review.labels)) {
      const known = own.get(type)
      own.set(type, known === undefined || known === given ? given : 'not-sure')
    }
  }
  return labels
}

function agreeInGroup(
  reviews: readonly MarkedReview[],
  labels: Labels,
): Pick<FaultAgreement, 'items' | 'tasks' | 'flag' | 'types'> {
  const judges = [...new Set(reviews.map(({ judge }) => judge.name))].toSorted(compareText)
  const items = [...Map.groupBy(reviews, ({ trial }) => trial)]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([trial, own]) => ({
      trial,
      task: partsOfTrial(trial).task,
      byJudge: judges.map((name) => own.filter(({ judge }) => judge.name === name)),
    }))
  const ask = (answer: (review: MarkedReview) => boolean | null): Answered[] =>
    items.map(({ trial, task, byJudge }) => ({ trial, task, answers: byJudge.map((own) => mostly(own, answer)) }))

  const id = reviews.find(({ flag }) => flag !== null)?.flag?.id
  const flags = ask(({ flag }) => flag?.value ?? null)
  const found = reviews.flatMap(({ findings }) => (findings ?? []).map(({ type }) => type))
  const labelled = items.flatMap(({ trial }) => [...(labels.get(trial)?.keys() ?? [])])
  return {
    items: items.length,
    tasks: new Set(items.map(({ task }) => task)).size,
    flag: id === undefined ? null : { id, ...agreeOnAnswers(judges, flags), byItem: nameAnswers(judges, flags) },
    types: [...new Set([...found, ...labelled])].toSorted(compareText).map((type) => {
      const answered = ask(({ findings }) => findings && findings.some((finding) => finding.type === type))
      const humans = items.map(({ trial }) => labels.get(trial)?.get(type) ?? null)
      const count = ({ findings }: MarkedReview): number => (findings ?? []).filter((own) => own.type === type).length
      return {
        type,
        ...agreeOnAnswers(judges, answered),
        instances: judges.map((judge, index) => {
          const perItem = items.map(({ byJudge }) => (byJudge[index] ?? []).map(count))
          return { judge, count: perItem.reduce((sum, own) => sum + average(own), 0) }
        }),
        byItem: nameAnswers(judges, answered).map((item, index) => ({ ...item, human: humans[index] ?? null })),
        human: compareWithPeople(judges, answered, humans),
      }
    }),
  }
}

/** Whether at least half of a judge's reviews of a thing say yes; null where none says anything. */
function mostly(reviews: readonly MarkedReview[], answer: (review: MarkedReview) => boolean | null): boolean | null {
  const answers = reviews.flatMap((review) => answer(review) ?? [])
  return answers.length === 0 ? null : answers.filter(Boolean).length * 2 >= answers.length
}

const average = (counts: readonly number[]): number =>
  counts.length === 0 ? 0 : counts.reduce((sum, count) => sum + count, 0) / counts.length

function nameAnswers(judges: readonly string[], items: readonly Answered[]): ItemAnswers[] {
  return items.map(({ trial, task, answers }) => ({
    trial,
    task,
    judges: Object.fromEntries(judges.map((judge, index) => [judge, answers[index] ?? null])),
  }))
}

function compareWithPeople(
  judges: readonly string[],
  items: readonly Answered[],
  humans: readonly (HumanLabel | null)[],
): HumanComparison | null {
  if (humans.every((human) => human === null)) return null
  const count = (label: HumanLabel | null): number => humans.filter((human) => human === label).length
  const against = (answer: (item: Answered) => boolean | null): Classification =>
    classify(
      items.flatMap((item, index) => {
        const [said, human] = [answer(item), humans[index] ?? null]
        return said === null || human === null || human === 'not-sure' ? [] : [{ said, truth: human === 'yes' }]
      }),
    )
  return {
    yes: count('yes'),
    no: count('no'),
    notSure: count('not-sure'),
    unlabelled: count(null),
    yesShare: count('yes') / items.length,
    against: [
      ...judges.map((judge, place) => ({ by: { judge }, ...against(({ answers }) => answers[place] ?? null) })),
      { by: { panel: 'any' }, ...against(saysAny) },
      { by: { panel: 'all' }, ...against(saysAll) },
    ],
  }
}
