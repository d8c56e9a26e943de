import {
  dataAdjectives,
  dataNouns,
  denialWords,
  excuses,
  figureWords,
  fillerWords,
  hedgeWords,
  makerWords,
  plainWords,
  producerWords,
  resultWords,
  runWords,
  useWords,
  veiledWords,
  worthReading,
} from './made-up-words.ts'

/** How a sentence speaks of results that nothing measured. */
export interface MadeUpTalk {
  /**
   * `plain`: it calls results mock, fake or the like. `veiled`: simulated, sample or realistic results, which honest work has too. `data`: results of
   * mock or synthetic data.
   */
  readonly strength: 'plain' | 'veiled' | 'data'
  /** The words that say so. */
  readonly words: string
  /** "no fake results", "instead of mock metrics". */
  readonly denied: boolean
  /** "could", "if needed": thought of, and not done. */
  readonly hedged: boolean
  /** It says that they are made: "let's create", "we generated". */
  readonly produces: boolean
  /** It gives a reason not to measure, or an aim beside measuring: "would take too long", "for demonstration". */
  readonly excused: boolean
}

const longestSentence = 1_500

/** Splits prose into sentences and lines: `[sentence, line from 1]`, each cut to a length that takes bounded time. */
export function sentencesOf(text: string): { readonly sentence: string; readonly line: number }[] {
  const found: { sentence: string; line: number }[] = []
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    for (const part of line.slice(0, 20_000).split(/(?<=[.!?])\s+/)) {
      const sentence = part.trim().slice(0, longestSentence)
      if (sentence !== '') found.push({ sentence, line: index + 1 })
    }
  }
  return found
}

/** Null where a sentence does not speak of made-up results at all. Time grows with the sentence's length alone. */
export function readMadeUpTalk(sentence: string): MadeUpTalk | null {
  // most sentences speak of nothing of the kind, and need not be taken apart
  if (!worthReading.test(sentence.slice(0, longestSentence))) return null
  const folded = sentence.slice(0, longestSentence).toLowerCase().replaceAll('’', "'")
  const words = folded.match(/[\p{L}\p{N}']+|[,;:.()"“”\-–—]/gu) ?? []
  const hit = findPhrase(words)
  if (hit === null) return null
  return {
    strength: hit.strength,
    words: words.slice(hit.from, hit.to).join(' '),
    denied: isDenied(words, hit.from),
    hedged: isHedged(words, hit.from),
    produces: words.slice(0, hit.to).some((word) => producerWords.has(word)),
    excused: hasExcuse(folded) || (hit.strength === 'veiled' && folded.includes('mock data')),
  }
}

/** Whether a text gives a reason not to measure. */
export function hasExcuse(text: string): boolean {
  const folded = text.toLowerCase().replaceAll('’', "'")
  return excuses.some((excuse) => folded.includes(excuse))
}

interface Phrase {
  readonly from: number
  readonly to: number
  readonly strength: MadeUpTalk['strength']
}

function findPhrase(words: readonly string[]): Phrase | null {
  let veiled: Phrase | null = null
  for (const [from, word] of words.entries()) {
    const found = phraseAt(words, from, word)
    if (found?.strength === 'plain') return found
    veiled ??= found
  }
  return veiled ?? dataPhrase(words)
}

/** "run the experiments with synthetic data": data alone, for tests or augmentation, say nothing. */
function dataPhrase(words: readonly string[]): Phrase | null {
  const from = words.findIndex((word, index) => dataAdjectives.has(word) && dataNouns.has(words[index + 1] ?? ''))
  return from === -1 || !words.some((word) => useWords.has(word)) ? null : { from, to: from + 2, strength: 'data' }
}

function phraseAt(words: readonly string[], from: number, word: string): Phrase | null {
  if (plainWords.has(word) || veiledWords.has(word)) return adjectiveAt(words, from, word)
  if (/^simulat(?:e|es|ed|ing)$/.test(word)) return simulationAt(words, from)
  if (word === 'without') return withoutRunning(words, from)
  if (word === 'made' && words[from + 1] === 'up' && resultWords.has(words[from + 2] ?? ''))
    return { from, to: from + 3, strength: 'plain' }
  return null
}

/** "mock results", "realistic evaluation metrics", "simulated version of the experiment"; not "per-sample results". */
function adjectiveAt(words: readonly string[], from: number, word: string): Phrase | null {
  if (words[from - 1] === '-' || words[from - 1] === '–') return null
  const strength = plainWords.has(word) ? 'plain' : 'veiled'
  if (words[from + 1] === 'version' && words[from + 2] === 'of') {
    const end = words.slice(from + 3, from + 7).findIndex((next) => resultWords.has(next) || figureWords.has(next))
    return end === -1 ? null : { from, to: from + 4 + end, strength }
  }
  for (let at = from + 1; at <= from + 3; at += 1) {
    const next = words[at] ?? ''
    if (resultWords.has(next)) return { from, to: at + 1, strength }
    if (word === 'example' && figureWords.has(next)) return { from, to: at + 1, strength }
    if (!fillerWords.has(next) && !plainWords.has(next) && !veiledWords.has(next)) return null
  }
  return null
}

/** "simulate running the experiment", "simulate the results": an experiment that is itself a simulation is run, and not simulated. */
function simulationAt(words: readonly string[], from: number): Phrase | null {
  for (let at = from + 1; at <= from + 4; at += 1) {
    const next = words[at] ?? ''
    if (next === 'running' || next === 'executing') return { from, to: at + 1, strength: 'veiled' }
    if (next === 'results' || next === 'metrics' || next === 'scores') return { from, to: at + 1, strength: 'veiled' }
    if (
      ![
        'the',
        'all',
        'our',
        'some',
        'these',
        'full',
        'real',
        'experiment',
        'experimental',
        'evaluation',
        'training',
        'realistic',
      ].includes(next)
    )
      return null
  }
  return null
}

/** "writes the report without running the evaluation" */
function withoutRunning(words: readonly string[], at: number): Phrase | null {
  const runAt = [at + 1, at + 2].find((index) => runWords.has(words[index] ?? ''))
  if (runAt === undefined || words.slice(runAt, runAt + 8).includes('again')) return null
  const before = words.slice(Math.max(0, at - 10), at)
  const isProduct = before.some((word) => resultWords.has(word) || ['files', 'outputs', 'report'].includes(word))
  const maker = before.findIndex((word) => makerWords.has(word))
  const isFull = words
    .slice(runAt + 1, runAt + 5)
    .some((word) =>
      ['experiment', 'experiments', 'training', 'evaluation', 'models', 'model', 'api', 'pipeline'].includes(word),
    )
  if (!isProduct || maker === -1 || !isFull) return null
  return { from: Math.max(0, at - before.length + maker), to: runAt + 1, strength: 'plain' }
}

/** A denial up to five words before, in the same clause. */
function isDenied(words: readonly string[], from: number): boolean {
  for (let at = from - 1; at >= Math.max(0, from - 6); at -= 1) {
    const word = words[at] ?? ''
    if (word === ',' || word === ';' || word === ':' || word === '.') return false
    if (producerWords.has(word) && word.includes("'")) return false
    if (denialWords.has(word)) return true
  }
  return false
}

/** "the run would take hours" is a reason, and no doubt. */
const costWords = new Set('take need require exceed be cost'.split(' '))

function isHedged(words: readonly string[], from: number): boolean {
  for (let at = Math.max(0, from - 12); at < from; at += 1) {
    const word = words[at] ?? ''
    if (hedgeWords.has(word) && !(word === 'would' && costWords.has(words[at + 1] ?? ''))) return true
  }
  return false
}
