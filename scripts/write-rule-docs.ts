import { join } from 'node:path'
import { writeWhole } from '../src/base/files.ts'
import { rulePage } from './rule-docs/rule-page.ts'

/** Writes the page on the audit's rules from the rules themselves: `node scripts/write-rule-docs.ts`. */
await writeWhole(join(import.meta.dirname, '../docs/audit-rules.md'), rulePage())
