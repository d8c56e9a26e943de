/**
 * What the distilled judge sees of a text: hashed words and word pairs, and a few measures of form. Pure, and linear in the
 * length of the text, which may be hostile. The training script and the judge share it, so a change here is a new version of
 * the weights.
 */
export interface TextFeatures {
  /** Words read, numbers among them. */
  readonly words: number
  readonly distinctWords: number
  /** How often each word (`word`) and each two words in a row (`pair`) occur, by hash. */
  readonly terms: ReadonlyMap<number, number>
  /** Hash of each word in order: says what share of them a vocabulary knows. */
  readonly wordHashes: readonly number[]
  /** By the order of `formNames`; null where there was no task to compare with. */
  readonly form: readonly (number | null)[]
  /** Whether the text was longer than is read. */
  readonly cut: boolean
}

/** UTF-16 code units of a text that are read: six times the longest proposal the weights were trained on. */
export const longestText = 200_000
/** A longer run of letters is no word. */
const longestWord = 40

const measures = {
  logWords: ({ words }) => Math.log(1 + words.length),
  wordLength: ({ words }) => perUnit(sum(words.map((word) => word.length)), words.length),
  distinctWords: ({ words, distinct }) => perUnit(distinct.size, Math.sqrt(words.length)),
  sentenceWords: ({ words, text }) => Math.log(1 + perUnit(words.length, count(text, /[.!?](?=\s|$)/g))),
  headings: ({ text }) => Math.log(1 + count(text, /^[ \t]{0,3}#{1,6}[ \t]/gm)),
  boldMarks: ({ text }) => Math.log(1 + count(text, /\*\*/g)),
  listItems: ({ text }) => Math.log(1 + count(text, /^[ \t]{0,8}[-*•][ \t]/gm)),
  numberedItems: ({ text }) => Math.log(1 + count(text, /^[ \t]{0,8}\d{1,3}[.)][ \t]/gm)),
  inlineNumbers: ({ text, words }) => perUnit(count(text, /\(\d{1,2}\)/g), words.length),
  maths: ({ text, words }) => Math.log(1 + 100 * perUnit(count(text, /\$|\\[([]/g), words.length)),
  commands: ({ text, words }) => Math.log(1 + 100 * perUnit(count(text, /\\[a-zA-Z]/g), words.length)),
  numbers: ({ words }) =>
    Math.log(1 + 100 * perUnit(words.filter((word) => /^\p{N}/u.test(word)).length, words.length)),
  percentages: ({ text, words }) => Math.log(1 + 100 * perUnit(count(text, /\d[ \\]{0,2}%/g), words.length)),
  citations: ({ text, words }) => Math.log(1 + 100 * perUnit(count(text, /et al\b|\[\d{1,3}\]|arxiv/gi), words.length)),
  parentheses: ({ text, words }) => perUnit(count(text, /\(/g), words.length),
  commas: ({ text, words }) => perUnit(count(text, /,/g), words.length),
  colons: ({ text, words }) => perUnit(count(text, /[:;]/g), words.length),
  dashes: ({ text, words }) => perUnit(count(text, /[–—]/g), words.length),
  quotes: ({ text, words }) => perUnit(count(text, /["“”]/g), words.length),
  questions: ({ text, words }) => perUnit(count(text, /\?/g), words.length),
  capitals: ({ text, words }) => perUnit(count(text, /\p{Lu}/gu), words.length),
  acronyms: ({ text, words }) => perUnit(count(text, /\p{Lu}{2}/gu), words.length),
  longWords: ({ words }) => perUnit(words.filter((word) => word.length >= 10).length, words.length),
  taskCovered: ({ distinct, task }) => (task === null ? null : share(task, distinct)),
  fromTask: ({ distinct, task }) => (task === null ? null : share(longWords(distinct), task)),
} satisfies Record<string, (material: Material) => number | null>

export const formNames: readonly string[] = Object.keys(measures)

interface Material {
  readonly text: string
  readonly words: readonly string[]
  readonly distinct: ReadonlySet<string>
  /** The longer words of the task; null: no task. */
  readonly task: ReadonlySet<string> | null
}

/** @param task the text of the task that was answered, or null where there is none */
export function readFeatures(text: string, task: string | null): TextFeatures {
  const { words, plain, cut } = readWords(text)
  const distinct = new Set(words)
  const material = {
    text: plain,
    words,
    distinct,
    task: task === null ? null : longWords(new Set(readWords(task).words)),
  }
  const terms = new Map<number, number>()
  const wordHashes: number[] = []
  let previous: string | null = null
  for (const word of words) {
    const hash = hashTerm(word)
    wordHashes.push(hash)
    addOne(terms, hash)
    if (previous !== null) addOne(terms, hashTerm(`${previous} ${word}`))
    previous = word
  }
  const form = Object.values(measures).map((measure) => measure(material))
  return { words: words.length, distinctWords: distinct.size, terms, wordHashes, form, cut }
}

function readWords(text: string): { words: string[]; plain: string; cut: boolean } {
  // letters that only look different, and characters nobody sees, make no new words
  const plain = text
    .slice(0, longestText)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .slice(0, longestText)
  const words = (plain.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []).filter((word) => word.length <= longestWord)
  return { words, plain, cut: text.length > longestText }
}

const shortestTopicWord = 5

function longWords(words: ReadonlySet<string>): Set<string> {
  return new Set([...words].filter((word) => word.length >= shortestTopicWord))
}

function share(of: ReadonlySet<string>, within: ReadonlySet<string>): number {
  return perUnit([...of].filter((word) => within.has(word)).length, of.size)
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const perUnit = (amount: number, units: number): number => amount / Math.max(1, units)

function addOne(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** 32-bit FNV-1a over UTF-16 code units. */
function hashTerm(term: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < term.length; index += 1) hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
