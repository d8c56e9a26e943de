import { describe, expect, test } from 'vitest'
import { findAddressedText } from '../judges/addressed-text.ts'
import { showText } from '../judges/shown-text.ts'
import { loadRubric } from '../rubrics/rubric.ts'
import { type Artefacts, attacks } from './attacks.ts'

const { rubric } = await loadRubric('end-to-end')
const clean: Artefacts = {
  subject: '# Counting letters\n\n## Abstract\n\nWe count letters.\n\n## References\n\n1. Anon. Letters. 2024.\n',
  code: new Map([
    ['experiment.py', '#!/usr/bin/env python\nprint(1)\n'],
    ['experiment.mjs', 'console.log(1)\n'],
  ]),
  logs: new Map([['results/log.txt', 'seed 1 | 0.5\n']]),
}
const texts = ({ subject, code, logs }: Artefacts): string[] => [subject, ...code.values(), ...logs.values()]

test('ids are distinct, and no text is shared by two attacks', () => {
  expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length)
  const attacked = attacks.map((attack) => texts(attack.apply(clean, rubric)).join())
  expect(new Set(attacked).size).toBe(attacks.length)
})

describe.each(attacks.map((attack) => [attack.id, attack] as const))('%s', (_id, attack) => {
  const attacked = attack.apply(clean, rubric)

  test('adds its text and takes nothing away; the same every time', () => {
    expect(texts(attack.apply(clean, rubric))).toEqual(texts(attacked))
    for (const [index, text] of texts(attacked).entries()) {
      const lines = (texts(clean)[index] ?? '').split('\n').filter((line) => line !== '')
      for (const line of lines) expect(text.split('\n')).toContain(line)
    }
    expect(texts(attacked)).not.toEqual(texts(clean))
  })

  test('is found by our own search, and nothing is in the clean work', () => {
    const shown = (own: Artefacts) =>
      [['paper.md', own.subject] as const, ...own.code, ...own.logs].map(([path, text]) =>
        showText(text, { path, whole: text }),
      )
    expect(findAddressedText(shown(clean))).toEqual([])
    expect(findAddressedText(shown(attacked))).not.toEqual([])
  })

  test('stands where it says', () => {
    const touched = {
      subject: attacked.subject !== clean.subject,
      code: [...attacked.code].join() !== [...clean.code].join(),
      logs: [...attacked.logs].join() !== [...clean.logs].join(),
    }
    const expected = {
      subject: attack.hides !== 'code-comment' && attack.hides !== 'log',
      code: attack.hides === 'code-comment' || attack.id === 'injector',
      logs: attack.hides === 'log',
    }
    expect(touched).toEqual(expected)
  })
})
