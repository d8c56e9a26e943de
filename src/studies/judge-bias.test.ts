import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type LengthMark, lengthBias } from './length-bias.ts'
import type { Mark } from './marks.ts'
import { selfPreference } from './self-preference.ts'

const claude = 'anthropic/claude-3-7-sonnet-20250219'
const gemini = 'openrouter/google/gemini-2.5-pro-preview-03-25'
const shared = join(import.meta.dirname, '../../../shared')

interface GoldenStage {
  readonly self_preference: Record<
    string,
    Record<string, number> & { claude_minus_gemini_by_model: Record<string, number> }
  >
  readonly length_vs_overall: Record<
    string,
    { spearman_pooled: number; pearson_pooled: number; spearman_within_model: Record<string, number | null> }
  >
}

describe.skipIf(!existsSync(join(shared, 'release')))('the reviews of the public release', () => {
  const read = (path: string): string => readFileSync(path, 'utf8')

  test.each(['idea', 'proposal'])('give the published bias of its two judges on %ss', (stage) => {
    const golden = (JSON.parse(read(join(shared, 'release/golden/judge_bias.json'))) as Record<string, GoldenStage>)[
      stage
    ]
    if (golden === undefined) throw new Error(`the golden figures have no ${stage}`)
    const { marks, overall } = readMarks(stage)
    const agentModels = new Map(marks.map(({ agent }) => [agent, agent]))
    const rows = selfPreference(marks, { agentModels })
    expect(rows).toHaveLength(2 * Object.keys(golden.self_preference).length)
    for (const { judge, dimension, gapByAgent, baseline, points, ownAgents, baselineAgents } of rows) {
      const expected = golden.self_preference[dimension]
      if (expected === undefined) throw new Error(`no golden ${dimension}`)
      const sign = judge === claude ? 1 : -1
      for (const [agent, gap] of Object.entries(expected.claude_minus_gemini_by_model))
        expect((gapByAgent[agent] ?? Number.NaN) * sign).toBeCloseTo(gap, 12)
      expect((baseline ?? Number.NaN) * sign).toBeCloseTo(expected['baseline_other4'] ?? Number.NaN, 12)
      const name = judge === claude ? 'claude' : 'gemini'
      expect(points).toBeCloseTo(expected[`${name}_self_preference`] ?? Number.NaN, 12)
      expect([ownAgents.length, baselineAgents.length]).toEqual([1, 4])
    }
    for (const row of lengthBias(overall)) {
      const expected = golden.length_vs_overall[row.judge === claude ? 'claude' : 'gemini']
      expect(row.spearman).toBeCloseTo(expected?.spearman_pooled ?? Number.NaN, 12)
      expect(row.pearson).toBeCloseTo(expected?.pearson_pooled ?? Number.NaN, 12)
      for (const [agent, value] of Object.entries(expected?.spearman_within_model ?? {})) {
        expect(row.spearmanByAgent[agent] ?? 99).toBeCloseTo(value ?? 99, 12)
      }
    }
  })

  function readMarks(stage: string): { marks: Mark[]; overall: LengthMark[] } {
    const release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
    const marks: Mark[] = []
    const overall: LengthMark[] = []
    for (const judge of [claude, gemini]) {
      const folder = `${release}/agent_reviews/idea_proposal_reviews_${judge.slice(judge.lastIndexOf('/') + 1)}`
      for (const task of readdirSync(folder))
        for (const file of readdirSync(join(folder, task, stage))) {
          const agent = file.replace(/\.json$/, '').replace(`${stage}_`, '')
          const review = JSON.parse(read(join(folder, task, stage, file))) as Record<string, { score: number }>
          for (const [label, { score }] of Object.entries(review)) {
            const dimension = label === 'OverallAssessment' ? 'overall' : label.toLowerCase()
            marks.push({ task, agent, judge, dimension, score })
            if (dimension !== 'overall') continue
            const text = read(`${release}/agent_results/ideas_and_proposals/${task}/${stage}/${stage}_${agent}.md`)
            overall.push({ task, agent, judge, score, characters: Array.from(text).length })
          }
        }
    }
    return { marks, overall }
  }
})

describe('panels of known bias', () => {
  const agents = new Map([
    ['own', 'anthropic/claude-x'],
    ['third', 'openrouter/qwen/qwen3'],
    ['fourth', 'openrouter/deepseek/deepseek-r1'],
    ['nobody', null],
  ])
  const tasks = ['a', 'b', 'c', 'd']
  const quality = (task: string, agent: string): number => 3 + tasks.indexOf(task) + (agent === 'own' ? 1 : 0)
  const marksWith = (favour: number): Mark[] =>
    tasks.flatMap((task) =>
      [...agents.keys()].flatMap((agent) =>
        [claude, gemini].map((judge) => {
          const own = judge === claude && agent === 'own' ? favour : 0
          // severity is not preference
          const severity = judge === claude ? -1 : 0
          return { task, agent, judge, dimension: 'overall', score: quality(task, agent) + own + severity }
        }),
      ),
    )

  test('better work by the own family is no preference, and neither is severity', () => {
    const [row] = selfPreference(marksWith(0), { agentModels: agents, bootstrap: { resamples: 200 } })
    expect(row).toMatchObject({ judge: claude, points: 0, baseline: -1, ownAgents: ['own'], items: 16 })
    expect(row?.baselineAgents).toEqual(['fourth', 'third'])
    expect(row?.interval).toMatchObject({ lo: 0, hi: 0 })
  })

  test('what a judge gives its own family beyond the others is its preference', () => {
    const [row] = selfPreference(marksWith(1.5), { agentModels: agents, bootstrap: { resamples: 200 } })
    expect(row).toMatchObject({ points: 1.5, interval: { lo: 1.5, hi: 1.5 } })
  })

  test('a judge of an unknown family, or without work of its own, has no self-preference', () => {
    const renamed = marksWith(1).map((mark) => (mark.judge === claude ? { ...mark, judge: 'ollama/mine' } : mark))
    expect(selfPreference(renamed, { agentModels: agents }).map(({ points }) => points)).toEqual([null, null])
  })

  test('judges of the same family are not held against each other', () => {
    const second = marksWith(1.5)
      .filter(({ judge }) => judge === claude)
      .map((mark) => ({ ...mark, judge: 'anthropic/claude-y' }))
    const rows = selfPreference([...marksWith(1.5), ...second], { agentModels: agents })
    expect(rows.filter(({ judge }) => judge !== gemini).map(({ others, points }) => [others, points])).toEqual([
      [[gemini], 1.5],
      [[gemini], 1.5],
    ])
  })

  test('a judge that likes length is told from one that reads the same texts without', () => {
    const marks = Array.from({ length: 12 }, (_, index) => index).flatMap((index) =>
      ['own', 'third'].flatMap((agent): LengthMark[] => {
        const characters = 1_000 + 300 * ((index * 5) % 12)
        const item = { task: `t${index}`, agent, characters }
        return [
          { ...item, judge: claude, score: 2 + Math.floor(characters / 800) },
          { ...item, judge: gemini, score: 4 + (index % 3) },
        ]
      }),
    )
    const [long, fair] = lengthBias(marks, { bootstrap: { resamples: 200 } })
    expect(long?.within).toBeGreaterThan(0.9)
    expect(long?.withinInterval?.lo).toBeGreaterThan(0.8)
    expect(long?.beyondOthers).toBeGreaterThan(0.5)
    expect(Math.abs(fair?.within ?? 1)).toBeLessThan(0.4)
    expect(lengthBias(marks)[0]?.withinInterval).toBeNull()
  })
})
