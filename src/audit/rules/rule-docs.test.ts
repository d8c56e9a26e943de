import { expect, test } from 'vitest'
import type { Rule } from './rule.ts'
import { renderRuleDocs } from './rule-docs.ts'

const rule: Rule = {
  id: 'some-rule',
  title: 'a | that stands alone',
  part: 'code',
  catches: 'One thing.',
  misses: 'Another.',
  falsePositives: 'A third.',
  find: () => [],
}

test('names every rule in the overview and says all of it below', () => {
  expect(renderRuleDocs([rule, { ...rule, id: 'other-rule', part: 'none' }])).toBe(
    `| rule | finds | part |
|---|---|---|
| [some-rule](#some-rule) | a \\| that stands alone | code |
| [other-rule](#other-rule) | a \\| that stands alone | none |

## some-rule

A | that stands alone. Part of the score: code.

- **Catches.** One thing.
- **Misses.** Another.
- **Can be wrong.** A third.

## other-rule

A | that stands alone. Part of the score: none: for readers only.

- **Catches.** One thing.
- **Misses.** Another.
- **Can be wrong.** A third.
`,
  )
})
