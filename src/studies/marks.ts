import { listAt } from '../base/list-at.ts'
import type { Review } from '../schema/review.ts'
import { mean, median } from '../stats/mean.ts'

/** What tables read of a review: all but its words. */
export interface MarkedReview
  extends Readonly<Pick<Review, 'trial' | 'rubric' | 'view' | 'repeat' | 'createdAt' | 'subject'>> {
  readonly judge: Readonly<Pick<Review['judge'], 'name' | 'kind'>>
  readonly scores: Readonly<Record<string, { readonly score: number }>>
  readonly overall: { readonly score: number } | null
  readonly flag: { readonly id: string; readonly value: boolean } | null
  readonly findings: readonly { readonly type: string }[] | null
}

/** One run's reviews. */
export interface ReviewedRun {
  /** A name that no other run at hand has. */
  readonly run: string
  /** Its agents, in the order to show them. */
  readonly agents: readonly string[]
  readonly reviews: readonly MarkedReview[]
}

export const reducers = ['mean', 'median', 'trimmed-mean'] as const
/** How several reviews of the same thing by the same judge become one mark. */
export type Reducer = (typeof reducers)[number]

/** One thing that was judged, with the marks of every judge of its table. */
export interface MarkedItem {
  /** As the table names it. */
  readonly agent: string
  readonly run: string
  /** `<task>/<agent>/<repeat>` within its run. */
  readonly trial: string
  readonly task: string
  /** Unicode code points of the text under review; null where no review says. */
  readonly characters: number | null
  /** By judge, then by dimension, 1..10, both in the table's order. Null: that judge gave no such mark. */
  readonly marks: readonly (readonly (number | null)[])[]
}

/** Marks that may be compared: one rubric, one view, one kind of judge. */
export interface MarkTable {
  readonly rubric: string
  readonly view: Review['view']
  /** Models, fixed rules and linear models are never averaged together. */
  readonly judgeKind: Review['judge']['kind']
  /** Those with marks, in the order of the runs: by their name where it is the only one, else `<run>:<name>`. */
  readonly agents: readonly { readonly agent: string; readonly run: string }[]
  /** Sorted. */
  readonly judges: readonly string[]
  /** As the reviews have them; `overall` last. */
  readonly dimensions: readonly string[]
  /** Sorted by task (code units), then by agent, then by repeat. */
  readonly items: readonly MarkedItem[]
}

/** Sorts reviews into tables, in the order the reviews first need them; repeats of a judge are reduced to one mark. */
export function tabulateMarks(runs: readonly ReviewedRun[], reduce: Reducer): MarkTable[] {
  const label = labelAgents(runs)
  const drafts: Draft[] = []
  for (const { run, reviews } of runs)
    for (const review of currentReviews(reviews)) {
      let draft = drafts.find(({ of }) => belongTogether(of, review))
      if (draft === undefined) {
        draft = { of: review, dimensions: new Set(), judges: new Set(), items: new Map() }
        drafts.push(draft)
      }
      addReview(draft, { run, review })
    }
  return drafts.map((draft) => finishTable(draft, { runs, label, reduce }))
}

const belongTogether = (a: MarkedReview, b: MarkedReview): boolean =>
  a.rubric.id === b.rubric.id && a.view === b.view && a.judge.kind === b.judge.kind

/** Each agent's name in tables over all these runs. */
export function labelAgents(
  runs: readonly Pick<ReviewedRun, 'run' | 'agents'>[],
): (run: string, agent: string) => string {
  const counts = new Map<string, number>()
  for (const { agents } of runs) for (const agent of agents) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  return (run, agent) => ((counts.get(agent) ?? 0) > 1 ? `${run}:${agent}` : agent)
}

/**
 * Of what was judged again after it changed, or after its rubric did, only the newest counts: marks of two scales have no mean. A rubric
 * whose text is unknown, as with imported reviews, is neither older nor newer than ours: such a review gives way only to one of its own
 * judge of the same work.
 */
