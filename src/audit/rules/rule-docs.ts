import type { Rule } from './rule.ts'

const parts = {
  claims: 'claims',
  execution: 'execution',
  code: 'code',
  none: 'none: for readers only',
} satisfies Record<Rule['part'], string>

/** Markdown on every rule in the order given: its name, its part of the score, what it catches, what it misses and what makes it wrong. */
export function renderRuleDocs(rules: readonly Rule[]): string {
  const overview = rules.map(({ id, title, part }) => `| [${id}](#${id}) | ${cell(title)} | ${part} |`)
  const details = rules.map((rule) =>
    [
      `## ${rule.id}`,
      '',
      `${sentence(rule.title)} Part of the score: ${parts[rule.part]}.`,
      '',
      `- **Catches.** ${rule.catches}`,
      `- **Misses.** ${rule.misses}`,
      `- **Can be wrong.** ${rule.falsePositives}`,
    ].join('\n'),
  )
  return `${['| rule | finds | part |', '|---|---|---|', ...overview].join('\n')}\n\n${details.join('\n\n')}\n`
}

function sentence(title: string): string {
  const capital = title.charAt(0).toUpperCase() + title.slice(1)
  return capital.endsWith('.') ? capital : `${capital}.`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
