import { foldWords } from '../numbers/fold-words.ts'
import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import type { EvidenceGrid, EvidenceNumber, EvidenceSource } from './evidence.ts'

export interface Collector {
  /** @returns its index */
  open(source: Omit<EvidenceSource, 'index'>): number
  add(number: EvidenceNumber): void
  addGrid(grid: EvidenceGrid): void
  /** Folded words of a text, each once, at most so many; the same texts share one list. */
  words(...texts: readonly string[]): readonly string[]
  readonly isFull: boolean
  readonly sources: readonly EvidenceSource[]
  readonly numbers: readonly EvidenceNumber[]
  readonly grids: readonly EvidenceGrid[]
}

/** Where numbers of one text go: lines of one file may have two authors. */
export interface Sink {
  readonly collector: Collector
  /** Where rows and columns are told of. */
  readonly source: number
  /** Index of the source for a line, from 1; null where it is nobody's evidence. */
  readonly sourceOf: (line: number) => number | null
  /** What the whole text is about, such as words of its path. */
  readonly about: string
}

/** Adds a grid of a text, row by row with the author of its line. */
export function addGrid({ collector, source, sourceOf }: Sink, grid: Omit<EvidenceGrid, 'source'>): void {
  const rows = grid.rows.map((row) => {
    const own = sourceOf(row.line)
    return own === null || own === source ? row : { ...row, source: own }
  })
  collector.addGrid({ source, ...grid, rows })
}

/** Beyond these a pool is full, and what comes later is left out. */
const mostNumbers = 400_000
const mostGrids = 4_000
const mostGridCells = 1_000_000
const mostWords = 24
const mostCached = 50_000

export function openCollector(): Collector {
  const sources: EvidenceSource[] = []
  const numbers: EvidenceNumber[] = []
  const grids: EvidenceGrid[] = []
  const folded = new Map<string, readonly string[]>()
  const joined: Branch = { words: null, branches: new Map() }
  let remembered = 0
  let cells = 0
  const fold = (text: string): readonly string[] => {
    const known = folded.get(text)
    if (known !== undefined) return known
    const words = foldWords(text.slice(0, 300))
    if (folded.size < mostCached) folded.set(text, words)
    return words
  }
  return {
    open(source) {
      sources.push({ ...source, index: sources.length })
      return sources.length - 1
    },
    add(number) {
      if (numbers.length < mostNumbers) numbers.push(number)
    },
    addGrid(grid) {
      const size = grid.rows.length * grid.columnLabels.length
      if (size === 0 || grids.length >= mostGrids || cells + size > mostGridCells) return
      cells += size
      grids.push(grid)
    },
    words(...texts) {
      let branch: Branch | undefined = joined
      // what many numbers share comes last: headings and names of files
      for (let at = texts.length - 1; at >= 0 && branch !== undefined; at -= 1)
        branch = branch.branches?.get(texts[at] ?? '')
      if (branch?.words) return branch.words
      const all = [...new Set(texts.flatMap(fold))].slice(0, mostWords)
      if (remembered < mostCached) {
        remembered += 1
        remember(joined, texts, all)
      }
      return all
    },
    get isFull() {
      return numbers.length >= mostNumbers
    },
    sources,
    numbers,
    grids,
  }
}

/** Words by the texts that they are of, the last text first: putting texts together to look them up took longer than folding them. */
interface Branch {
  words: readonly string[] | null
  branches: Map<string, Branch> | null
}

function remember(root: Branch, texts: readonly string[], words: readonly string[]): void {
  let branch = root
  for (const text of texts.toReversed()) {
    branch.branches ??= new Map()
    let next = branch.branches.get(text)
    if (next === undefined) {
      next = { words: null, branches: null }
      branch.branches.set(text, next)
    }
    branch = next
  }
  branch.words = words
}

/** A number of its own, as data files and programs write it: digits, point, exponent. */
export function plainNumber(text: string): ScannedNumber | null {
  if (!/^[-+]?(?:\d{1,320}(?:\.\d{0,320})?|\.\d{1,320})(?:[eE][-+]?\d{1,4})?$/.test(text)) return null
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  const exponentAt = text.search(/e/i)
  const end = exponentAt === -1 ? text.length : exponentAt
  const point = text.indexOf('.')
  const fraction = point === -1 ? 0 : end - point - 1
  return {
    start: 0,
    end: text.length,
    text,
    value,
    decimals: Math.max(0, fraction - (exponentAt === -1 ? 0 : Number(text.slice(exponentAt + 1)))),
    significant: Math.max(1, significantDigits(text, end)),
    unit: null,
    isSpread: false,
    isApproximate: false,
  }
}

/** Digits from the first that is not 0, up to the last that is not where there is no point. */
function significantDigits(text: string, end: number): number {
  let count = 0
  let zeros = 0
  let hasPoint = false
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 46) hasPoint = true
    if (code < 48 || code > 57 || (code === 48 && count === 0)) continue
    count += 1
    zeros = code === 48 ? zeros + 1 : 0
  }
  return hasPoint ? count : count - zeros
}

export function numberOfValue(value: number): ScannedNumber | null {
  return plainNumber(String(value))
}