export function currentReviews<Kept extends MarkedReview>(reviews: readonly Kept[]): Kept[] {
  const subjects = new Map<string, Map<string, Kept>>()
  const rubrics = new Map<string, Map<string, Kept>>()
  const judged = new Set<string>()
  const judgeKey = ({ rubric, trial, view, judge }: Kept): string => `${rubric.id}\n${trial}\n${view}\n${judge.name}`
  for (const review of reviews) {
    const { trial, rubric, judge } = review
    keepNewer(innerMap(subjects, rubric.id), trial, review)
    if (rubric.hash === null) continue
    keepNewer(innerMap(rubrics, rubric.id), judge.kind, review)
    judged.add(judgeKey(review))
  }
  return reviews.filter(
    (review) =>
      review.subject.sha256 === subjects.get(review.rubric.id)?.get(review.trial)?.subject.sha256 &&
      (review.rubric.hash === null
        ? judged.size === 0 || !judged.has(judgeKey(review))
        : review.rubric.hash === rubrics.get(review.rubric.id)?.get(review.judge.kind)?.rubric.hash),
  )
}

function keepNewer<Kept extends MarkedReview>(newest: Map<string, Kept>, key: string, review: Kept): void {
  const known = newest.get(key)
  if (known === undefined || review.createdAt >= known.createdAt) newest.set(key, review)
}

/** A map in a map, made where it is not there yet: joining two keys to one takes longer. */
function innerMap<Value>(outer: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let inner = outer.get(key)
  if (inner === undefined) outer.set(key, (inner = new Map()))
  return inner
}

/** Several marks as one. The trimmed mean leaves out a fifth at either end, and at least one of three or more. */
export function reduceMarks(marks: readonly number[], reduce: Reducer): number | null {
  if (marks.length === 1) return marks[0] ?? null
  switch (reduce) {
    case 'mean':
      return mean(marks)
    case 'median':
      return median(marks)
    case 'trimmed-mean': {
      const cut = marks.length < 3 ? 0 : Math.max(1, Math.floor(marks.length / 5))
      return mean(marks.toSorted((a, b) => a - b).slice(cut, marks.length - cut))
    }
  }
}

/** One judge's mark of one artefact in one dimension. */
export interface Mark {
  readonly task: string
  readonly agent: string
  readonly judge: string
  /** A dimension of the rubric, or `overall`. */
  readonly dimension: string
  /** 1..10; a fraction where repeats were reduced. */
  readonly score: number
}

/** The marks in one review. */
export function marksOf(review: MarkedReview): Mark[] {
  const { task, agent } = partsOfTrial(review.trial)
  const of = { task, agent, judge: review.judge.name }
  const marks = Object.entries(review.scores).map(([dimension, { score }]) => ({ ...of, dimension, score }))
  return review.overall === null ? marks : [...marks, { ...of, dimension: 'overall', score: review.overall.score }]
}

/** The marks of a table one by one, agents as the table names them. */
export function listMarks({ judges, dimensions, items }: MarkTable): Mark[] {
  return items.flatMap(({ task, agent, marks }) =>
    judges.flatMap((judge, place) =>
      dimensions.flatMap((dimension, index) => {
        const score = marks[place]?.[index] ?? null
        return score === null ? [] : [{ task, agent, judge, dimension, score }]
      }),
    ),
  )
}

/** One thing with the marks its judges gave it in one dimension; several marks of one judge are averaged. */
export interface JudgedItem {
  readonly task: string
  readonly agent: string
  /** By judge. */
  readonly marks: ReadonlyMap<string, number>
}

/** Marks of a single dimension by what was marked, in the order of their first marks. */
export function groupItems(marks: readonly Mark[]): JudgedItem[] {
  const items: (JudgedItem & {
    readonly given: Map<string, readonly number[]>
    readonly marks: Map<string, number>
  })[] = []
  const byTask = new Map<string, Map<string, (typeof items)[number]>>()
  for (const { task, agent, judge, score } of marks) {
    let agents = byTask.get(task)
    if (agents === undefined) byTask.set(task, (agents = new Map()))
    let item = agents.get(agent)
    if (item === undefined) {
      item = { task, agent, marks: new Map(), given: new Map() }
      agents.set(agent, item)
      items.push(item)
    }
    const known = item.marks.get(judge)
    if (known === undefined) item.marks.set(judge, score)
    else {
      const given = [...(item.given.get(judge) ?? [known]), score]
      item.given.set(judge, given)
      item.marks.set(judge, mean(given) ?? score)
    }
  }
  return items
}

