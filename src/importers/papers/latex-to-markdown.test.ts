import { describe, expect, test } from 'vitest'
import { latexToMarkdown } from './latex-to-markdown.ts'

interface Given {
  readonly bbl?: string
  readonly bibFiles?: string[]
  readonly images?: Record<string, string>
}

function convert(source: string, { bbl, bibFiles = [], images = {} }: Given = {}): string {
  return latexToMarkdown({ source, bbl: bbl ?? null, bibFiles, findImage: (name) => images[name] ?? null })
}
const body = (source: string, given: Given = {}): string => convert(source, given).trim()

test('puts title, authors and abstract first and leaves the preamble and what follows the document out', () => {
  const source = String.raw`\documentclass{article}\usepackage{beans}
\title{Counting \emph{Beans}}\author{A. Bean \and B. Jar}
\begin{document}\maketitle
\begin{abstract}We count.\end{abstract}
\section{Introduction}\label{s}
Beans matter.
\end{document}
not this`
  expect(convert(source)).toBe(
    '# Counting *Beans*\n\nA. Bean, B. Jar\n\n## Abstract\n\nWe count.\n\n## Introduction\n\nBeans matter.\n',
  )
})

describe('text', () => {
  test.each([
    ['quotes and dashes', "``a'' -- b --- c", '“a” – b — c'],
    ['escaped signs', String.raw`50\% of \$5, a\_b, \#1 \& co`, '50% of \\$5, a_b, #1 & co'],
    ['accents', String.raw`Caf\'e na\"{\i}ve \v{c} Erd\H{o}s \ss`, 'Café naïve č Erdős ß'],
    ['emphasis', String.raw`\textbf{bold} \textit{it} \texttt{x\_1} \verb|v_1|`, '**bold** *it* `x_1` `v_1`'],
    ['citations', String.raw`as \citep[see][p.~2]{knuth, jar} say`, 'as [knuth, jar] say'],
    ['links', String.raw`\href{http://a.b/c}{here} \url{http://a.b/x%20y}`, '[here](http://a.b/c) <http://a.b/x%20y>'],
    ['footnotes', String.raw`word\footnote{A note.}`, 'word (A note.)'],
    ['comments', 'one % two\nthree', 'one three'],
    ['what TeX skips', String.raw`a \iffalse secret \fi b \begin{comment}c\end{comment}`, 'a b'],
    ['unknown macros', String.raw`\unknown{kept text} \etal`, 'kept text etal'],
    ['layout', String.raw`\vspace{1em}\noindent \textcolor{red}{red} {\bf old}`, 'red old'],
    ['inline maths', String.raw`$x_1 \le 2$ and \(y\)`, String.raw`$x_1 \le 2$ and $y$`],
  ])('%s', (_, source, expected) => {
    expect(body(source)).toBe(expected)
  })
})

test("unfolds the paper's own macros, in formulas too", () => {
  const source = String.raw`\newcommand{\ours}{TwoPtr}\newcommand{\pair}[2]{(#1, \textbf{#2})}
\newcommand{\opt}[1][one]{<#1>}\def\R{\mathbb{R}}
\begin{document}\ours{} beats \pair{a}{b} and \opt{} \opt[two] in $\R^2$\end{document}`
  expect(body(source)).toBe(String.raw`TwoPtr beats (a, **b**) and <one> <two> in ${'$'}{\mathbb{R}}^2$`)
})

test('keeps display formulas whole, without labels and empty lines', () => {
  const source = String.raw`a \begin{equation}\label{e}x = 1

+ 2\end{equation} b \begin{align}x &= 1 \\ y &= 2\end{align} \[z\]`
  expect(body(source)).toBe(
    String.raw`a

$$
x = 1
+ 2
$$

b

$$
\begin{align}x &= 1 \\ y &= 2\end{align}
$$

$$
z
$$`,
  )
})

