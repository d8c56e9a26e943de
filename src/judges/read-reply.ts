import { z } from 'zod'

/** Some models think aloud before they answer, and draft their marks there. */
const thinking = /^\s*<think>[\s\S]*?<\/think>/

export type ReadReply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/**
 * Reads a judge's answer: the one JSON object in it, in a code fence or bare, checked against the rubric's schema. Several
 * different objects are an error: guessing which one is meant could make up a score.
 */
export function readReply<T>(text: string, schema: z.ZodType<T>): ReadReply<T> {
  const objects = findObjects(text.replace(thinking, ''))
  if (objects.length === 0) return { ok: false, message: 'the reply holds no JSON object' }
  const distinct = new Set(objects.map((object) => JSON.stringify(object)))
  if (distinct.size > 1) return { ok: false, message: `the reply holds ${distinct.size} different JSON objects` }
  const parsed = schema.safeParse(objects[0])
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, message: z.prettifyError(parsed.error) }
}

/** The outermost JSON objects of a text, in order. */
function findObjects(text: string): unknown[] {
  const found: unknown[] = []
  for (let start = text.indexOf('{'); start !== -1; ) {
    const end = endOfObject(text, start)
    const value = end === null ? undefined : parseObject(text.slice(start, end))
    if (value !== undefined) found.push(value)
    start = text.indexOf('{', value !== undefined && end !== null ? end : start + 1)
  }
  return found
}

/** Index behind the brace that closes the object at `start`; null when it never closes. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0
  let inString = false
  for (let index = start; index < text.length; index += 1) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{') depth += 1
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return null
}

function parseObject(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