/** The parts of `<task>/<agent>/<repeat>`. */
export function partsOfTrial(trial: string): { task: string; agent: string; repeat: number } {
  const [task = '', agent = '', repeat = ''] = trial.split('/')
  return { task, agent, repeat: Number(repeat) }
}

/** Items by task, tasks sorted by id in code units: the clusters of every bootstrap. */
export function clusterByTask<Item extends { readonly task: string }>(items: readonly Item[]): Item[][] {
  return [...Map.groupBy(items, ({ task }) => task)].toSorted(([a], [b]) => compareText(a, b)).map(([, own]) => own)
}

interface Draft {
  readonly of: MarkedReview
  readonly dimensions: Set<string>
  readonly judges: Set<string>
  /** By run, then by trial. */
  readonly items: Map<string, Map<string, MarkedReview[]>>
}

function addReview({ dimensions, judges, items }: Draft, { run, review }: { run: string; review: MarkedReview }): void {
  judges.add(review.judge.name)
  for (const dimension of Object.keys(review.scores)) dimensions.add(dimension)
  if (review.overall !== null) dimensions.add('overall')
  const own = innerMap(items, run)
  listAt(own, review.trial).push(review)
}

function finishTable(
  draft: Draft,
  { runs, label, reduce }: { runs: readonly ReviewedRun[]; label: ReturnType<typeof labelAgents>; reduce: Reducer },
): MarkTable {
  const { rubric, view, judge } = draft.of
  const judges = [...draft.judges].toSorted(compareText)
  const dimensions = [...draft.dimensions].filter((dimension) => dimension !== 'overall')
  if (draft.dimensions.has('overall')) dimensions.push('overall')
  const places = new Map(judges.map((name, place) => [name, place]))
  const reviewed = [...draft.items].flatMap(([run, trials]) =>
    Array.from(trials, ([trial, reviews]) => ({ run, trial, reviews })),
  )
  const items = reviewed.map(({ run, trial, reviews }) => {
    const { task, agent, repeat } = partsOfTrial(trial)
    const given: MarkedReview[][] = judges.map(() => [])
    for (const review of reviews) given[places.get(review.judge.name) ?? 0]?.push(review)
    const marks = given.map((own) => marksOfJudge(own, dimensions, reduce))
    const characters = reviews.find(({ subject }) => subject.characters !== null)?.subject.characters ?? null
    return { item: { agent: label(run, agent), run, trial, task, characters, marks }, repeat }
  })
  const marked = new Set(items.map(({ item }) => item.agent))
  const agents = runs
    .flatMap(({ run, agents: names }) => names.map((name) => ({ agent: label(run, name), run })))
    .filter(({ agent }) => marked.has(agent))
  const place = new Map(agents.map(({ agent }, index) => [agent, index]))
  items.sort(
    (a, b) =>
      compareText(a.item.task, b.item.task) ||
      (place.get(a.item.agent) ?? 0) - (place.get(b.item.agent) ?? 0) ||
      a.repeat - b.repeat,
  )
  return {
    rubric: rubric.id,
    view,
    judgeKind: judge.kind,
    agents,
    judges,
    dimensions,
    items: items.map(({ item }) => item),
  }
}

/** One judge's marks of one thing, by dimension. */
function marksOfJudge(
  reviews: readonly MarkedReview[],
  dimensions: readonly string[],
  reduce: Reducer,
): (number | null)[] {
  const [only] = reviews
  if (only !== undefined && reviews.length === 1) return dimensions.map((dimension) => markOf(only, dimension))
  return dimensions.map((dimension) =>
    reduceMarks(
      reviews.flatMap((review) => markOf(review, dimension) ?? []),
      reduce,
    ),
  )
}

function markOf(review: MarkedReview, dimension: string): number | null {
  return (dimension === 'overall' ? review.overall : review.scores[dimension])?.score ?? null
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
