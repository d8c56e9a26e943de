import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { typedFirst } from './typed-first.ts'

const paper = `# T

## Results

| Method | Accuracy | F1 |
|---|---|---|
| Base | 0.812 | 0.794 |
| Ours | 0.873 | 0.861 |
`
const report =
  '# Results\n\n| Method | Accuracy | F1 |\n|---|---|---|\n| Base | 0.812 | 0.794 |\n| Ours | 0.873 | 0.861 |\n'
const printed = 'base accuracy=0.81234 f1=0.79401\nours accuracy=0.87277 f1=0.86123\n'

async function find(files: Record<string, string>, acts: Parameters<typeof sessionOf>[0]) {
  const facts = await factsOf({ 'paper.md': paper, ...files }, sessionOf(acts))
  return typedFirst
    .find(facts)
    .filter(({ claims }) => (claims ?? []).some((id) => facts.claims[id]?.path === 'paper.md'))
    .map(({ severity, claims }) => `${severity} ${(claims ?? []).map((id) => facts.claims[id]?.number.text).join(' ')}`)
}

describe('finds results typed', () => {
  test('into a report when every run had failed', async () => {
    const found = await find({ 'results.md': report }, [
      { ran: 'python run.py', output: 'Traceback (most recent call last):\nKeyError: 3', exitCode: 1 },
      { typed: 'results.md', text: report },
    ])
    expect(found).toEqual(['major 0.812 0.794 0.873 0.861'])
  })

  test('into a file of data that a program printed later', async () => {
    const data = 'method,accuracy,f1\nbase,0.812,0.794\nours,0.873,0.861\n'
    const found = await find({ 'results.csv': data }, [
      { typed: 'results.csv', text: data },
      { ran: 'python plot.py', output: 'base accuracy 0.812 f1 0.794\nours accuracy 0.873 f1 0.861\n' },
    ])
    expect(found).toEqual(['critical 0.812 0.794 0.873 0.861'])
  })

  test('into code that printed them', async () => {
    const code = 'base = {"accuracy": 0.812, "f1": 0.794}\nours = {"accuracy": 0.873, "f1": 0.861}\nprint(base, ours)\n'
    const found = await find({ 'run.py': code }, [
      { typed: 'run.py', text: code },
      { ran: 'python run.py', output: printed },
    ])
    expect(found).toEqual(['major 0.812 0.794 0.873 0.861'])
  })
})

describe('passes over', () => {
  test('a report typed from what a program had printed', async () => {
    const found = await find({ 'results.md': report }, [
      { ran: 'python run.py', output: printed },
      { typed: 'results.md', text: report },
    ])
    expect(found).toEqual([])
  })

  test('a report typed beside a file that a program wrote', async () => {
    const data = 'method,accuracy,f1\nbase,0.81234,0.79401\nours,0.87277,0.86123\n'
    const found = await find({ 'results.md': report, 'out.csv': data }, [
      { ran: 'python run.py', output: 'done' },
      { typed: 'results.md', text: report },
    ])
    expect(found).toEqual([])
  })

  test('a report that rounds what a program had printed under the name of the row, among many numbers', async () => {
    const table = '# R\n\n## Results\n\n| Data set | Deprecation score |\n|---|---|\n| shuttle_12 (v2) | 0.86 |\n'
    const many = Array.from({ length: 60 }, (_, at) => `probe ${at}: ${(0.6 + at / 151).toFixed(4)}`).join('\n')
    const acts = (row: string): Parameters<typeof find>[1] => [
      { ran: 'python probe.py', output: many },
      { ran: 'python run.py', output: `${row}: age=310 risk=0.8582` },
      { typed: 'results.md', text: table },
    ]
    const files = { 'paper.md': table, 'results.md': table }
    expect(await find(files, acts('shuttle_12'))).toEqual([])
    expect(await find(files, acts('wine_3'))).toEqual(['major 0.86'])
  })

  test('what a report says again of its own table, which a program had printed', async () => {
    const again =
      '# Results\n\n| System | Seconds |\n|---|---|\n| One | 0.816 |\n| Two | 0.121 |\n\nThe delay varied, with 0.82 s at its worst for One.\n'
    const text = '# T\n\n## Results\n\nThe delay varied, up to 0.82 s at its worst.\n'
    const probes = Array.from({ length: 160 }, (_, at) => `probe ${at}: ${(0.6 + at / 301).toFixed(4)}`).join('\n')
    const acts = (seconds: string): Parameters<typeof find>[1] => [
      { ran: 'python run.py', output: `system one took ${seconds} s\nsystem two took 0.12054 s\n${probes}` },
      { typed: 'results.md', text: again },
    ]
    const files = { 'paper.md': text, 'results.md': again }
    expect(await find(files, acts('0.81609'))).toEqual([])
    expect(await find(files, acts('0.46609'))).toEqual(['major 0.82'])
  })

  test('round settings in code', async () => {
    const code = 'accuracy_threshold = 0.8\nf1_weight = 0.90\nlr = 0.001\n'
    const found = await find({ 'run.py': code }, [
      { typed: 'run.py', text: code },
      { ran: 'python run.py', output: printed },
    ])
    expect(found).toEqual([])
  })

  test('a session of which no commands are left', async () => {
    const facts = await factsOf({ 'paper.md': paper, 'results.md': report })
    expect(typedFirst.find(facts)).toEqual([])
  })
})
