import type { Block } from './block.ts'
import { headingKind, type SectionKind, sectionKind } from './section-kind.ts'

type Heading = Extract<Block, { kind: 'heading' }>

/** A block with the headings above it. */
export interface SectionedBlock {
  readonly block: Exclude<Block, Heading>
  /** The highest first, without the title. */
  readonly section: readonly string[]
  readonly kind: SectionKind | null
}

/** Puts blocks under their headings. In a report of results, and in a document without any section that is known, what no heading explains counts as results. */
export function placeSections(path: string, blocks: readonly Block[]): SectionedBlock[] {
  const all = blocks.filter((block) => block.kind === 'heading')
  const title = findTitle(all.filter(({ level }) => level > 0))
  const titles = all.filter((block) => block === title || block.level === 0)
  const headings = all.filter((block) => block !== title && block.level > 0)
  const open: { level: number; title: string }[] = []
  const placed: SectionedBlock[] = []
  const knowsResults = headings.some((block) => headingKind(block.title) === 'result')
  const isReport = isReportName(path) || titles.some((block) => /\b(?:results?|findings|report)\b/i.test(block.title))
  const fallback: SectionKind | null = isReport || !knowsResults ? 'result' : null
  let section: readonly string[] = []
  let kind: SectionKind | null = fallback
  for (const block of blocks) {
    if (block === title || (block.kind === 'heading' && block.level === 0)) continue
    if (block.kind !== 'heading') {
      placed.push({ block, section, kind: block.kind === 'prose' && block.isCaption ? 'result' : kind })
      continue
    }
    while (open.length > 0 && (open.at(-1)?.level ?? 0) >= block.level) open.pop()
    open.push({ level: block.level, title: block.title })
    section = open.map((heading) => heading.title)
    kind = sectionKind(section) ?? fallback
  }
  return placed
}

function isReportName(path: string): boolean {
  return /(?:^|\/)[^/]*(?:result|report|summary|finding)[^/]*$/i.test(path)
}

/** The first heading, where it is of the highest level and not a section itself. */
function findTitle(headings: readonly Heading[]): Heading | null {
  const [first, ...others] = headings
  if (first === undefined || first.level !== 1) return null
  const isNumbered = /^\d/.test(first.title)
  const hasPeers = others.some(({ level }) => level === 1)
  return isNumbered || (hasPeers && headingKind(first.title) !== null) ? null : first
}
