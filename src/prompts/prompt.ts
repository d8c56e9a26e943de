import { readdir, readFile } from 'node:fs/promises'
import { Liquid } from 'liquidjs'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { assetPath } from '../base/assets.ts'
import { sha256 } from '../base/hash.ts'

const frontMatterSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.int().positive(),
  variables: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)),
  /** Empty for a prompt that only adds a user message. */
  system: z.string(),
})

/** A prompt file: YAML front matter, then the user message as Markdown. Both messages are Liquid templates. */
export interface Prompt {
  readonly id: string
  readonly version: number
  /** Exactly the variables the two templates use. */
  readonly variables: readonly string[]
  readonly system: string
  readonly user: string
  /** SHA-256 of the whole file. */
  readonly hash: string
}

const liquid = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true })

/** Ids of all prompt files, sorted. */
export async function listPrompts(): Promise<string[]> {
  const names = await readdir(assetPath('prompts'))
  return names.flatMap((name) => /^([a-z][a-z0-9-]*)\.md$/.exec(name)?.[1] ?? []).toSorted()
}

/** Reads `prompts/<id>.md`. Rejects, naming the prompt, when it is missing, malformed, or declares other variables than it uses. */
export async function loadPrompt(id: string): Promise<Prompt> {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new Error(`"${id}" is not the id of a prompt`)
  const text = await readFile(assetPath(`prompts/${id}.md`), 'utf8').catch((cause: unknown) => {
    throw new Error(`prompt "${id}" cannot be read`, { cause })
  })
  return parsePrompt(id, text)
}

/** Throws, naming the prompt, when the text is malformed or declares other variables than it uses. */
export function parsePrompt(id: string, text: string): Prompt {
  const [, frontMatter, body] = /^---\n(.*?\n)---\n(.*)$/s.exec(text) ?? []
  if (frontMatter === undefined || body === undefined)
    throw new Error(`prompt "${id}" does not begin with front matter between two lines of ---`)
  const header = withId(id, () => frontMatterSchema.parse(parseYaml(frontMatter)))
  if (header.id !== id) throw new Error(`prompt "${id}" calls itself "${header.id}"`)

  const system = closeUpTagLines(header.system.trim())
  const user = closeUpTagLines(body.trim())
  const used = new Set(withId(id, () => [system, user].flatMap((template) => liquid.globalVariablesSync(template))))
  for (const name of header.variables)
    if (!used.has(name)) throw new Error(`prompt "${id}" declares the variable "${name}" and does not use it`)
  for (const name of used)
    if (!header.variables.includes(name))
      throw new Error(`prompt "${id}" uses the variable "${name}" and does not declare it`)

  return { ...header, system, user, hash: sha256(text) }
}

/**
 * Fills in both messages. Values are inserted as they are: nothing in them is escaped or read as a template.
 * @param variables exactly the declared ones; undefined and null count as missing
 * @throws naming the prompt and the variable, when one is missing or unknown
 */
export function renderPrompt(
  prompt: Prompt,
  variables: Readonly<Record<string, unknown>>,
): { system: string; user: string } {
  for (const name of prompt.variables)
    if (!Object.hasOwn(variables, name) || variables[name] === undefined || variables[name] === null)
      throw new Error(`prompt "${prompt.id}" needs the variable "${name}"`)
  for (const name of Object.keys(variables))
    if (!prompt.variables.includes(name)) throw new Error(`prompt "${prompt.id}" has no variable "${name}"`)

  const render = (template: string): string => String(liquid.parseAndRenderSync(template, variables))
  return withId(prompt.id, () => ({ system: render(prompt.system), user: render(prompt.user) }))
}

/** A line that holds nothing but `{% … %}` tags is removed with its line break, so that loops and conditions leave no blank lines. */
function closeUpTagLines(template: string): string {
  return template.replace(/^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)(?:\n|$(?![^]))/gm, (_, tags: string) => tags.trim())
}

function withId<T>(id: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new Error(`prompt "${id}" is faulty`, { cause })
  }
}
