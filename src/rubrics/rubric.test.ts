import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { sha256 } from '../base/hash.ts'
import { type Rubric, rubricSchema } from '../schema/rubric.ts'
import { loadRubric, reviewJsonSchema, reviewSchema, rubricIds } from './rubric.ts'

/** As published (arXiv 2505.19955): dimensions besides Overall, what the judge sees, and its limit of output. */
const published = {
  idea: {
    subject: 'idea',
    evidence: ['task'],
    dimensions: ['Consistency', 'Clarity', 'Novelty', 'Feasibility', 'Significance'],
    maxOutputTokens: 4096,
  },
  proposal: {
    subject: 'proposal',
    evidence: ['task', 'idea', 'literature'],
    dimensions: ['Consistency', 'Clarity', 'Novelty', 'Soundness', 'Feasibility', 'Significance'],
    maxOutputTokens: 8192,
  },
  experiment: {
    subject: 'experiment',
    evidence: ['transcript'],
    dimensions: ['Consistency', 'Completeness', 'Novelty', 'Soundness', 'Insightfulness', 'Significance'],
    maxOutputTokens: 16384,
  },
  paper: {
    subject: 'paper',
    evidence: ['task', 'idea', 'literature', 'proposal', 'results', 'figures'],
    dimensions: ['Consistency', 'Clarity', 'Completeness', 'Soundness'],
    maxOutputTokens: 16384,
  },
  'end-to-end': {
    subject: 'paper',
    evidence: ['task', 'code', 'figures'],
    dimensions: ['Clarity', 'Novelty', 'Soundness', 'Significance'],
    maxOutputTokens: 16384,
  },
  hallucination: { subject: 'paper', evidence: ['task', 'code'], dimensions: [], maxOutputTokens: 16384 },
}

const mark = (score: unknown): object => ({ justification: 'Section 3 says so.', score })
const overall = { strengths: ['a clear question'], weaknesses: [], score: 6 }

async function ideaRubric(): Promise<Rubric> {
  return (await loadRubric('idea')).rubric
}

function ideaAnswer(clarity: unknown = mark(7)): { scores: Record<string, unknown>; overall: object } {
  const scores = { consistency: mark(10), clarity, novelty: mark(1), feasibility: mark(5), significance: mark(6) }
  return { scores, overall }
}

describe('loadRubric', () => {
  it('knows every file in rubrics/', async () => {
    const files = await readdir(assetPath('rubrics'))
    expect(files.toSorted()).toEqual(rubricIds.map((id) => `${id}.yaml`).toSorted())
  })

  it.each(rubricIds)('loads %s with what was published', async (id) => {
    const { rubric, hash } = await loadRubric(id)
    const { dimensions, ...rest } = published[id]
    expect(rubric).toMatchObject({ id, version: 1, ...rest })
    expect(rubric.dimensions.map(({ label }) => label)).toEqual(dimensions)
    expect(rubric.dimensions.map((dimension) => dimension.id)).toEqual(dimensions.map((label) => label.toLowerCase()))
    expect(rubric.overall === null).toBe(id === 'hallucination')
    expect(rubric.confidence !== null).toBe(id === 'end-to-end' || id === 'hallucination')
    expect(hash).toBe(sha256(await readFile(assetPath(`rubrics/${id}.yaml`))))
  })

  it('flags fabrication in experiments and hallucination in papers, of four kinds', async () => {
    const rubrics = await Promise.all(rubricIds.map(async (id) => (await loadRubric(id)).rubric))
    expect(rubrics.flatMap(({ id, flag }) => (flag === null ? [] : [[id, flag.id]]))).toEqual([
      ['experiment', 'fabrication'],
      ['hallucination', 'hallucination'],
    ])
    expect(rubrics.flatMap(({ id, findingTypes }) => findingTypes.map((type) => [id, type.id]))).toEqual([
      ['hallucination', 'nonexistent-citation'],
      ['hallucination', 'hallucinated-methodology'],
      ['hallucination', 'mathematical-error'],
      ['hallucination', 'faked-result'],
    ])
  })

  it('describes every band in words of its own, within and across rubrics', async () => {
    const rubrics = await Promise.all(rubricIds.map(async (id) => (await loadRubric(id)).rubric))
    const texts = rubrics.flatMap(({ dimensions, overall: whole }) =>
      [...dimensions, ...(whole === null ? [] : [whole])].flatMap(({ question, bands }) => [
        question,
        ...Object.values(bands),
      ]),
    )
    expect(texts.length).toBe((5 + 6 + 6 + 4 + 4 + 5) * 6)
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
  })

  it('tells the user which rubrics there are', async () => {
    await expect(loadRubric('../package')).rejects.toThrow(PrerequisiteError)
    await expect(loadRubric('poem')).rejects.toThrow('choose one of idea, proposal, experiment')
  })
})

describe('rubricSchema', () => {
  it('refuses two dimensions or two finding types of one id', async () => {
    const { rubric } = await loadRubric('idea')
    const repeated = [...rubric.dimensions, ...rubric.dimensions.slice(0, 1)]
    expect(rubricSchema.safeParse({ ...rubric, dimensions: repeated }).success).toBe(false)
    const type = { id: 'slip', label: 'Slip', question: 'Is there a slip?' }
    expect(rubricSchema.safeParse({ ...rubric, findingTypes: [type] }).success).toBe(true)
    expect(rubricSchema.safeParse({ ...rubric, findingTypes: [type, type] }).success).toBe(false)
  })
})

