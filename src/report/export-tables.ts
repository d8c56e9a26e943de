import { join } from 'node:path'
import { readEvents } from '../runs/event-log.ts'
import { readHumanReviews } from '../runs/human-store.ts'
import { readReviews } from '../runs/review-store.ts'
import { listTrials, trialFolder } from '../runs/run-store.ts'
import { deriveTrialState } from '../runs/trial-state.ts'
import { readTrialRecord } from '../runs/trial-store.ts'
import { stageModel } from '../schema/agent-model.ts'
import type { AgentSpec } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'
import type { RunRecord } from '../schema/run.ts'
import { stages } from '../schema/stage.ts'

/** Types a column can have, as Parquet names them. Every column may hold nulls: what is not reported. */
export type ColumnType = 'STRING' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP'

export interface Column {
  readonly type: ColumnType
  /** One line for the table of columns in the documentation. */
  readonly about: string
}

type Value = string | number | boolean | null
export type ExportRow = Readonly<Record<string, Value>>

const text = (about: string): Column => ({ type: 'STRING', about })
const count = (about: string): Column => ({ type: 'INT64', about })
const number = (about: string): Column => ({ type: 'DOUBLE', about })
const flag = (about: string): Column => ({ type: 'BOOLEAN', about })
const time = (about: string): Column => ({ type: 'TIMESTAMP', about })

const trialColumns = {
  run: text('id of the run'),
  trial: text('`task/agent/repeat`'),
  task: text('id of the task'),
  agent: text('name of the agent'),
  trial_repeat: count('from 1'),
}
const usageColumns = {
  input_tokens: count('all input, cached input included'),
  output_tokens: count('all output, reasoning included'),
  cached_read_tokens: count('input read from a cache'),
  cached_write_tokens: count('input written to a cache'),
  reasoning_tokens: count('output spent on reasoning'),
  cost_usd: number('dollars'),
}
const reviewColumns = {
  review: text('id of the review'),
  rubric: text('id of the rubric'),
  view: text('`full`, `no-code` or `blind`'),
  judge: text('name of the judge'),
  judge_kind: text('`model`, `rule` or `distilled`: never to be averaged together'),
  review_repeat: count('from 1'),
}

