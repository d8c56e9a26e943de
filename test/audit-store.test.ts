import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { auditSubject } from '../src/audit/audit.ts'
import { subjectOf } from './support/facts-of.ts'
import { readAuditSummaries } from '../src/runs/audit-index.ts'
import { keepAudit, readAudit } from '../src/runs/audit-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-audits-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const auditOf = (accuracy: string) =>
  auditSubject(
    subjectOf({ 'paper.md': `# T\n\n## Results\nAccuracy is ${accuracy}.\n`, 'log.txt': 'accuracy: 0.7131\n' }),
  )

it('keeps an audit by its trial, whole, and a later one in its place', async () => {
  await keepAudit(folder, 'task/agent/1', await auditOf('0.713'))
  await keepAudit(folder, 'task/agent/1', await auditOf('0.913'))
  expect(await readAudit(folder, 'task/agent/1')).toEqual(await auditOf('0.913'))
  expect(await readAudit(folder, 'task/agent/2')).toBeNull()
})

it('replaces a link in its place, and leaves alone what that leads to', async () => {
  await writeFile(join(folder, 'mine.txt'), 'mine')
  await mkdir(join(folder, 'audits/task/agent'), { recursive: true })
  await symlink(join(folder, 'mine.txt'), join(folder, 'audits/task/agent/1.json'))
  await keepAudit(folder, 'task/agent/1', await auditOf('0.713'))
  expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
  expect(await readAudit(folder, 'task/agent/1')).toEqual(await auditOf('0.713'))
})

it('sums audits up for tables, and sees a change at once', async () => {
  await keepAudit(folder, 'task/a/1', await auditOf('0.713'))
  expect(await readAuditSummaries(folder)).toMatchObject([{ trial: 'task/a/1', informative: 1, traced: 1 }])
  await keepAudit(folder, 'task/a/1', await auditOf('0.913'))
  await keepAudit(folder, 'task/b/1', await auditOf('0.713'))
  expect(await readAuditSummaries(folder)).toMatchObject([
    { trial: 'task/a/1', traced: 0 },
    { trial: 'task/b/1', traced: 1 },
  ])
})

it('takes a record of another version for none: it is made anew', async () => {
  await keepAudit(folder, 'task/a/1', await auditOf('0.713'))
  await writeFile(join(folder, 'audits/task/a/1.json'), '{"schema":"mlrbench/audit@0"}')
  expect(await readAudit(folder, 'task/a/1')).toBeNull()
  expect(await readAuditSummaries(folder)).toEqual([])
})

it('has nothing to say of a run that was never audited', async () => {
  expect(await readAuditSummaries(folder)).toEqual([])
})
