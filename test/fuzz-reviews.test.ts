import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles } from '../src/base/files.ts'
import { readReply } from '../src/judges/read-reply.ts'
import { loadRubric, reviewSchema, rubricIds } from '../src/rubrics/rubric.ts'
import type { Rubric } from '../src/schema/rubric.ts'
import { mulberry32 } from '../src/stats/random.ts'
import { type Answer, mutations, pick, type Random } from './support/mutate-replies.ts'

const replies = 10_000
/** Of the released reviews, which are longer. */
const published = 10_000
const shared = join(import.meta.dirname, '../../shared')
const rubrics = await Promise.all(rubricIds.map(async (id) => (await loadRubric(id)).rubric))
const schemas = new Map(rubrics.map((rubric) => [rubric, reviewSchema(rubric)]))

interface Sample {
  readonly rubric: Rubric
  readonly answer: Answer
}

const words = [
  'The plan is sound; the evaluation is thin.',
  'It says "score": 3 and {x} and \\alpha, on\ntwo lines.',
  'An object {"scores": {"novelty": 1}} is quoted, and ```json fences``` too.',
  'Umlauts äöü, 漢字, 👍 and a <think> that is no thought.',
  'Half of 7/10 claims, and 9 of them, hold: "yes".',
]

/** A valid answer to a rubric, with marks and texts at random. */
function makeAnswer(rubric: Rubric, random: Random): Answer {
  const text = (): string => pick(words, random)
  const mark = (most: number): number => 1 + Math.floor(random() * most)
  const { findingTypes, flag, dimensions, overall, confidence } = rubric
  const findings = findingTypes.filter(() => random() < 0.5)
  const scores = dimensions.map(({ id }) => [id, { justification: text(), score: mark(10) }])
  return {
    ...(findingTypes.length === 0
      ? {}
      : { findings: findings.map(({ id }) => ({ type: id, description: text(), quote: text() })) }),
    ...(flag === null ? {} : { flag: { details: text(), value: random() < 0.5 } }),
    ...(dimensions.length === 0 ? {} : { scores: Object.fromEntries(scores) }),
    ...(overall === null ? {} : { overall: { strengths: [text()], weaknesses: [text(), text()], score: mark(10) } }),
    ...(confidence === null ? {} : { confidence: mark(5) }),
  }
}

/** Everything that decides a score, and nothing else. */
function marksOf(answer: Answer): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      typeof value === 'string' || ['strengths', 'weaknesses', 'findings'].includes(key) ? undefined : value,
    ),
  )
}

/** Faults of the reader, by mutation; there should be none. */
function readMutated(
  samples: readonly Sample[],
  { seed, replies }: { seed: number; replies: number },
): { faults: Set<string>; counts: Record<string, number> } {
  const random = mulberry32(seed)
  const faults = new Set<string>()
  const counts = { right: 0, error: 0 }
  for (let index = 0; index < replies; index += 1) {
    const { rubric, answer } = pick(samples, random)
    const { name, verdict, apply } = mutations[index % mutations.length] ?? pick(mutations, random)
    const text = apply(answer, random)
    const schema = schemas.get(rubric)
    if (schema === undefined) throw new Error(`no schema for ${rubric.id}`)
    const reply = readReply(text, schema)
    counts[reply.ok ? 'right' : 'error'] += 1
    const isExact = reply.ok && JSON.stringify(sorted(reply.value)) === JSON.stringify(sorted(answer))
    const isSameMarks =
      reply.ok && JSON.stringify(sorted(marksOf(reply.value))) === JSON.stringify(sorted(marksOf(answer)))
    const holds = verdict === 'right' ? isExact : verdict === 'error' ? !reply.ok : !reply.ok || isSameMarks
    if (!holds) faults.add(`${name} (${rubric.id}): ${reply.ok ? 'read' : reply.message}: ${text.slice(0, 400)}`)
  }
  return { faults, counts }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, of]) => [key, sorted(of)]),
  )
}

test(`of ${replies} mutated answers each is read exactly or refused`, () => {
  const random = mulberry32(7)
  const samples = rubrics.flatMap((rubric) =>
    Array.from({ length: 20 }, () => ({ rubric, answer: makeAnswer(rubric, random) })),
  )
  const { faults, counts } = readMutated(samples, { seed: 20, replies })
  expect([...faults]).toEqual([])
  expect(counts['right']).toBeGreaterThan(1_500)
  expect(counts['error']).toBeGreaterThan(5_000)
})

describe.skipIf(!existsSync(join(shared, 'tools/release')))('reviews of the public release', () => {
  test(`of ${published} mutations of them each is read exactly or refused`, async () => {
    const release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
    const samples: Sample[] = []
    for (const [folder, id, most] of [
      ['idea_proposal_reviews_claude-3-7-sonnet-20250219/iclr2023_bands', 'idea', 40],
      ['idea_proposal_reviews_gemini-2.5-pro-preview-03-25/iclr2023_dg', 'proposal', 40],
      ['subset_reviews_claude-3-7-sonnet-20250219', 'end-to-end', 40],
    ] as const) {
      const root = join(release, 'agent_reviews', folder)
      const rubric = rubrics.find((candidate) => candidate.id === id)
      const wanted = id === 'end-to-end' ? /\/review_[^/]+\.json$/ : new RegExp(`(?:^|/)${id}/`)
      const files = (await listFiles(root)).filter(({ path }) => wanted.test(path)).slice(0, most)
      for (const { path } of files) {
        const answer = rubric && toAnswer(JSON.parse(readFileSync(join(root, path), 'utf8')), rubric)
        if (rubric && answer) samples.push({ rubric, answer })
      }
    }
    expect(samples.length).toBeGreaterThan(30)
    expect([...readMutated(samples, { seed: 30, replies: published }).faults]).toEqual([])
  })
})

interface Published {
  readonly score: number
  readonly justification?: string
  readonly strengths?: string[]
  readonly weaknesses?: string[]
}

/** A published review in the form that our judges answer in; null for one under another rubric. */
function toAnswer(review: Record<string, Published>, rubric: Rubric): Answer | null {
  const marks = rubric.dimensions.map(({ id, label }) => [id, review[label]] as const)
  const overall = review['OverallAssessment'] ?? review['Overall']
  const confidence = review['Confidence'] as Published | number | undefined
  if (overall === undefined || marks.some(([, mark]) => mark === undefined)) return null
  const value = typeof confidence === 'number' ? confidence : confidence?.score
  return {
    scores: Object.fromEntries(
      marks.map(([id, mark]) => [id, { justification: mark?.justification ?? 'none', score: mark?.score }]),
    ),
    overall: { strengths: overall.strengths ?? [], weaknesses: overall.weaknesses ?? [], score: overall.score },
    ...(rubric.confidence === null ? {} : { confidence: value }),
  }
}
