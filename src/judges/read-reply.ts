import { z } from 'zod'
import { hashJson } from '../base/hash.ts'
import { findObjects } from './find-objects.ts'

/** Some models think aloud before they answer, and draft their marks there. */
const thinking = /^\s*<think>(?:[\s\S]*?<\/think>|[\s\S]*$)/

export type ReadReply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/**
 * Reads a judge's answer: the one JSON object in it, in a code fence or bare, checked against the rubric's schema. Several
 * different objects are an error: guessing which one is meant could make up a score.
 */
export function readReply<T>(text: string, schema: z.ZodType<T>): ReadReply<T> {
  const objects = findObjects(text.replace(thinking, '')).flatMap((json) => parseObject(json) ?? [])
  const distinct = new Set(objects.map(hashJson))
  if (distinct.size > 1) return { ok: false, message: `the reply holds ${distinct.size} different JSON objects` }
  const [object] = objects
  if (object === undefined) return { ok: false, message: 'the reply holds no complete JSON object' }
  const parsed = schema.safeParse(object)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, message: z.prettifyError(parsed.error) }
}

/** Undefined for an escape that JSON does not know, the one thing `findObjects` does not look at. */
function parseObject(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
