import type { Block, TableBlock } from './block.ts'
import { plainText } from './plain-text.ts'

/** Gives tables the caption that stands in the paragraph above or below: above first, and no caption twice. */
export function withCaptions(text: string, blocks: readonly Block[]): Block[] {
  const used = new Set<number>()
  return blocks.map((block, index) => {
    if (block.kind !== 'table' || block.caption !== '') return block
    for (const [neighbour, takesEnd] of [
      [index - 1, true],
      [index + 1, false],
    ] as const) {
      const caption = used.has(neighbour) ? null : captionOf(text, { block: blocks[neighbour], takesEnd })
      if (caption === null) continue
      used.add(neighbour)
      return { ...block, caption } satisfies TableBlock
    }
    return block
  })
}

/** The caption at the near end of a paragraph or in a heading. */
function captionOf(text: string, place: { block: Block | undefined; takesEnd: boolean }): string | null {
  const { block, takesEnd } = place
  if (block === undefined || block.kind === 'table') return null
  if (block.kind === 'heading') return takesEnd && caption.test(block.title) ? block.title : null
  const from = takesEnd ? Math.max(block.start, block.end - 1_200) : block.start
  const to = takesEnd ? block.end : Math.min(block.end, block.start + 1_200)
  const lines = text.slice(from, to).split(/\r\n?|\n/)
  const begin = takesEnd ? lines.findLastIndex((line) => caption.test(line)) : caption.test(lines[0] ?? '') ? 0 : -1
  return begin < 0 ? null : plainText(lines.slice(begin).join(' '))
}

const caption = /^[ \t>*_:<\w]{0,16}?Table\b[ ~]?(?:[A-Z]?\d{1,3}(?:\.\d{1,2})?)?[a-z]?\s{0,2}[.:*)\-–—]/i
