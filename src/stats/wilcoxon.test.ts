import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/wilcoxon.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { type WilcoxonOptions, wilcoxonSignedRank } from './wilcoxon.ts'

test('asymptotic p-values are those of SciPy, for both ways with zeros, each alternative, with and without correction', () => {
  for (const { differences, w, asymptotic } of golden) {
    expect(wilcoxonSignedRank(differences).w).toBe(w)
    for (const { p, ...options } of asymptotic) {
      // the file's strings are wider than the options' types
      const { zeros, continuity, alternative } = options as Required<WilcoxonOptions>
      expect(wilcoxonSignedRank(differences, { zeros, continuity, alternative, method: 'asymptotic' }).p).toEqual(
        near(p),
      )
    }
  }
})

test('exact p-values are those of SciPy', () => {
  const cases = golden.flatMap(({ differences, exact }) => (exact === undefined ? [] : [{ differences, exact }]))
  expect(cases).toHaveLength(3)
  for (const { differences, exact } of cases) {
    expect(wilcoxonSignedRank(differences)).toMatchObject({ method: 'exact', p: near(exact['two-sided']) })
    expect(wilcoxonSignedRank(differences, { alternative: 'greater' }).p).toEqual(near(exact.greater))
    expect(wilcoxonSignedRank(differences, { alternative: 'less' }).p).toEqual(near(exact.less))
  }
})

test('with ties and zeros the exact p-value is that of trying all signs', () => {
  const cases = golden.flatMap(({ differences, enumerated }) =>
    enumerated === undefined ? [] : [{ differences, enumerated }],
  )
  expect(cases).toHaveLength(4)
  for (const { differences, enumerated } of cases) {
    expect(wilcoxonSignedRank(differences, { method: 'exact' }).p).toEqual(near(enumerated.wilcox))
    expect(wilcoxonSignedRank(differences, { method: 'exact', zeros: 'pratt' }).p).toEqual(near(enumerated.pratt))
  }
})

test('the exact test is chosen for up to 50 differences without zeros and ties', () => {
  const methodOf = (differences: readonly number[]) => wilcoxonSignedRank(differences).method
  const ladder = Array.from({ length: 51 }, (_, i) => i + 1)
  expect(methodOf(ladder.slice(1))).toBe('exact')
  expect([ladder, [0, 1, 2], [1, -1, 2]].map(methodOf)).toEqual(['asymptotic', 'asymptotic', 'asymptotic'])
  const many = Array.from({ length: 501 }, (_, i) => i + 1)
  expect(() => wilcoxonSignedRank(many, { method: 'exact' })).toThrow(RangeError)
})

test('turning all signs turns z and keeps p', () => {
  const differences = [1, 2, 2, -3, 4, 5, 0]
  const [forward, backward] = [differences, differences.map((d) => -d)].map((d) => wilcoxonSignedRank(d))
  expect(forward?.z).toBeGreaterThan(0)
  expect(backward?.z).toBe(-(forward?.z ?? 0))
  expect(backward?.p).toBe(forward?.p)
})

test('differences that are all 0 have no p', () => {
  for (const zeros of ['wilcox', 'pratt'] as const) {
    expect(wilcoxonSignedRank([0, 0, 0], { zeros })).toMatchObject({ n: 0, z: null, p: null })
  }
  expect(wilcoxonSignedRank([])).toMatchObject({ w: 0, n: 0, p: null })
})
