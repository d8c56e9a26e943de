import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderMarkdown, renderText } from '../../report/table.ts'
import { validationTables } from '../../report/validation-tables.ts'
import { loadRubric, rubricIds } from '../../rubrics/rubric.ts'
import { readHumanReviews } from '../../runs/human-store.ts'
import { readReviewSummaries } from '../../runs/review-index.ts'
import { readRun } from '../../runs/run-store.ts'
import type { HumanRow, JudgeRow } from '../../studies/human-csv.ts'
import { tabulateMarks } from '../../studies/marks.ts'
import { type Validation, validateJudges } from '../../studies/validate.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { collectList, jsonOption, logDirOption, parsePositiveNumber, parseShare, type Register } from '../options.ts'
import { readScoreFiles } from '../read-scores.ts'

interface Flags {
  readonly human?: string
  readonly judgeScores?: string
  readonly rubric: string
  readonly agents?: string[]
  readonly margin: number
  readonly targetCorrelation: number
  readonly format: 'text' | 'md' | 'json'
  readonly logDir: string
  readonly json?: boolean
}

export const registerValidate: Register = (program, run) => {
  program
    .command('validate')
    .description('judges against people: agreement, bias, equivalence, and what it would take to know')
    .argument('[runs...]', 'ids or folders of runs with reviews by judges, and by people unless --human names them')
    .option(
      '--human <csv|folder>',
      'reviews by people: a table with task, agent, reviewer and a column for each dimension',
    )
    .option('--judge-scores <csv>', "marks by judges, in place of the runs' reviews")
    .addOption(
      new Option('--rubric <rubric>', 'whose dimensions to compare').choices([...rubricIds]).default('end-to-end'),
    )
    .addOption(new Option('--agents <names>', 'only papers of these agents').argParser(collectList))
    .addOption(
      new Option('--margin <points>', 'a bias that would not matter; set it before you look')
        .argParser(parsePositiveNumber)
        .default(1),
    )
    .addOption(
      new Option('--target-correlation <r>', 'a rank correlation worth having; set it before you look')
        .argParser(parseShare)
        .default(0.5),
    )
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(['text', 'md', 'json']).default('text'),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((runs: string[], flags: Flags) =>
      run((context) => validate(runs, flags, context), { json: flags.json === true || flags.format === 'json' }),
    )
}

async function validate(runs: readonly string[], flags: Flags, { note, style }: CliContext): Promise<CommandResult> {
  const { rubric } = await loadRubric(flags.rubric)
  const dimensions = [...rubric.dimensions.map(({ id }) => id), ...(rubric.overall === null ? [] : ['overall'])]
  const sources = await readSources(runs, flags, dimensions)
  for (const { file, reason } of sources.skipped) note(`not read: ${file}: ${reason}`)
  const wanted = ({ agent }: { readonly agent: string }): boolean => flags.agents?.includes(agent) ?? true
  const humans = sources.humans.filter(wanted)
  const judges = sources.judges.filter(wanted)
  const marked = dimensions.filter((dimension) =>
    [humans, judges].every((rows) => rows.some(({ scores }) => scores[dimension] !== undefined)),
  )
  if (humans.length === 0)
    throw new PrerequisiteError(
      flags.human === undefined
        ? 'there are no reviews by people: name a table with --human, or runs that hold some'
        : `${flags.human} holds no reviews by people${flags.agents === undefined ? '' : ' of these agents'}: a table of them has a column for the reviewer (reviewer, reviewer_id, annotator or annotator_id)`,
    )
  if (judges.length === 0)
    throw new PrerequisiteError(
      'there are no marks by judges under this rubric: name runs that were judged, or a table with --judge-scores',
    )
  const validation = validateJudges(humans, judges, {
    dimensions: marked,
    margin: flags.margin,
    targetCorrelation: flags.targetCorrelation,
  })
  if (validation.papers === 0)
    throw new PrerequisiteError(
      `people and judges marked no paper in common: people e.g. ${validation.onlyHumans[0]}, judges e.g. ${validation.onlyJudges[0]} (task/agent)`,
    )
  const tables = validationTables(validation)
  const words = describe(validation, [...new Set(sources.sources)])
  return {
    text:
      flags.format === 'md'
        ? `${renderMarkdown(tables)}\n\n${words.map((line) => `- ${line}`).join('\n')}\n`
        : `${renderText(tables, style)}\n\n${words.join('\n')}\n`,
    json: { rubric: flags.rubric, sources: sources.sources, ...validation },
    exitCode: 0,
  }
}

