/** What a paper takes from `results.md`, whoever wrote that file. */
export interface ReportedResults {
  /** Each with the heading of its section and the text just before it. */
  readonly tables: readonly { readonly heading: string; readonly lead: string; readonly table: string }[]
  /** Bullet points of the section on the setup. */
  readonly setup: readonly string[]
  /** Empty when there is none. */
  readonly discussion: string
  /** First paragraph of the discussion; null when there is none. */
  readonly finding: string | null
  readonly captions: ReadonlyMap<string, string>
}

export function readResults(markdown: string): ReportedResults {
  const sections = splitSections(markdown)
  const discussion =
    sections.find(({ heading }) => /discussion|analysis|findings|conclusion/i.test(heading))?.body ?? ''
  const setup = sections.find(({ heading }) => /set-?up|setting/i.test(heading))?.body ?? ''
  const paragraph = discussion.split(/\n\s*\n/)[0]?.trim() ?? ''
  return {
    tables: sections.flatMap(({ heading, body }) =>
      [...body.matchAll(/(?:^\|.*\|[ \t]*(?:\n|$)){3,}/gm)].map(({ 0: table, index }) => ({
        heading,
        lead: lastParagraph(body.slice(0, index)),
        table: table.trim(),
      })),
    ),
    setup: [...setup.matchAll(/^[-*]\s+(.+)$/gm)].map(([, item]) => item ?? ''),
    discussion,
    finding: paragraph === '' ? null : paragraph,
    captions: new Map(
      [...markdown.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, caption, path]) => [path ?? '', caption ?? '']),
    ),
  }
}

function lastParagraph(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/)
  return (paragraphs.at(-1) ?? '').replaceAll('\n', ' ')
}

function splitSections(markdown: string): { heading: string; body: string }[] {
  const parts = markdown.split(/^#{1,6}[ \t]+(.+)$/m)
  const sections = []
  for (let i = 1; i < parts.length; i += 2)
    sections.push({ heading: parts[i]?.trim() ?? '', body: parts[i + 1]?.trim() ?? '' })
  return sections
}