/** The tables of an export: one for each type of record. Column names are those of the files. */
export const exportTables = {
  trials: {
    about: 'One row a trial.',
    columns: {
      ...trialColumns,
      task_title: text('title of the task'),
      agent_kind: text('`mlr-agent`, `command` or `imported`'),
      coder: text('who did the experiment: `bash-loop`, `codex`, …; null where nobody says'),
      coder_version: text('as its program told it'),
      sandbox: text('where the experiment ran'),
      calls_refused: count('calls that the gateway refused'),
      hosts_refused: count('hosts that the proxy refused'),
      model: text('backbone; null where nobody says'),
      commands: count('commands that the coder executed'),
      ...usageColumns,
      created_at: time('when the trial was made, or imported'),
    },
  },
  stages: {
    about: 'One row a stage of a trial that was begun.',
    columns: {
      ...trialColumns,
      stage: text('idea, literature, proposal, experiment or paper'),
      status: text('`done`, `failed`, `unfinished` or `pending`'),
      attempts: count('attempts so far'),
      duration_ms: number('of the last attempt that ended'),
      failure_code: text('why it failed'),
      failure_message: text('the same in words'),
      ...usageColumns,
    },
  },
  reviews: {
    about: 'One row a review by a judge.',
    columns: {
      ...trialColumns,
      ...reviewColumns,
      subject: text('path of what was judged, within the trial'),
      subject_characters: count('Unicode code points of the subject'),
      overall: count('holistic mark 1 to 10'),
      confidence: count('1 to 5'),
      flag: text('id of the yes-or-no question'),
      flag_value: flag('its answer'),
      flag_details: text('and why'),
      strengths: text('one a line'),
      weaknesses: text('one a line'),
      addressed_passages: count('passages in the material that speak to the reviewer; null where nobody looked'),
      ...usageColumns,
      latency_ms: number('from the first question to the last reply'),
      tries: count('replies asked for until one was valid'),
      created_at: time('when it was made, or imported'),
    },
  },
  scores: {
    about: 'One row a mark: a dimension of a review, or its overall mark.',
    columns: {
      ...trialColumns,
      ...reviewColumns,
      dimension: text('dimension of the rubric, or `overall`'),
      score: count('1 to 10'),
      justification: text('null for `overall`'),
    },
  },
  findings: {
    about: 'One row a fault that a judge lists.',
    columns: {
      ...trialColumns,
      ...reviewColumns,
      type: text('id of the finding type'),
      description: text('what is wrong'),
      quote: text('the passage, in the judge’s words'),
      quote_exists: flag('whether the material holds the quotation; null where nobody looked'),
    },
  },
  human_scores: {
    about: 'One row a mark by a person.',
    columns: {
      ...trialColumns,
      review: text('id of the human review'),
      reviewer: text('who marked'),
      rubric: text('id of the rubric'),
      dimension: text('dimension of the rubric, or `overall`'),
      score: number('1 to 10'),
      created_at: time('when it was made, or imported'),
    },
  },
  human_labels: {
    about: 'One row a finding type that a person looked for.',
    columns: {
      ...trialColumns,
      review: text('id of the human review'),
      reviewer: text('who looked'),
      rubric: text('id of the rubric'),
      type: text('id of the finding type'),
      label: text('`yes`, `no` or `not-sure`'),
    },
  },
  model_calls: {
    about: 'One row a reply of a model, to an agent, its coder, or the code of an experiment.',
    columns: {
      ...trialColumns,
      call: text('id of the call; the same when a reply was used again'),
      stage: text('stage it was made for'),
      caller: text('`agent`, or `experiment-code` for a call of the experiment itself'),
      attempt: count('from 1'),
      step: count('from 1 within the attempt'),
      model: text('as configured'),
      response_model: text('as the provider named it'),
      finish_reason: text('why the reply ended'),
      retries: count('tries before this one'),
      cache: text('`miss`, `hit`, `shared` or `off`'),
      ...usageColumns,
      latency_ms: number('from send to last byte'),
      at: time('when it ended'),
    },
  },
  commands: {
    about: 'One row a command that a coder executed.',
    columns: {
      ...trialColumns,
      attempt: count('from 1'),
      step: count('from 1 within the attempt'),
      command: text('as it was executed'),
      exit_code: count('null where it was killed, or nobody says'),
      exceeded_limit: text('the limit that ended it'),
      duration_ms: number('wall clock'),
      output: text('standard output and error, as recorded'),
      output_bytes: count('before it was cut'),
      at: time('when it ended'),
    },
  },
  files: {
    about: 'One row a change of a file in a workspace.',
    columns: {
      ...trialColumns,
      attempt: count('from 1'),
      step: count('the command that wrote it'),
      path: text('within the workspace'),
      change: text('`created`, `changed` or `deleted`'),
      bytes: count('after the change'),
      sha256: text('after the change'),
      at: time('when it was seen'),
    },
  },
} as const satisfies Record<string, { about: string; columns: Readonly<Record<string, Column>> }>

export type ExportTable = keyof typeof exportTables
export type ExportedRows = Record<ExportTable, ExportRow[]>

/** All records of a run as rows of the tables, in a fixed order: by trial, then as they happened. */
export async function readExportRows(run: { folder: string; record: RunRecord }): Promise<ExportedRows> {
  const rows: ExportedRows = {
    trials: [],
    stages: [],
    reviews: [],
    scores: [],
    findings: [],
    human_scores: [],
    human_labels: [],
    model_calls: [],
    commands: [],
    files: [],
  }
  for (const id of await listTrials(run.folder)) {
    const folder = trialFolder(run.folder, id)
    const { events } = await readEvents(join(folder, 'events'))
    await addTrial(rows, { folder, key: trialKey(run.record.id, id) }, events)
    for (const event of events) addEvent(rows, trialKey(run.record.id, id), event)
  }
  for (const review of await readReviews(run.folder)) addReview(rows, trialKey(run.record.id, review.trial), review)
  for (const review of await readHumanReviews(run.folder))
    addHumanReview(rows, trialKey(run.record.id, review.trial), review)
  return rows
}

function trialKey(run: string, trial: string): ExportRow {
  const [task = '', agent = '', repeat = ''] = trial.split('/')
  return { run, trial, task, agent, trial_repeat: Number(repeat) }
}

type Spent = ReturnType<typeof deriveTrialState>['spending']

function usageRow({ usage, costUsd }: Pick<Spent, 'usage' | 'costUsd'>): ExportRow {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_read_tokens: usage.cachedReadTokens,
    cached_write_tokens: usage.cachedWriteTokens,
    reasoning_tokens: usage.reasoningTokens,
    cost_usd: costUsd,
  }
}

