import { z } from 'zod'
import { hashJson } from '../base/hash.ts'
import { findObjects, type FoundObject } from './find-objects.ts'

/** Some models think aloud before they answer, and draft their marks there. */
const thinking = /^\s*<(think(?:ing)?|thoughts?|reasoning)>(?:[\s\S]*?<\/\1>|[\s\S]*$)/i
const thinkingTag = /<(\/?)(?:think(?:ing)?|thoughts?|reasoning)>/gi

const codeFence = /^\s*```\w*\s*$/gm

export type ReadReply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/**
 * Reads a judge's answer: the one JSON object in it, in a code fence or bare, checked against the rubric's schema. Several
 * different objects are an error, and so are a member that stands twice and a second answer that cannot be read: guessing which one
 * is meant could make up a score.
 * @param options.material what the judge was shown: an object of it, in a reply that says more, is a quotation and no answer
 */
export function readReply<T>(
  text: string,
  schema: z.ZodType<T>,
  options: { readonly material?: readonly string[] } = {},
): ReadReply<T> {
  const said = text.replace(thinking, '')
  const found = findObjects(said)
  const answers = outsideThoughts(said, found)
  const repeated = answers.find(({ repeatedKey }) => repeatedKey !== null)?.repeatedKey
  if (repeated !== undefined) return fail(`"${repeated}" stands twice in one object`)
  const objects = answers.flatMap(({ json }) => parseObject(json) ?? [])
  const distinct = new Set(objects.map(hashJson))
  if (distinct.size > 1) return fail(`the reply holds ${distinct.size} different JSON objects`)
  const [object] = objects
  if (object === undefined) return fail('the reply holds no complete JSON object')
  const parsed = schema.safeParse(object)
  if (!parsed.success) return fail(z.prettifyError(parsed.error))
  const rest = around(said, found)
  if (holdsMembers(rest, keysOf(object))) return fail('beside the JSON object stands another answer, which is not JSON')
  if (/\p{L}/u.test(rest.replaceAll(codeFence, '')) && answers.some((own) => isQuoted(own, options.material ?? [])))
    return fail('the one JSON object in the reply is a quotation from the material')
  return { ok: true, value: parsed.data }
}

function fail(message: string): { ok: false; message: string } {
  return { ok: false, message }
}

/** Undefined for an escape that JSON does not know, the one thing `findObjects` does not look at. */
function parseObject(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Whether the object stands in the material, however it is spaced there. */
function isQuoted({ json }: FoundObject, material: readonly string[]): boolean {
  const dense = withoutSpace(json)
  return material.some((text) => withoutSpace(text).includes(dense))
}

const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '')

/** Without the objects of thoughts that begin within the reply, or never end. */
function outsideThoughts(text: string, found: readonly FoundObject[]): FoundObject[] {
  const isInside = (at: number): boolean => found.some(({ start, json }) => at > start && at < start + json.length)
  const tags = [...text.matchAll(thinkingTag)].slice(0, 100).filter(({ index }) => !isInside(index))
  return found.filter(({ start }) => {
    const last = tags.findLast(({ index }) => index < start)
    return last === undefined || last[1] === '/'
  })
}

/** The reply without its objects. */
function around(text: string, found: readonly FoundObject[]): string {
  const parts: string[] = []
  let from = 0
  for (const { start, json } of found) {
    parts.push(text.slice(from, start))
    from = start + json.length
  }
  return [...parts, text.slice(from)].join('\n')
}

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...own, ...Object.values(value).flatMap(keysOf)]
}

/** Whether a text has a member of an answer in whatever notation: `{'score': …`, `, overall: …`. */
function holdsMembers(text: string, keys: readonly string[]): boolean {
  const names = [...new Set(keys)].map((key) => key.replaceAll(/[^\w-]/g, '.')).join('|')
  return names !== '' && new RegExp(`[{,]\\s*["'\`\u2018-\u201F]?(?:${names})["'\`\u2018-\u201F]?\\s*:`, 'i').test(text)
}
