/**
 * Writes data/catalogue.json: facts about MLR-Bench's tasks, never their texts.
 *
 *   node scripts/make-catalogue.ts <release> <facts.json> --repository owner/name --commit <hash> [--output <file>]
 *
 * <release> is an archive, folder or URL of the release: hashes and sizes are taken from it. <facts.json> gives what a
 * text does not tell: {"tasks": [{id, slug, venue, year, title, category, in_subset}]}.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { assetPath } from '../src/base/assets.ts'
import { writeWhole } from '../src/base/files.ts'
import { sha256 } from '../src/base/hash.ts'
import { type Catalogue, catalogueSchema } from '../src/tasks/catalogue.ts'
import { readTaskSource } from '../src/tasks/task-source.ts'

const factsSchema = z.object({
  tasks: z.array(
    z.object({
      id: z.string(),
      slug: z.string(),
      venue: z.string(),
      year: z.int(),
      title: z.string().nullable(),
      category: z.string().nullable(),
      in_subset: z.boolean(),
      sha256: z.string().optional(),
    }),
  ),
})

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { repository: { type: 'string' }, commit: { type: 'string' }, output: { type: 'string' } },
})
const [release, factsPath] = positionals
const { repository, commit, output = assetPath('data/catalogue.json') } = values
if (release === undefined || factsPath === undefined || repository === undefined || commit === undefined) {
  throw new Error(
    'Usage: make-catalogue.ts <release> <facts.json> --repository owner/name --commit hash [--output file]',
  )
}

const facts = factsSchema.parse(JSON.parse(await readFile(factsPath, 'utf8')))
const received = await readTaskSource(release, {
  signal: undefined,
  stallTimeoutMs: 60_000,
  onProgress: () => undefined,
})
const factIds = new Set(facts.tasks.map((task) => task.id))
const unknown = [...received.files.keys()].filter((id) => !factIds.has(id))
if (unknown.length > 0) throw new Error(`no facts about ${unknown.join(', ')}`)

const pinnedCommit = received.commit?.startsWith(commit) === true ? received.commit : commit
const catalogue: Catalogue = catalogueSchema.parse({
  schema: 'mlrbench/catalogue@1',
  source: {
    repository,
    commit: pinnedCommit,
    archiveUrl: `https://codeload.github.com/${repository}/tar.gz/${pinnedCommit}`,
    licence: 'MIT',
  },
  tasks: facts.tasks
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, slug, venue, year, title, category, in_subset: inSubset, sha256: statedHash }) => {
      const bytes = received.files.get(id)
      if (bytes === undefined) throw new Error(`${release} holds no task ${id}`)
      const hash = sha256(bytes)
      if (statedHash !== undefined && statedHash !== hash) throw new Error(`${id} is not the text the facts are about`)
      return { id, slug, venue, year, title, sha256: hash, bytes: bytes.length, category, inSubset }
    }),
})

// one task a line: small, and a change shows as the lines it concerns
const lines = catalogue.tasks.map((task) => `    ${JSON.stringify(task)}`).join(',\n')
const head = JSON.stringify({ schema: catalogue.schema, source: catalogue.source }, null, 2).slice(0, -2)
await writeWhole(output, `${head},\n  "tasks": [\n${lines}\n  ]\n}\n`)
console.log(`${output}: ${catalogue.tasks.length} tasks of ${repository} at ${pinnedCommit}`)
