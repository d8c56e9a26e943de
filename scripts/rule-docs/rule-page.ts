import { renderRuleDocs } from '../../src/audit/rules/rule-docs.ts'
import { rules, rulesVersion } from '../../src/audit/rules/index.ts'

/** How the page is made; whoever finds it out of date runs this. */
export const writeCommand = 'npm exec -- node scripts/write-rule-docs.ts'

/** docs/audit-rules.md, whole: every rule in the order in which equally grave findings are reported. */
export function rulePage(): string {
  return `# The rules of the audit

What each rule of \`mlrbench audit\` catches, what it misses, and how it can be wrong, in the words of the rules themselves
(\`src/audit/rules\`; version ${rulesVersion}, ${rules.length} rules). How they work together, and what a verdict means: [audit.md](audit.md).
This page is generated: \`${writeCommand}\`. \`mlrbench audit --rules\` prints the same.

${renderRuleDocs(rules)}`
}
