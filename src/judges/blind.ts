import { type NameKind, namePatterns } from './model-names.ts'

export interface Scrubbed {
  readonly text: string
  /** Names, addresses and lines that a placeholder stands for now. */
  readonly replaced: number
}

/** Takes the names out of one text after another; a name has the same placeholder in all of them. */
export type Scrub = (text: string) => Scrubbed

/**
 * Takes out of a text what tells who or what wrote it: names of models, agents and companies, authors under the title, e-mail
 * addresses, acknowledgements, and lines that say by what a file was made. A name becomes `[model A]`, `[system A]` or `[company A]`, and
 * the same one wherever it stands, so that comparisons stay readable; lines stay where they were.
 * @param names of the run at hand besides the well-known ones: agents, and models as `provider/model`
 */
export function scrubNames(text: string, names: readonly string[]): Scrubbed {
  return openScrubber(names)(text)
}

/** `scrubNames` for the texts of one review. */
export function openScrubber(names: readonly string[]): Scrub {
  const table = [...ownNames(names), ...namePatterns]
  const search = new RegExp(`(?<![a-z0-9])(?:${table.map(({ pattern }) => `(${pattern})`).join('|')})`, 'gi')
  const letters: Record<NameKind, Map<string, string>> = { model: new Map(), system: new Map(), company: new Map() }
  return (text) => {
    let replaced = 0
    const put = (placeholder: string): string => {
      replaced += 1
      return placeholder
    }
    const scrubbed = withoutPeople(text, put).replaceAll(search, (match: string, ...rest: unknown[]) => {
      const index = rest.findIndex((group) => group !== undefined)
      const entry = table[index]
      const end = Number(rest[table.length]) + match.length
      const whole = String(rest[table.length + 1])
      if (entry === undefined || goesOn(match, whole[end] ?? '')) return match
      if (entry.spelling !== undefined && !match.startsWith(entry.spelling)) return match
      const known = letters[entry.kind]
      const key = nameKey(match)
      const letter = known.get(key) ?? letterAt(known.size)
      known.set(key, letter)
      return put(`[${entry.kind} ${letter}]`)
    })
    return { text: scrubbed, replaced }
  }
}

/** Whether a word goes on behind a match: `llamas`, but not `LlamaModel` or `OpenAIClient`. */
function goesOn(match: string, next: string): boolean {
  if (/[a-z]/.test(next)) return true
  return /[0-9]/.test(next) ? !/[-_ ]$/.test(match) : /[A-Z]/.test(next) && match === match.toUpperCase()
}

/** The same for all spellings of a name, with its date and without. */
function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:the |openai |github )/, '')
    .replace(/[-_](?:20\d\d[-_]?\d\d[-_]?\d\d|\d\d[-_]\d\d|\d{4})$/, '')
    .replaceAll(/[-_ ](?:preview|latest|exp|experimental)/g, '')
    .replaceAll(/[^a-z0-9+]/g, '')
}

