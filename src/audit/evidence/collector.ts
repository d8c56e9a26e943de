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
  sourceOf(line: number): number | null
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
  const joined = new Map<string, readonly string[]>()
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
      const key = texts.join('\0')
      const known = joined.get(key)
      if (known !== undefined) return known
      const all = [...new Set(texts.flatMap(fold))].slice(0, mostWords)
      if (joined.size < mostCached) joined.set(key, all)
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

/** A number of its own, as data files and programs write it: digits, point, exponent. */
export function plainNumber(text: string): ScannedNumber | null {
  if (!/^[-+]?(?:\d{1,320}(?:\.\d{0,320})?|\.\d{1,320})(?:[eE][-+]?\d{1,4})?$/.test(text)) return null
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const point = mantissa.indexOf('.')
  const fraction = point === -1 ? 0 : mantissa.length - point - 1
  const digits = mantissa.replaceAll(/[-+.]/g, '').replace(/^0+/, '')
  return {
    start: 0,
    end: text.length,
    text,
    value,
    decimals: Math.max(0, fraction - Number(exponent)),
    significant: Math.max(1, (point === -1 ? digits.replace(/0+$/, '') : digits).length),
    unit: null,
    isSpread: false,
    isApproximate: false,
  }
}

export function numberOfValue(value: number): ScannedNumber | null {
  return plainNumber(String(value))
}
