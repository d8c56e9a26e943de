import { expect, it } from 'vitest'
import { methodSentences } from './method-text.ts'

const textsOf = (path: string, text: string) => methodSentences({ path, text }).map((one) => `${one.line} ${one.text}`)

it('reads the text of a PDF without margins and breaks, with the lines of the file', () => {
  const text = [
    'A Title of Some Length',
    '',
    'Abstract',
    'We read characters.',
    '',
    '1 Introduction',
    'Much is read.',
    '',
    '2 Setup',
    'The recurrent encoder has two layers and reads charac-',
    'ters. It was trained with Adam.',
    '',
    '3 Results',
    'Accuracy is 71.3 %.',
    '',
  ].join('\n')
  expect(textsOf('paper.pdf.txt', text)).toEqual([
    '4 We read characters.',
    '10 The recurrent encoder has two layers and reads characters.',
    '11 It was trained with Adam.',
    '14 Accuracy is 71.3 %.',
  ])
})

it('leaves out comments, code and plans', () => {
  const latex =
    '\\begin{document}\n\\section{Setup}\nWe train for 18 epochs. % for 300 epochs, later\n\\end{document}\n'
  expect(textsOf('paper.tex', latex).join(' ')).not.toContain('300')
  expect(
    textsOf('paper.md', '# T\n\n## Setup\nWe plan to train a GCN. We train an MLP.\n\n```\nepochs: 300\n```\n'),
  ).toEqual(['4 We train an MLP.'])
})