interface Sources {
  readonly humans: HumanRow[]
  readonly judges: JudgeRow[]
  readonly skipped: { readonly file: string; readonly reason: string }[]
  readonly sources: string[]
}

async function readSources(runs: readonly string[], flags: Flags, dimensions: readonly string[]): Promise<Sources> {
  const all: Sources = { humans: [], judges: [], skipped: [], sources: [] }
  if (flags.human !== undefined) {
    const read = await readScoreFiles(flags.human, dimensions)
    all.humans.push(...read.humans)
    // marks of judges beside those of people count only where nothing else gives them
    if (flags.judgeScores === undefined && runs.length === 0) all.judges.push(...read.judges)
    all.skipped.push(...read.skipped)
    all.sources.push(flags.human)
  }
  if (flags.judgeScores !== undefined) {
    all.judges.push(...(await readScoreFiles(flags.judgeScores, dimensions)).judges)
    all.sources.push(flags.judgeScores)
  }
  for (const id of runs) {
    const run = await readRun(flags.logDir, id)
    all.sources.push(run.record.id)
    if (flags.human === undefined) all.humans.push(...(await humanRows(run.folder, flags.rubric)))
    if (flags.judgeScores === undefined) all.judges.push(...(await judgeRows(run, flags.rubric)))
  }
  return all
}

async function humanRows(runFolder: string, rubric: string): Promise<HumanRow[]> {
  const reviews = await readHumanReviews(runFolder)
  return reviews
    .filter((review) => review.rubric === rubric)
    .toSorted((a, b) => (a.imported?.line ?? 0) - (b.imported?.line ?? 0))
    .map(({ trial, reviewer, scores, overall }) => {
      const [task = '', agent = ''] = trial.split('/')
      return { task, agent, reviewer, scores: { ...scores, ...(overall === null ? {} : { overall }) } }
    })
}

async function judgeRows(run: Awaited<ReturnType<typeof readRun>>, rubric: string): Promise<JudgeRow[]> {
  const reviews = await readReviewSummaries(run.folder)
  const agents = run.record.config.agents.map(({ name }) => name)
  const tables = tabulateMarks([{ run: run.record.id, agents, reviews }], 'mean')
  return tables
    .filter((table) => table.rubric === rubric && table.view === 'full' && table.judgeKind === 'model')
    .flatMap(({ judges, dimensions, items }) =>
      items.flatMap(({ task, agent, marks }) =>
        judges.flatMap((judge, index) => {
          const own = dimensions.flatMap((dimension, place) => {
            const mark = marks[index]?.[place] ?? null
            return mark === null ? [] : [[dimension, mark] as const]
          })
          return own.length === 0 ? [] : [{ task, agent, judge, scores: Object.fromEntries(own) }]
        }),
      ),
    )
}

function describe(validation: Validation, sources: readonly string[]): string[] {
  const { verdicts, alternativeAnnotator, mislabelled, repeatedRows, onlyHumans, onlyJudges } = validation
  const refused = alternativeAnnotator.flatMap(({ result }) => (result.status === 'refused' ? [result.reason] : []))
  const tested = alternativeAnnotator.flatMap(({ dimension, result }) =>
    result.status === 'tested'
      ? [
          `Alternative annotator test on ${dimension}: the panel ${result.passed ? 'passes' : 'fails'}, holding its own against ${Math.round(result.winningRate * 100)} % of the reviewers.`,
        ]
      : [],
  )
  return [
    ...verdicts.map(({ text }) => text),
    ...tested,
    ...(refused[0] === undefined ? [] : [`Alternative annotator test: not done; ${refused[0]}.`]),
    ...mislabelled.suspects.map(
      ({ reviewer, task, agent, missing }) =>
        `Probably mislabelled: reviewer ${reviewer} has two rows for ${task}/${agent} and none for ${missing.task}/${missing.agent}. The published test with every way to move one of them is in --json.`,
    ),
    ...repeatedRows.map(
      ({ reviewer, task, agent, rows }) =>
        `Reviewer ${reviewer} has ${rows} rows for ${task}/${agent}; each counts as a review of its own.`,
    ),
    ...(onlyHumans.length === 0 ? [] : [`Only people marked: ${onlyHumans.join(', ')}.`]),
    ...(onlyJudges.length === 0
      ? []
      : [`${formatNumberOf(onlyJudges.length, 'paper')} marked by judges alone count nowhere.`]),
    `From: ${sources.join(', ')}.`,
  ]
}