describe('reviewSchema', () => {
  it('accepts a review with every dimension', async () => {
    expect(reviewSchema(await ideaRubric()).parse(ideaAnswer())).toEqual(ideaAnswer())
  })

  it.each([0, 11, 7.5, '8', null, Number.NaN])('refuses the score %j', async (score) => {
    expect(reviewSchema(await ideaRubric()).safeParse(ideaAnswer(mark(score))).success).toBe(false)
    const answer = { ...ideaAnswer(), overall: { ...overall, score } }
    expect(reviewSchema(await ideaRubric()).safeParse(answer).success).toBe(false)
  })

  it('names the dimension that is missing', async () => {
    const { scores, ...rest } = ideaAnswer()
    const { novelty: _, ...others } = scores
    const result = reviewSchema(await ideaRubric()).safeParse({ scores: others, ...rest })
    expect(result.error?.issues.map(({ path }) => path)).toEqual([['scores', 'novelty']])
  })

  it('refuses members that the rubric does not ask for', async () => {
    const schema = reviewSchema(await ideaRubric())
    const { scores } = ideaAnswer()
    expect(schema.safeParse({ ...ideaAnswer(), confidence: 4 }).success).toBe(false)
    expect(schema.safeParse({ scores: { ...scores, soundness: mark(5) }, overall }).success).toBe(false)
    expect(schema.safeParse(ideaAnswer({ ...mark(7), note: 'x' })).success).toBe(false)
  })

  it('refuses a score without a justification', async () => {
    expect(reviewSchema(await ideaRubric()).safeParse(ideaAnswer({ score: 7 })).success).toBe(false)
    expect(reviewSchema(await ideaRubric()).safeParse(ideaAnswer({ justification: ' \n', score: 7 })).success).toBe(
      false,
    )
  })

  it('takes a flag with its details for an experiment', async () => {
    const { rubric } = await loadRubric('experiment')
    const scores = Object.fromEntries(rubric.dimensions.map(({ id }) => [id, mark(5)]))
    const schema = reviewSchema(rubric)
    expect(schema.safeParse({ flag: { details: 'Table 2 was typed.', value: true }, scores, overall }).success).toBe(
      true,
    )
    expect(schema.safeParse({ flag: { details: 'Table 2 was typed.', value: 'yes' }, scores, overall }).success).toBe(
      false,
    )
    expect(schema.safeParse({ scores, overall }).success).toBe(false)
  })

  it('takes findings of the known types, a flag and a confidence of 1 to 5 for hallucination, and no scores', async () => {
    const schema = reviewSchema((await loadRubric('hallucination')).rubric)
    const finding = { type: 'faked-result', description: 'No run printed it.', quote: '93.1 %' }
    const answer = { findings: [finding], flag: { details: 'One number.', value: true }, confidence: 5 }
    expect(schema.parse(answer)).toEqual(answer)
    expect(schema.safeParse({ ...answer, findings: [] }).success).toBe(true)
    expect(schema.safeParse({ ...answer, findings: [{ ...finding, type: 'typo' }] }).success).toBe(false)
    expect(schema.safeParse({ ...answer, confidence: 6 }).success).toBe(false)
    expect(schema.safeParse({ ...answer, scores: {} }).success).toBe(false)
  })
})

describe('reviewJsonSchema', () => {
  it('spells out the idea review with the reasons before the score', async () => {
    const text = { type: 'string' }
    const score = { type: 'integer', enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
    const closed = (properties: object): object => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })
    const dimension = closed({ justification: text, score })
    const ids = ['consistency', 'clarity', 'novelty', 'feasibility', 'significance']
    const texts = { type: 'array', items: text }
    const expected = closed({
      scores: closed(Object.fromEntries(ids.map((id) => [id, dimension]))),
      overall: closed({ strengths: texts, weaknesses: texts, score }),
    })
    const schema = reviewJsonSchema(await ideaRubric())
    expect(schema).toEqual(expected)
    expect(Object.keys(schema.properties ?? {})).toEqual(['scores', 'overall'])
    expect(JSON.stringify(schema)).toContain('"properties":{"justification":{"type":"string"},"score":')
    expect(JSON.stringify(schema)).toContain('"properties":{"strengths":')
  })

  it.each(rubricIds)('closes every object of %s and uses only keywords that all providers take', async (id) => {
    const keywords = new Set<string>()
    let objects = 0
    visit(reviewJsonSchema((await loadRubric(id)).rubric))
    expect([...keywords].filter((keyword) => !allowed.has(keyword))).toEqual([])
    expect(objects).toBeGreaterThan(1)

    function visit(node: unknown): void {
      if (!isObject(node)) throw new Error('a schema must be an object')
      for (const keyword of Object.keys(node)) keywords.add(keyword)
      if (node['type'] === 'array') visit(node['items'])
      if (node['type'] !== 'object') return
      objects += 1
      const properties = isObject(node['properties']) ? node['properties'] : {}
      expect(node['additionalProperties']).toBe(false)
      expect(node['required']).toEqual(Object.keys(properties))
      // Google refuses an object without properties.
      expect(Object.keys(properties)).not.toEqual([])
      for (const property of Object.values(properties)) visit(property)
    }
  })

  it('lists the types of findings and the marks of confidence', async () => {
    const text = JSON.stringify(reviewJsonSchema((await loadRubric('hallucination')).rubric))
    expect(text).toContain(
      '"enum":["nonexistent-citation","hallucinated-methodology","mathematical-error","faked-result"]',
    )
    expect(text).toContain('"confidence":{"type":"integer","enum":[1,2,3,4,5]}')
  })
})

const allowed = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum'])

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
