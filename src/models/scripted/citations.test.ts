import { expect, test } from 'vitest'
import { bibliography, type Publication } from './bibliography.ts'
import { citedIn, renderCitations, renderReference } from './citations.ts'
import { calibrationStudy } from './studies/calibration.ts'
import { earlyStoppingStudy } from './studies/early-stopping.ts'
import { labelNoiseStudy } from './studies/label-noise.ts'

const publications: Publication[] = Object.values(bibliography)

test('citations become author and year', () => {
  expect(renderCitations('As shown [@guo] and [@wang].')).toBe('As shown (Guo et al., 2017) and (Wang, 2023).')
  expect(renderCitations('[@guo] [@chenDiffusion]')).toBe('(Guo et al., 2017; Chen et al., 2023c)')
})

test('works of the same authors and year can be told apart', () => {
  const names = publications.map(({ shortName, year, letter = '' }) => `${shortName} ${year}${letter}`)
  expect(new Set(names).size).toBe(names.length)
})

test('a reference ends each sentence once', () => {
  expect(renderReference(bibliography.blasiokProper)).toContain('Yield Calibration? arXiv:2305.18764, 2023.')
  expect(renderReference(bibliography.shen)).toContain('et al. Thermometer')
})

test('a work cited twice is listed once, in the order of first mention', () => {
  expect(citedIn('[@wang] [@guo] [@wang]').map(({ shortName }) => shortName)).toEqual(['Wang', 'Guo et al.'])
})

test('an unknown work is an error, so that none can be made up', () => {
  expect(() => renderCitations('[@nobody]')).toThrow('nobody')
})

test.each([labelNoiseStudy, calibrationStudy, earlyStoppingStudy])(
  '$title: ten or more papers of 2023 to 2025, all known',
  (study) => {
    const years = study.literature.map((key) => bibliography[key].year)
    expect(new Set(study.literature).size).toBeGreaterThanOrEqual(10)
    expect(years.every((year) => year >= 2023 && year <= 2025)).toBe(true)
    expect(study.challenges.length).toBeLessThanOrEqual(5)
    for (const text of [study.relatedWork, ...study.challenges.map((challenge) => challenge.text)])
      expect(() => renderCitations(text)).not.toThrow()
  },
)

test('every arXiv id is well formed, used once, and not younger than its year', () => {
  expect(new Set(publications.map(({ arxivId }) => arxivId)).size).toBe(publications.length)
  for (const { arxivId, year } of publications) {
    expect(arxivId).toMatch(/^\d{4}\.\d{5}$/)
    expect(2000 + Number(arxivId.slice(0, 2))).toBe(year)
  }
})
