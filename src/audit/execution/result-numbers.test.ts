import { expect, it } from 'vitest'
import { resultNumbers } from './result-numbers.ts'

const values = (text: string): string[] => resultNumbers(text).map(({ number }) => number.text)

it.each([
  ['a JSON object', '{"accuracy": 0.713, "lr": 0.0015, "avg_time": 12.5, "seed": 42}', ['0.713', '12.5']],
  ['a block named like a metric', '{\n"loss": [\n1.25,\n0.92\n],\n"sizes": [\n3.25\n]\n}', ['1.25', '0.92']],
  ['a table', 'method,accuracy,note\nplain,0.713,x\npruned,0.764,y\n', ['0.713', '0.764']],
  ['settings', 'learning_rate: 0.0015\nloss_threshold = 0.25\n', []],
  ['round and whole numbers', '{"accuracy": 0.5, "score": 10, "f1": 1}', []],
  ['nothing', '', []],
])('reads %s', (_, text, expected) => {
  expect(values(text)).toEqual(expected)
})

it('tells the line', () => {
  expect(resultNumbers('{\n  "f1": 0.688\n}')[0]?.line).toBe(2)
})

it('stays bounded on one endless line', () => {
  expect(resultNumbers(`"accuracy": ${'0.713, '.repeat(500_000)}`).length).toBeLessThan(3_000)
})
