import { z } from 'zod'
import { PrerequisiteError } from '../base/errors.ts'
import { type Network, networkSchema } from '../schema/config.ts'

/** The words of `--network`: `none`, `full`, or hosts. Throws PrerequisiteError, naming the word that is none of them. */
export function parseNetwork(words: readonly string[]): Network {
  const [only] = words
  const value = words.length === 1 && (only === 'none' || only === 'full') ? only : { allow: [...words] }
  const parsed = networkSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const wrong = words.find((word) => !networkSchema.safeParse({ allow: [word] }).success)
  throw new PrerequisiteError(
    wrong === undefined
      ? `--network: ${z.prettifyError(parsed.error)}`
      : `--network: "${wrong}" is no host: write pypi.org, *.pypi.org, package-index or model-hub, or none or full alone`,
  )
}
