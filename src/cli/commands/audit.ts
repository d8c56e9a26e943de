import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { Option } from 'commander'
import { rules } from '../../audit/rules/index.ts'
import { renderRuleDocs } from '../../audit/rules/rule-docs.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { describeError, PrerequisiteError } from '../../base/errors.ts'
import { makeFolder, writeJson, writeWhole } from '../../base/files.ts'
import { renderAuditMarkdown } from '../../report/audit-markdown.ts'
import { renderAuditPage } from '../../report/audit-page/audit-page.ts'
import { renderAuditText } from '../../report/audit-text.ts'
import { auditOverview, verdictWords } from '../../report/audit-tables.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderRuleText } from '../../report/rule-text.ts'
import { renderMarkdown, renderText } from '../../report/table.ts'
import type { Audit } from '../../schema/audit.ts'
import { type AuditTarget, findAuditTargets } from '../audit-targets.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

const formats = ['text', 'md', 'html', 'json'] as const
const failLevels = ['fabricated', 'suspicious'] as const

interface Flags {
  readonly logDir: string
  readonly format: (typeof formats)[number]
  readonly output?: string
  readonly failOn?: (typeof failLevels)[number]
  readonly rules?: boolean
  readonly json?: boolean
}

export const registerAudit: Register = (program, run) => {
  program
    .command('audit')
    .description('where each number of a paper comes from: no model, no network, the same result every time')
    .argument('[targets...]', 'runs, trials as <run>:<trial>, or any folders with a paper and code')
    .addOption(new Option('-f, --format <format>', 'form of the result').choices(formats).default('text'))
    .option(
      '-o, --output <folder>',
      'also write audit.json, audit.md and audit.html there; of several works, each in a folder of its own',
    )
    .addOption(
      new Option('--fail-on <verdict>', 'exit 100 when some work is fabricated, or at least suspicious').choices(
        failLevels,
      ),
    )
    .option('--rules', 'print what each rule catches, what it misses, and how it can be wrong')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((targets: string[], flags: Flags) =>
      run((context) => audit(targets, flags, context), { json: flags.json === true || flags.format === 'json' }),
    )
}

interface Audited {
  readonly audit: Audit
  readonly subject: AuditSubject
}

async function audit(words: readonly string[], flags: Flags, context: CliContext): Promise<CommandResult> {
  if (flags.rules === true)
    return {
      text: flags.format === 'md' ? renderRuleDocs(rules) : renderRuleText(rules, context.style),
      json: rules.map(({ id, title, part, catches, misses, falsePositives }) => ({
        id,
        title,
        part,
        catches,
        misses,
        falsePositives,
      })),
      exitCode: 0,
    }
  const targets: AuditTarget[] = []
  for (const word of words) targets.push(...(await findAuditTargets(word, flags.logDir)))
  if (targets.length === 0)
    throw new PrerequisiteError(
      'name what to audit: a run, a trial as <run>:<trial>, or a folder with a paper and code',
    )
  const audits: Audit[] = []
  const empty: string[] = []
  const taken = new Set<string>()
  let page = ''
  for (const target of targets) {
    context.signal.throwIfAborted()
    const audited = await target.audit()
    if (audited === null) {
      empty.push(target.name)
      continue
    }
    const { audit, subject } = audited
    audits.push(audit)
    if (flags.output !== undefined)
      await writeForms(targets.length === 1 ? flags.output : join(flags.output, freeName(audit.subject, taken)), {
        audit,
        subject,
      })
    if (flags.format === 'html' && targets.length === 1) page = renderAuditPage(audit, subject.documents)
    if (targets.length > 1)
      context.note(`${audit.subject}: ${verdictWords[audit.verdict]} (${audit.score.fab.toFixed(2)})`)
  }
  if (empty.length > 0)
    context.note(
      `no paper and no results.md, so nothing to audit: ${empty.slice(0, 3).join(', ')}${empty.length > 3 ? ` and ${empty.length - 3} more` : ''}`,
    )
  if (audits.length === 0) throw new PrerequisiteError('there is no paper and no report in what was named')
  if (flags.format === 'html' && targets.length > 1)
    throw new PrerequisiteError(
      `${formatNumberOf(targets.length, 'audit')} do not fit one page: give --output <folder>`,
    )
  const [only] = audits
  return {
    text: page || render(audits, flags, context),
    json: audits.length === 1 ? only : { schema: 'mlrbench/audits@1', audits },
    exitCode: audits.some(({ verdict }) => fails(verdict, flags.failOn)) ? 100 : 0,
  }
}

function fails(verdict: Audit['verdict'], level: Flags['failOn']): boolean {
  return level !== undefined && (verdict === 'fabricated' || (level === 'suspicious' && verdict === 'suspicious'))
}

async function writeForms(folder: string, { audit, subject }: Audited): Promise<void> {
  await makeFolder(folder).catch((error: unknown) => {
    throw new PrerequisiteError(`${folder} cannot be made: ${describeError(error)}`, { cause: error })
  })
  for (const name of ['audit.json', 'audit.md', 'audit.html'])
    if ((await lstat(join(folder, name)).catch(() => null))?.isSymbolicLink() === true)
      throw new PrerequisiteError(`${join(folder, name)} is a link, which is not written through: name another folder`)
  await writeJson(join(folder, 'audit.json'), audit)
  await writeWhole(join(folder, 'audit.md'), renderAuditMarkdown(audit))
  await writeWhole(join(folder, 'audit.html'), renderAuditPage(audit, subject.documents))
}

/** A folder's name for a subject, whose own may hold anything, and may be another's too. */
function freeName(subject: string, taken: Set<string>): string {
  const name = subject.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_')
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`
  taken.add(free)
  return free
}

function render(audits: readonly Audit[], { format }: Flags, { style }: CliContext): string {
  const [only] = audits
  if (only === undefined) return ''
  if (audits.length > 1) {
    const table = [auditOverview(audits)]
    return `${format === 'md' ? renderMarkdown(table) : renderText(table, style)}\n`
  }
  if (format === 'md') return renderAuditMarkdown(only)
  return renderAuditText(only, style)
}
