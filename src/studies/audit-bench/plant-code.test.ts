import { expect, test } from 'vitest'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { sha256 } from '../../base/hash.ts'
import { mulberry32 } from '../../stats/random.ts'
import { findMetricSites } from './metric-sites.ts'
import { codePlantKinds } from './plant.ts'
import { plantCode } from './plant-code.ts'

const code = `"""Scores.
    accuracy = good / total
"""
import json
import numpy as np


def evaluate(hits, total, losses):
    accuracy = hits / total
    learning_rate = hits / total
    mean_loss = np.mean(
        losses,
    )
    return {
        'accuracy': accuracy,
        'f1': f1_score(hits, total),
    }


print(evaluate(8, 10, [0.1]))
`
const helper = 'def unused():\n    accuracy = hits / total\n'

const subject: AuditSubject = {
  name: 'sample',
  documents: [
    {
      path: 'paper.md',
      text: '# Title\n\n## Results\n\n| Method | Accuracy | F1 |\n|---|---|---|\n| ours | 0.843 | 0.781 |\n',
    },
  ],
  plans: [],
  files: [
    { path: 'src/evaluate.py', text: code },
    { path: 'src/helper.py', text: helper },
  ],
  events: [
    {
      type: 'file-written',
      stage: 'experiment',
      attempt: 1,
      path: 'src/evaluate.py',
      bytes: code.length,
      sha256: sha256(code),
      change: 'created',
      step: 1,
      typed: code,
    },
    {
      type: 'command-executed',
      stage: 'experiment',
      attempt: 1,
      step: 2,
      command: 'cd src && python evaluate.py',
      exitCode: 0,
      exceededLimit: null,
      durationMs: null,
      output: 'accuracy 0.8431',
      outputBytes: null,
      outputTruncated: false,
    },
  ],
  record: 'transcript',
  date: null,
  leftOut: [],
  notes: [],
}

const values = [
  { label: 'ours | Accuracy', value: 84.3 },
  { label: 'ours | F1', value: 0.781 },
  { label: 'ours | seconds', value: 1e9 },
]

test('meets metrics the paper names, in files that ran, and never inside strings or half statements', () => {
  expect(findMetricSites(subject).map(({ path, line, value }) => `${path}:${line} ${value}`)).toEqual([
    'src/evaluate.py:9 hits / total',
    'src/evaluate.py:16 f1_score(hits, total)',
  ])
})

test('meets nothing where the only run failed', () => {
  const events = subject.events.map((event) => (event.type === 'command-executed' ? { ...event, exitCode: 1 } : event))
  expect(findMetricSites({ ...subject, events })).toEqual([])
})

test('meets nothing where the only run was stopped, and no table in the place of a number', () => {
  const events = subject.events.map((event) =>
    event.type === 'command-executed' ? { ...event, exitCode: null, output: 'Command timed out after 2m' } : event,
  )
  expect(findMetricSites({ ...subject, events })).toEqual([])
  const table = "    accuracy = frame.groupby('method')['hit'].mean().reset_index()\n"
  const files = [{ path: 'src/evaluate.py', text: `def main():\n${table}\n\nmain()\n` }]
  expect(findMetricSites({ ...subject, files })).toEqual([])
})

test('every kind changes one place, names it exactly, and the session types it', () => {
  for (const kind of codePlantKinds) {
    const copies = plantCode(subject, { kind, count: 5, values, random: mulberry32(7) })
    expect(new Set(copies.map(({ plants }) => plants[0]?.before)).size).toBe(kind === 'except-fallback' ? 1 : 2)
    expect(new Set(copies.map(({ plants }) => plants[0]?.after)).size).toBe(copies.length)
    for (const { subject: planted, plants } of copies) {
      const [plant] = plants
      if (plant === undefined) throw new Error('no plant')
      const text = planted.files.find(({ path }) => path === plant.path)?.text ?? ''
      const lines = text.split('\n')
      const put = lines.slice(plant.line - 1, plant.lastLine).join('\n')
      expect(plant.after.endsWith(put)).toBe(true)
      expect(put).toMatch(kind === 'literal' ? /0\.\d+/ : /np\.random|measured_level/)
      expect(lines.length).toBeGreaterThanOrEqual(code.split('\n').length)
      const typed = planted.events.flatMap((event) => (event.type === 'file-written' ? [event.typed] : []))
      expect(typed[0]).toContain(put)
      expect(planted.events[0]).toMatchObject({ sha256: sha256(text), bytes: Buffer.byteLength(text) })
      expect(planted.files.find(({ path }) => path === 'src/helper.py')?.text).toBe(helper)
    }
  }
})

test('the same seed plants the same', () => {
  const plant = (seed: number) =>
    plantCode(subject, { kind: 'random-direct', count: 2, values: [], random: mulberry32(seed) })
  expect(plant(3)).toEqual(plant(3))
  expect(plant(3)).not.toEqual(plant(4))
})

test('makes values up that stand by the metric in the paper, shares as shares', () => {
  const copies = plantCode(subject, { kind: 'literal', count: 9, values, random: mulberry32(1) })
  expect(new Set(copies.map(({ plants }) => plants[0]?.after.trim()))).toEqual(
    new Set(['accuracy = 0.843', "'f1': 0.781,"]),
  )
})

test('plants nothing in functions that nothing calls, and nothing in the steps of a simulated world', () => {
  const world = `class World(Base):
    def step(self, action):
        accuracy = hits / total
        return accuracy

    def evaluate_accuracy(self, agent):
        def share(rows):
            return 3
        accuracy = share(agent) / total
        return accuracy


def forgotten(hits, total):
    accuracy = hits / total
    return accuracy


world = World()
print(world.step(1), world.evaluate_accuracy(2))
`
  const files = [{ path: 'src/evaluate.py', text: world }]
  const sites = findMetricSites({ ...subject, files })
  expect(sites.map(({ line }) => line)).toEqual([9])
})
