import { expect, test } from 'vitest'
import { readCitations } from './read-citations.ts'
import { readCitingDocument } from './read-references.ts'
import type { Reference } from './reference.ts'

test('reads numbered lists, bullets and paragraphs under a heading of references', () => {
  const numbered = read(
    '## 8. References\n\n1.  Roe, A., & Poe, B. (2024). Some made-up work. *arXiv:2401.01234*.\n2.  Zed, C. (2019). Another one. In *Proceedings of Nothing*.',
  )
  expect(numbered).toMatchObject([
    {
      line: 3,
      key: '1',
      surname: 'Roe',
      title: 'Some made-up work',
      year: 2024,
      arxiv: '2401.01234',
      published: false,
    },
    { line: 4, key: '2', surname: 'Zed', title: 'Another one', year: 2019, arxiv: null, published: true },
  ])
  const bullets = read(
    '**References**\n\n* Roe, A. (2024). Some made-up\n  work. https://doi.org/10.1234/abc.5\n- Zed, C. (2019). Another one.',
  )
  expect(bullets).toMatchObject([{ title: 'Some made-up work', doi: '10.1234/abc.5', key: null }, { surname: 'Zed' }])
  const paragraphs = read(
    '# References\n\nRoe, A. (2024). Some made-up work.\n\nZed, C. (2019). Another one.\n\n# Appendix\n\nMore in 2020.',
  )
  expect(paragraphs).toHaveLength(2)
})

test('reads entries in brackets with quoted titles', () => {
  expect(
    read(
      '## References\n[1] A. Roe et al. “Some made-up work.” arXiv:2401.01234v2, 2024.\n[2] C. Zed, "Another one," Journal of Nothing, 12(3), 2019.',
    ),
  ).toMatchObject([
    { key: '1', surname: 'Roe', title: 'Some made-up work.', year: 2024, arxiv: '2401.01234' },
    { key: '2', surname: 'Zed', title: 'Another one,', year: 2019, published: true },
  ])
})

test('reads \\bibitem and BibTeX, in the document and beside it', () => {
  const text =
    'We follow \\cite{roe24}.\n\\begin{thebibliography}{9}\n\\bibitem{roe24} A. Roe. Some work. 2024.\n\\end{thebibliography}\n'
  const bib =
    '@article{zed19,\n  author = {Zed, Carl and Roe, Ann},\n  title = {Another {O}ne},\n  year = 2019,\n  journal = "J. Nothing",\n  eprint={1901.01234}, archivePrefix={arXiv}\n}\n@misc{poe, title={A {third}}, year={2020}}'
  const { references } = readCitingDocument({ path: 'paper.tex', text }, [{ path: 'references.bib', text: bib }])
  expect(references).toMatchObject([
    { key: 'roe24', line: 3, year: 2024 },
    {
      path: 'references.bib',
      key: 'zed19',
      line: 1,
      surname: 'Zed',
      title: 'Another One',
      year: 2019,
      arxiv: '1901.01234',
      published: true,
    },
    { key: 'poe', line: 8, title: 'A third', year: 2020, published: false },
  ])
})

test('reads citations of every kind and no intervals, indices, links or code', () => {
  const text = `Roe et al. (2024) and others (Zed, 2019; Roe & Poe, 2021) agree [1], [2, 4] and [6-8].
See [@roe24; @zed19] and \\citep{a,b}. In May 2020 (Figure, 2020) the range [1, 5] and x[3] = [7] and \`[9]\` and [10](https://example.org) are none.
`
  const found = readCitations(readCitingDocument({ path: 'p.md', text }, []))
  expect(
    found.map((citation) =>
      citation.kind === 'number'
        ? citation.numbers
        : citation.kind === 'key'
          ? citation.keys
          : [citation.surname, citation.year],
    ),
  ).toEqual([['Roe', 2024], ['Zed', 2019], ['Roe', 2021], [1], [2, 4], [6, 7, 8], ['roe24', 'zed19'], ['a', 'b']])
})

test('survives what nothing closes', () => {
  const hostile = `${'['.repeat(50_000)}\n\`\`\`\n## References\n\n1. Roe, A. (2024). Some work.\n@article{x, title={${'{'.repeat(50_000)}`
  expect(readCitingDocument({ path: 'p.md', text: hostile }, []).references.length).toBeGreaterThan(0)
  expect(
    readCitations(readCitingDocument({ path: 'p.md', text: '('.repeat(50_000) + '[1,'.repeat(50_000) }, [])),
  ).toEqual([])
})

function read(text: string): readonly Reference[] {
  return readCitingDocument({ path: 'paper.md', text: `${text}\n` }, []).references
}