/** A to Z, then A2 to Z2, and so on. */
function letterAt(index: number): string {
  const round = Math.floor(index / 26)
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round + 1}`
}

/**
 * Patterns for the names of the run itself, longest first. A name that is one word without a digit is left to the table of well-known names: an agent called `alpha` says
 * nothing about itself, and papers are full of that word.
 */
function ownNames(names: readonly string[]): { kind: NameKind; pattern: string; spelling?: string }[] {
  const parts = names.flatMap((name) => {
    const [, ...path] = name.split('/')
    const last = path.at(-1)
    const kind: NameKind = path.length > 0 ? 'model' : 'system'
    const forms = [name, ...(path.length > 1 ? [path.join('/')] : []), ...(last === undefined ? [] : [last])]
    return [...forms, ...forms.map((form) => form.replace(/[-_](?:20\d\d-?\d\d-?\d\d|\d\d-\d\d)$/, ''))]
      .filter((form) => /[\d/ ]|[a-z][-_][a-z]/i.test(form) && form.length > 2)
      .map((form) => ({ kind, form }))
  })
  const distinct = new Map(
    parts.toSorted((a, b) => (a.kind < b.kind ? 1 : -1)).map(({ form, kind }) => [form.toLowerCase(), kind]),
  )
  return [...distinct]
    .toSorted(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))
    .map(([form, kind]) => ({
      kind: namePatterns.find(({ pattern }) => new RegExp(`^(?:${pattern})$`, 'i').test(form))?.kind ?? kind,
      pattern: form.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/[-_ ]/g, '[-_ ]?'),
    }))
}

const email = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}/g
const homeFolder = /(?<=\/(?:home|Users)\/)[A-Za-z0-9._-]{1,40}/g
const latexPeople =
  /\\(author|thanks|affiliation|affil|institute|email|address)\s{0,9}(?:\[[^\]]{0,99}\])?\s{0,9}\{[^{}]{0,999}(?:\{[^{}]{0,999}\}[^{}]{0,999}){0,20}\}/g
const longestMakersLine = 240
/** A line that says what made a file, where it may name whoever wrote the work. */
const madeBy =
  /^\W{0,10}(?:(?:this|the) \w{1,20} (?:was |is |were |has been )?(?:\w{1,15}ly )?)?(?:auto-?)?(?:generated|written|created|produced|authored|co-authored|developed|implemented|prepared)[- ](?:by|with|using)\b.{0,40}\b(?:ai|llms?|agents?|assistants?|language models?|claude|codex|gemini|gpt|chatgpt|copilot|o[134](?:-mini)?|qwen|deepseek|llama|mistral)\b.{0,120}$|^.{0,20}\b(?:co-authored-by|signed-off-by|@author|__author__)\b.{0,160}$/i

function withoutPeople(text: string, put: (placeholder: string) => string): string {
  const lines = text
    .replaceAll(latexPeople, (match, command: string) =>
      put(`\\${command}{[left out]}${'\n'.repeat(match.split('\n').length - 1)}`),
    )
    .split('\n')
  for (const index of [...authorLines(lines), ...thanksLines(lines)]) lines[index] = put('[left out]')
  for (const [index, line] of lines.entries())
    if (line.length <= longestMakersLine && madeBy.test(line)) lines[index] = put('[left out]')
  return lines
    .join('\n')
    .replaceAll(email, () => put('[e-mail]'))
    .replaceAll(homeFolder, () => put('[user]'))
}

const titleLine = /^(?:#\s|\W{0,4}title\b|\\title\b)/i
const abstractLine = /^\W*(?:\d+\.?\s*)?(?:abstract|tl;?dr)\b|^\\begin\{abstract\}/i
const longestAuthorLine = 250
const mostLinesAbove = 25
/** Prose and list items, which are no names. */
const isProse = (line: string): boolean => /^\W*title\b|^\s*(?:[-*•+]\s|\d+[.)]\s)|\w{3}.{60,}[.;:]\s*$/i.test(line)

/** Lines between a title and its abstract: authors, what they belong to, dates. */
function authorLines(lines: readonly string[]): number[] {
  const title = lines.slice(0, 10).findIndex((line) => titleLine.test(line))
  if (title === -1) return []
  const length = lines.slice(title + 1, title + mostLinesAbove).findIndex((line) => abstractLine.test(line))
  return Array.from({ length: Math.max(0, length) }, (_, index) => title + 1 + index).filter((index) => {
    const line = lines[index] ?? ''
    return line.length <= longestAuthorLine && /\p{L}/u.test(line) && !isProse(line) && !/^[#\\]/.test(line.trim())
  })
}

const thanks = /^\s{0,3}(?:#{1,6}\s|\*\*|\\(?:sub)?section\*?\{)\s*(?:\d+\.?\s*)?acknowledge?ments?\b/i
const heading = /^\s{0,3}(?:#{1,6}\s|\*\*[A-Z\d]|\\(?:sub)?section\b|\\begin\{thebibliography|\\bibliography)/

function thanksLines(lines: readonly string[]): number[] {
  const found: number[] = []
  let within = false
  for (const [index, line] of lines.entries()) {
    if (thanks.test(line)) within = true
    else if (heading.test(line)) within = false
    else if (within && line.trim() !== '') found.push(index)
  }
  return found
}
