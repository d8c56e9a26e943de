import { expect, test } from 'vitest'
import { escapeLatex, renderLatex } from './latex.ts'

test('a table is set with booktabs, names to the left and numbers to the right', () => {
  const table = {
    title: 'Scores',
    columns: ['agent', 'clarity'],
    rows: [
      ['one', '7.25 ±0.05'],
      ['two', null],
    ],
    notes: ['So.'],
  }
  expect(renderLatex([table]).split('\n')).toEqual([
    '\\begin{table}',
    '  \\centering',
    '  \\caption{Scores}',
    '  \\begin{tabular}{lr}',
    '    \\toprule',
    '    agent & clarity \\\\',
    '    \\midrule',
    '    one & 7.25 \\(\\pm\\)0.05 \\\\',
    '    two & -- \\\\',
    '    \\bottomrule',
    '  \\end{tabular}',
    '  \\par\\footnotesize So.',
    '\\end{table}',
  ])
})

test('nothing in a cell is a command, a comment, or the end of a cell', () => {
  expect(escapeLatex('a\\b{c}_d^e~f&g%h$i#j')).toBe(
    'a\\textbackslash{}b\\{c\\}\\_d\\textasciicircum{}e\\textasciitilde{}f\\&g\\%h\\$i\\#j',
  )
  expect(escapeLatex('[x]* --flag --- <b> "q" ≥ α')).toBe(
    "{[}x{]}{*} -{}-flag -{}-{}- \\textless{}b\\textgreater{} ''q'' \\(\\geq\\) \\(\\alpha\\)",
  )
  expect(escapeLatex('line\nbreak\u001b[31m')).toBe('line break')
})