test('turns tables into Markdown with their captions', () => {
  const source = String.raw`\begin{table}[t]\centering\caption{Main results.}
\resizebox{\textwidth}{!}{\begin{tabular}{l|cc}\toprule
Method & \multicolumn{2}{c}{Score} \\ \cmidrule(lr){2-3}
 & A & B \\ \midrule
One|two & 0.998 & $\pm 1$ \\[2pt]
\textbf{Ours} & \textbf{1.000} & -- \\ \bottomrule
\end{tabular}}\end{table}`
  expect(body(source)).toBe(
    [
      'Table: Main results.',
      '',
      '| Method | Score | |',
      '| --- | --- | --- |',
      '| | A | B |',
      String.raw`| One\|two | 0.998 | $\pm 1$ |`,
      '| **Ours** | **1.000** | – |',
    ].join('\n'),
  )
})

test('turns lists, figures and listings over', () => {
  const source = String.raw`\begin{itemize}\item one\item[two] second \begin{enumerate}\item inner\end{enumerate}\end{itemize}
\begin{figure}\includegraphics[width=3in]{figs/plot}\caption{A plot.}\end{figure}
\begin{verbatim}
raw  {text}


end
\end{verbatim}
\begin{theorem}[Main] It holds.\end{theorem}`
  expect(body(source, { images: { 'figs/plot': 'figs/plot.png' } })).toBe(
    '- one\n- **two** second\n\n  1. inner\n\n![plot](figs/plot.png)\n\nFigure: A plot.\n\n```\nraw  {text}\n\n\nend\n```\n\n**Theorem (Main).** It holds.',
  )
})

describe('references', () => {
  const bib =
    '@article{knuth, author={Knuth, Donald and Bean, A.}, title="The {Art}", year=1968, journal={J. Beans}}\n@misc{other, title={x}}\n@broken{'

  test('come from BibTeX files, as far as they are cited', () => {
    expect(body(String.raw`See \cite{knuth}. \bibliography{refs}`, { bibFiles: [bib] })).toBe(
      'See [knuth].\n\n## References\n\n- [knuth] Knuth, Donald; Bean, A. The Art. J. Beans. 1968.',
    )
  })

  test('come from what LaTeX typeset, where that is there', () => {
    const bbl = String.raw`\begin{thebibliography}{9}\bibitem[K(68)]{knuth} Knuth. \newblock \emph{Art}.\end{thebibliography}`
    expect(body(String.raw`\bibliography{refs}`, { bbl, bibFiles: [bib] })).toContain('- [knuth] Knuth. *Art*.')
  })
})

describe('in time, and not much longer than it was, comes out', () => {
  const many = (text: string, times: number): string => Array.from({ length: times }, () => text).join('')
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const chain = names.map((name, index) => `\\newcommand{\\${name}x}{${many(`\\${names[index + 1] ?? 'zz'}x`, 10)}}`)
  test.each([
    ['a definition of definitions', `${chain.join('')}\\ax\\ax\\selfx\\newcommand{\\selfx}{\\selfx\\selfx}`],
    ['a long definition used often', `\\newcommand{\\q}{${many('word ', 900)}}${many('\\q ', 300)}`],
    ['one used often in a formula', `\\newcommand{\\q}{${many('x', 490)}}$${many('\\q ', 4_000)}$`],
    ['a formula of blank lines', `$${many('\n', 15_000)}$ \\begin{align}${many(' \n', 6_000)}x\\end{align}`],
    ['a table of as many cells', `\\begin{tabular}{l}${many('a&', 2_000)}\\\\${many('a\\\\', 4_000)}\\end{tabular}`],
  ])('%s', (_, source) => {
    expect(convert(source).length).toBeLessThan(600_000)
  })

  test('a reference of references', () => {
    const nested = `${many('@article{k, title={word ', 500)}${many('}', 1_000)}`
    expect(body(String.raw`\bibliography{refs}`, { bibFiles: [nested] })).toMatch(
      /^## References\n\n- \[k\] word @article[^-]*$/,
    )
  })
})
