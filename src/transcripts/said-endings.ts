import type { CoderEnding } from '../schema/event.ts'

const longest = 4_000
/** As our own gateway words that it lets no more calls through. */
const stops: readonly (readonly [RegExp, CoderEnding])[] = [
  [/\ball calls of this experiment are made\b/, 'step-limit'],
  [/\btokens of this experiment are used up\b/, 'token-limit'],
  [/\bdollars of this experiment are spent\b/, 'cost-limit'],
]
const spent = /\bbudget\b[^.\n]{0,80}\b(?:is|was) (?:spent|used up|exhausted)\b|\b(?:status|error|code)\W{1,3}402\b/i
const refused =
  /\b(?:violates? (?:our|the) usage polic|unable to respond to this request|flagged for potentially|content[_ ]filter\b|content policy|blocked by (?:the )?safety)/i

/**
 * What went wrong, by the words of an error with which a program gave up. They are the provider's, or those of a gateway that
 * lets no more calls through. Codex puts its own words about a quota in their place, which are a failure of the model here.
 * @param status of HTTP, where the program tells it
 */
export function endingOfError(message: string, status: number | null): CoderEnding {
  const text = message.slice(0, longest)
  for (const [words, ending] of stops) if (words.test(text)) return ending
  if (status === 402 || spent.test(text)) return 'cost-limit'
  return refused.test(text) ? 'refused' : 'model-failed'
}

/** A program ends well in its own eyes although it was not allowed anything it tried. */
export function unlessAllDenied(
  ending: CoderEnding,
  { denials, carriedOut }: { readonly denials: number; readonly carriedOut: number },
): CoderEnding {
  return ending === 'done' && denials > 0 && carriedOut === 0 ? 'denied' : ending
}
