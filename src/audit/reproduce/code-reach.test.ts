import { expect, test } from 'vitest'
import { openCodeReach } from './code-reach.ts'

const files = [
  { path: 'run.sh', text: 'python main.py' },
  { path: 'main.py', text: 'from lib import report\nreport()' },
  { path: 'lib.py', text: 'def report(): open("results/table.csv", "w")' },
  { path: 'other.py', text: 'open("other.csv")' },
  { path: 'notes.md', text: 'other.csv' },
]

test('a script names what the code that it starts or imports names', () => {
  const reach = openCodeReach(files)
  expect(reach.names('run.sh', 'results/table.csv')).toBe(true)
  expect(reach.names('main.py', 'results/other.csv')).toBe(false)
  expect(reach.names('other.py', 'other.csv')).toBe(true)
  expect(reach.names('gone.py', 'other.csv')).toBe(false)
})

test('files that name each other are read once', () => {
  const circle = [
    { path: 'one.py', text: 'import two' },
    { path: 'two.py', text: 'import one # x.csv' },
  ]
  expect(openCodeReach(circle).names('one.py', 'x.csv')).toBe(true)
})
