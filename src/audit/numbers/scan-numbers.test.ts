import { describe, expect, test } from 'vitest'
import { scanNumbers } from './scan-numbers.ts'

const values = (text: string): number[] => scanNumbers(text).map(({ value }) => value)
const first = (text: string) => scanNumbers(text)[0]

describe('what is written', () => {
  test.each([
    ['1.2e-3', 0.0012, 4, 2],
    ['12,345', 12_345, 0, 5],
    ['1,234.50', 1234.5, 2, 6],
    ['.5', 0.5, 1, 1],
    ['−3.1', -3.1, 1, 2],
    ['-0.3', -0.3, 1, 1],
    ['0.0120', 0.012, 4, 3],
    ['100', 100, 0, 1],
    ['1.776×10^9', 1.776e9, -6, 4],
    ['2.5 \\times 10^{-3}', 0.0025, 4, 2],
    ['5\\!\\times\\!10^{-5}', 0.00005, 5, 1],
    ['10^{-4}', 0.0001, 4, 1],
    ['0.25×10⁻³', 0.00025, 5, 2],
    ['8k', 8000, -3, 1],
    ['1.3B-parameter', 1.3e9, -8, 2],
    ['1{,}234', 1234, 0, 4],
    ['1\\,234', 1234, 0, 4],
    ['1_000', 1000, 0, 1],
    ['$-$0.3', -0.3, 1, 1],
    ['&minus;0.5', -0.5, 1, 1],
    ['0.00', 0, 2, 1],
  ])('%s is one number', (...row) => {
    const [text, value, decimals, significant] = row
    expect(scanNumbers(text)).toHaveLength(1)
    expect(first(text)).toMatchObject({ value, decimals, significant })
  })

  test('the place is that of the number alone', () => {
    const text = 'It rose to **−12.5 %** (of 1,200).'
    expect(scanNumbers(text).map(({ start, end }) => text.slice(start, end))).toEqual(['−12.5', '1,200'])
  })

  test.each(['[100,200,300]', '(64,128,2)', '\\{100,200\\}'])('%s is a list', (text) => {
    expect(values(text).every((value) => value <= 300)).toBe(true)
  })

  test('values around marks of Markdown, LaTeX and JSON are read', () => {
    expect(
      values('**0.91** _0.92_ `0.93` $0.94$ \\textbf{0.95} $\\mathbf{0.96}$ \\num{0.97} "f1":0.98, loss=0.99'),
    ).toEqual([0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99])
  })

  test('a dash between two numbers makes a range, and a slash two numbers', () => {
    expect(values('0.7-0.9, 0.5–0.6, 1--2, 1/3, [-0.1, 0.3]')).toEqual([0.7, 0.9, 0.5, 0.6, 1, 2, 1, 3, -0.1, 0.3])
  })
})

describe('what belongs to it', () => {
  test.each([
    '\\SI{40}{\\percent}',
    '\\qty{40}{\\%}',
    '40 %',
    '40%',
    '40\\%',
    '40\\,\\%',
    '40 percent',
    '**40**%',
    '$40$%',
    '40 per cent',
  ])('%s is a percentage', (text) => {
    expect(first(text)).toMatchObject({ value: 40, unit: '%' })
  })

  test.each(['3×', '3x', '3$\\times$', '3-fold', 'three-fold', 'threefold', '3 times faster', '3 x.'])(
    '%s is a multiple',
    (text) => {
      expect(first(text)).toMatchObject({ value: 3, unit: '×' })
    },
  )

  test.each(['3×3', '3 × 10', '8×A100', '10-fold cross-validation', '3 times', '4x4 grid'])('%s is none', (text) => {
    expect(first(text)?.unit ?? null).toBeNull()
  })

  test.each([
    '95.2±0.3',
    '95.2 $\\pm$ 0.3',
    '95.2 (0.3)',
    '$\\mathbf{95.2}_{\\pm .3}$',
    '$95.2_{0.3}$',
    '95.2 +/- 0.3',
    '95.2&plusmn;0.3',
  ])('%s is a value with its spread', (text) => {
    expect(scanNumbers(text).map(({ value, isSpread }) => [value, isSpread])).toEqual([
      [95.2, false],
      [0.3, true],
    ])
  })

  test('both ends of a range, and a value and its spread, share the unit', () => {
    expect(scanNumbers('60–80% and 12.5 ± 0.3 %').map(({ unit }) => unit)).toEqual(['%', '%', '%', '%'])
  })

  test.each(['≈1.5', '~1.5', 'about 1.5', 'roughly **1.5**', '$\\approx 1.5$', 'around 1.5', 'approx. 1.5'])(
    '%s is approximate',
    (text) => {
      expect(first(text)?.isApproximate).toBe(true)
    },
  )

  test.each(['Table~1.5', 'of~1.5', '~~1.5~~', 'exactly 1.5'])('%s is not', (text) => {
    expect(first(text)?.isApproximate).toBe(false)
  })
})

test.each([
  'v1.5',
  '2024-05-01',
  '2024-05-01 12:34:56,789',
  '12:34',
  'GPT-4',
  'Llama-2-7B',
  'ResNet-50',
  'CIFAR-10',
  'F1',
  'R2',
  '3.10.12',
  '192.168.0.1',
  'arXiv 2401.01234',
  'arXiv:2401.01234',
  '0x1f3a',
  '806a203',
  '550e8400-e29b-41d4-a716-446655440000',
  'data/0.5/x.json',
  '/tmp/2.5/run',
  'https://example.org/1.5/x',
  'x_1',
  'x_{12}',
  'R^2',
  'n^{2}',
  'pass@10',
  '#12',
  '#1f77b4',
  'ROUGE-1/2/L',
  '1st',
  '22nd',
  'epoch_3.pt',
  '3.png',
  'Python 3.10',
  'CUDA 11.8',
  '224x224',
  '0.5\\textwidth',
  '10.1145/abc.def',
  'C++17',
  'o4-mini',
  '1'.repeat(200),
  '1e999',
])('%s holds no number', (text) => {
  expect(scanNumbers(text)).toEqual([])
})

test('any text is read, each number where it says it stands and in order', () => {
  const random = seeded(7)
  const pieces = [
    '0',
    '1',
    '9',
    '12',
    '.',
    ',',
    '-',
    '−',
    '–',
    ' ',
    '\n',
    '%',
    '±',
    '$',
    '\\',
    '{',
    '}',
    '_',
    '^',
    'e',
    'x',
    '×',
    '(',
    ')',
    '[',
    '/',
    ':',
    'a',
    '~',
    '\0',
    '|',
    '*',
    '10^',
    '\\pm',
    '\ud800',
    '&',
    ';',
    '٣',
  ]
  for (let round = 0; round < 2_000; round += 1) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 40) },
      () => pieces[Math.floor(random() * pieces.length)] ?? '',
    ).join('')
    let end = 0
    for (const number of scanNumbers(text)) {
      expect(text.slice(number.start, number.end)).toBe(number.text)
      expect(number.start).toBeGreaterThanOrEqual(end)
      expect(Number.isFinite(number.value)).toBe(true)
      expect(number.significant).toBeGreaterThan(0)
      end = number.end
    }
  }
})

/** Uniform in [0, 1), the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
