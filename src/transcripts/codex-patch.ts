import type { Edit } from './recorder.ts'

const changes: Readonly<Record<string, Edit['change']>> = { A: 'created', M: 'changed', D: 'deleted' }

/**
 * The edits of a patch as Codex prints it: for each file a line with `A`, `M` or `D` and its path, then all of a new file, or
 * the hunks of a change.
 * @param result what the tool printed when it was done: it names the files once more, so that no line of a new file is taken
 * for another file; null for a patch that failed
 */
export function readPatch(lines: readonly string[], result: readonly string[] | null): Edit[] {
  const named = result === null ? null : new Set(result.filter((line) => /^[AMD] \S/.test(line)))
  const edits: { head: string; body: string[] }[] = []
  for (const line of lines) {
    const isHead = named === null || named.size === 0 ? /^[AMD] \//.test(line) : named.has(line)
    if (isHead) edits.push({ head: line, body: [] })
    else edits.at(-1)?.body.push(line)
  }
  return edits.map(({ head, body }) => {
    const change = changes[head.slice(0, 1)] ?? 'changed'
    const path = head.slice(2)
    if (change === 'created')
      return { path, change, typed: `${withoutLastBlank(body).join('\n')}\n`, isWholeFile: true }
    const added = body.filter((line) => line.startsWith('+') && !line.startsWith('+++ ')).map((line) => line.slice(1))
    return { path, change, typed: change === 'deleted' ? null : added.join('\n'), isWholeFile: false }
  })
}

/** The log ends with a line break of its own. */
function withoutLastBlank(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
