import pc from 'picocolors'
import type { TextStyle } from './table.ts'
import { wrapWords } from './wrap-words.ts'

/** What a rule says of itself. */
export interface ToldRule {
  readonly id: string
  readonly title: string
  readonly part: 'claims' | 'execution' | 'code' | 'none'
  readonly catches: string
  readonly misses: string
  readonly falsePositives: string
}

const widest = 120

/** Rules for a terminal: what each finds and misses, and how it can be wrong. */
export function renderRuleText(rules: readonly ToldRule[], style: TextStyle): string {
  const { bold, dim } = pc.createColors(style.colors)
  const width = Math.min(style.width ?? widest, widest)
  const paragraph = (name: string, text: string): string =>
    wrapWords(`${name}: ${text}`, width - 2)
      .map((line) => `  ${line}`)
      .join('\n')
  return rules
    .map(({ id, title, part, catches, misses, falsePositives }) =>
      [
        `${bold(id)} ${dim(part === 'none' ? '(for readers only)' : `(counts for: ${part})`)}`,
        paragraph('finds', title),
        paragraph('catches', catches),
        paragraph('misses', misses),
        paragraph('can be wrong', falsePositives),
        '',
      ].join('\n'),
    )
    .join('\n')
}
