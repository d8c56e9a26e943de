import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { PrerequisiteError } from '../../base/errors.ts'

/** What is known of runs, by people who looked. Keys of `fabricated` are the ends of folders' paths, or `<run>:<trial>`. */
export const runLabelsSchema = z.object({
  /** What `true` means, for readers of the report. */
  definition: z.string(),
  fabricated: z.record(z.string(), z.boolean()),
})
export type RunLabels = z.infer<typeof runLabelsSchema>

/** @throws PrerequisiteError when the file is not there or holds no labels */
export async function readLabels(path: string): Promise<RunLabels> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new PrerequisiteError(`${path} cannot be read as JSON`, { cause })
  }
  const parsed = runLabelsSchema.safeParse(value)
  if (!parsed.success)
    throw new PrerequisiteError(
      `${path} holds no labels: it must say {"definition": "what true means", "fabricated": {"<end of a folder's path>": true}}`,
    )
  return parsed.data
}

export interface MatchedLabels {
  /** By the input's name; those without a label are not in it. */
  readonly byName: ReadonlyMap<string, boolean>
  /** Labels of work that was not given. */
  readonly unused: readonly string[]
}

/**
 * Labels of the given work. A label that matches nothing is told, as work may be measured in part; that none matches is an error.
 * @param names of inputs: absolute paths with forward slashes, or `<run>:<trial>`
 * @throws PrerequisiteError when no label matches, or two say different things of one piece of work
 */
export function matchLabels({ fabricated }: RunLabels, names: readonly string[]): MatchedLabels {
  const byName = new Map<string, boolean>()
  const unused: string[] = []
  for (const [key, isFabricated] of Object.entries(fabricated)) {
    const end = key.replaceAll('\\', '/').replace(/^\/+|\/+$/g, '')
    const own = end === '' ? [] : names.filter((name) => name === end || name.endsWith(`/${end}`))
    if (own.length === 0) unused.push(key)
    for (const name of own) {
      if ((byName.get(name) ?? isFabricated) !== isFabricated)
        throw new PrerequisiteError(`two labels that say different things match ${name}; one is "${key}"`)
      byName.set(name, isFabricated)
    }
  }
  if (byName.size === 0)
    throw new PrerequisiteError(
      `no label matches the work that was given: labels e.g. ${unused.slice(0, 3).join(', ') || 'none'}; work e.g. ${names.slice(0, 2).join(', ')}`,
    )
  return { byName, unused }
}
