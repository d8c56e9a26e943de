import { expect, test } from 'vitest'
import { cutMiddle } from '../base/text.ts'
import { checkQuotes } from './quotes.ts'
import { showText } from './shown-text.ts'

const paper = [
  '# A title',
  '',
  'We reach **94.2 %** accuracy on CIFAR\u201110 (see “Table 2”),',
  'which is $\\alpha \\times 2$ better than _all_ others.',
  'First we train. Then, after ten epochs, we stop. At last we test.',
  'The loss is $\\beta_{1} + \\frac{1}{2}$ and costs 3\\% more.',
  '| model | accuracy |',
  '|---|---|',
  '| ours | 0.91 |',
].join('\n')
const material = [
  showText(paper, { path: 'results/paper.md', whole: paper }),
  showText('epochs = 3', { path: 'train.py', whole: 'epochs = 3' }),
]
const check = (quote: string) => checkQuotes([{ type: 'faked-result', description: 'd', quote }], material)[0]?.quoted
const at = (line: number, path = 'results/paper.md') => ({ found: true, path, line })

test.each([
  ['word for word', 'We reach **94.2 %** accuracy', 3],
  ['without emphasis', 'We reach 94.2 % accuracy on CIFAR-10', 3],
  ['with other quotation marks and dashes', 'accuracy on CIFAR-10 (see "Table 2")', 3],
  ['between quotation marks', '“see ‘Table 2’”'.replaceAll(/[‘’]/g, '"'), 3],
  ['over a line break', '"Table 2"), which is', 3],
  ['with a full stop of the sentence around it', 'we stop. At last we test', 5],
  ['with a comma at the end', 'First we train,', 5],
  ['with an omission', 'First we train … we stop', 5],
  ['with an omission in brackets', 'First we train [...] At last', 5],
  ['with an omission at the end', 'Then, after ten…', 5],
  ['in other letter case', 'FIRST WE TRAIN', 5],
  ['with LaTeX', '$\\alpha \\times 2$ better', 4],
  ['without dollars', '\\alpha \\times 2 better than all', 4],
  ['with escapes that JSON took for others', `\beta_{1} + \frac{1}{2}`, 6],
  ['with a tab that was a command', `\\alpha \times 2`, 4],
  ['with an escaped per cent', 'costs 3% more', 6],
  ['of a table row', '|ours|0.91|', 9],
])('a quotation %s is found', (_, quote, line) => {
  expect(check(quote)).toEqual(at(line))
})

test('a quotation from other material names its path', () => {
  expect(check('epochs = 3')).toEqual(at(1, 'train.py'))
})

test.each([
  ['invented', 'We reach 99.9 % accuracy'],
  ['with pieces in the wrong order', 'we stop … First we train'],
  ['with pieces from two texts', 'First we train … epochs = 3'],
  ['of nothing but an omission', '…'],
  ['of quotation marks', '""'],
])('a quotation %s is not found', (_, quote) => {
  expect(check(quote)).toEqual({ found: false })
})

test('the finding itself stays as it was', () => {
  const finding = { type: 'faked-result', description: 'd', quote: 'invented out of nothing' }
  expect(checkQuotes([finding], material)).toEqual([{ ...finding, quoted: { found: false } }])
})

test('lines behind a cut are those of the whole file', () => {
  const whole = Array.from({ length: 2_000 }, (_, index) => `line ${index + 1}`).join('\n')
  const { text } = cutMiddle(whole, 4_000)
  const shown = [showText(text, { path: 'a.log', whole })]
  const lineOf = (quote: string) => checkQuotes([{ type: 't', description: 'd', quote }], shown)[0]?.quoted
  expect(lineOf('line 17\nline 18')).toEqual(at(17, 'a.log'))
  expect(lineOf('line 1990\nline 1991')).toEqual(at(1990, 'a.log'))
  expect(lineOf('line 1000\nline 1001')).toEqual({ found: false })
})