async function addTrial(
  rows: ExportedRows,
  { folder, key }: { folder: string; key: ExportRow },
  events: readonly RunEvent[],
): Promise<void> {
  const { task, agent, createdAt } = await readTrialRecord(folder)
  const state = deriveTrialState(events)
  const model = agent.kind === 'imported' ? (Object.values(agent.models)[0] ?? null) : stageModel(agent, 'paper')
  rows.trials.push({
    ...key,
    task_title: task.title,
    agent_kind: agent.kind,
    ...coderColumns(agent, events),
    model,
    commands: state.commands,
    ...usageRow(state.spending),
    created_at: createdAt,
  })
  for (const stage of stages) {
    const own = state.stages[stage]
    if (own === undefined) continue
    const spent = state.spendingByStage[stage]
    rows.stages.push({
      ...key,
      stage,
      status: own.status,
      attempts: own.attempt,
      duration_ms: own.durationMs,
      failure_code: own.code,
      failure_message: own.message,
      ...(spent === undefined ? {} : usageRow(spent)),
    })
  }
}

function coderColumns(agent: AgentSpec, events: readonly RunEvent[]): ExportRow {
  const started = events.findLast((event) => event.type === 'coder-started')
  const opened = events.findLast((event) => event.type === 'sandbox-opened')
  const refused = (type: 'gateway-refused' | 'egress-refused'): number =>
    events.reduce((sum, event) => sum + (event.type === type ? event.count : 0), 0)
  return {
    coder: agent.kind === 'imported' ? null : agent.coder.kind,
    coder_version: started?.version ?? null,
    sandbox: opened?.sandbox ?? null,
    calls_refused: refused('gateway-refused'),
    hosts_refused: refused('egress-refused'),
  }
}

function addEvent(rows: ExportedRows, key: ExportRow, event: RunEvent): void {
  if (event.type === 'model-called' && event.purpose.kind !== 'review')
    rows.model_calls.push({
      ...key,
      call: event.callId,
      stage: event.purpose.kind === 'stage' ? event.purpose.stage : 'experiment',
      caller: event.purpose.kind === 'stage' ? 'agent' : 'experiment-code',
      attempt: event.purpose.attempt,
      step: event.purpose.step,
      model: event.model,
      response_model: event.responseModel,
      finish_reason: event.finishReason,
      retries: event.retries,
      cache: event.cache,
      ...usageRow(event),
      latency_ms: event.latencyMs,
      at: event.at,
    })
  if (event.type === 'command-executed')
    rows.commands.push({
      ...key,
      attempt: event.attempt,
      step: event.step,
      command: event.command,
      exit_code: event.exitCode,
      exceeded_limit: event.exceededLimit,
      duration_ms: event.durationMs,
      output: event.output,
      output_bytes: event.outputBytes,
      at: event.at,
    })
  if (event.type === 'file-written')
    rows.files.push({
      ...key,
      attempt: event.attempt,
      step: event.step,
      path: event.path,
      change: event.change,
      bytes: event.bytes,
      sha256: event.sha256,
      at: event.at,
    })
}

function addReview(rows: ExportedRows, key: ExportRow, review: Awaited<ReturnType<typeof readReviews>>[number]): void {
  const { overall, flag: asked } = review
  const own = {
    ...key,
    review: review.id,
    rubric: review.rubric.id,
    view: review.view,
    judge: review.judge.name,
    judge_kind: review.judge.kind,
    review_repeat: review.repeat,
  }
  rows.reviews.push({
    ...own,
    subject: review.subject.path,
    subject_characters: review.subject.characters,
    overall: overall?.score ?? null,
    confidence: review.confidence,
    flag: asked?.id ?? null,
    flag_value: asked?.value ?? null,
    flag_details: asked?.details ?? null,
    strengths: overall?.strengths.join('\n') ?? null,
    weaknesses: overall?.weaknesses.join('\n') ?? null,
    addressed_passages: review.addressed?.length ?? null,
    ...usageRow(review),
    latency_ms: review.latencyMs,
    tries: review.tries,
    created_at: review.createdAt,
  })
  for (const [dimension, { score, justification }] of Object.entries(review.scores))
    rows.scores.push({ ...own, dimension, score, justification })
  if (overall !== null) rows.scores.push({ ...own, dimension: 'overall', score: overall.score, justification: null })
  for (const { type, description, quote, quoted } of review.findings ?? [])
    rows.findings.push({ ...own, type, description, quote, quote_exists: quoted?.found ?? null })
}

function addHumanReview(
  rows: ExportedRows,
  key: ExportRow,
  review: Awaited<ReturnType<typeof readHumanReviews>>[number],
): void {
  const own = { ...key, review: review.id, reviewer: review.reviewer, rubric: review.rubric }
  const marks = Object.entries(review.scores)
  if (review.overall !== null) marks.push(['overall', review.overall])
  for (const [dimension, score] of marks)
    rows.human_scores.push({ ...own, dimension, score, created_at: review.createdAt })
  for (const [type, label] of Object.entries(review.labels)) rows.human_labels.push({ ...own, type, label })
}
