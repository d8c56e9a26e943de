import type { Edit } from './recorder.ts'

const head = /^\*\*\* (Add|Update|Delete) File: (.{1,4096})$/
const move = /^\*\*\* Move to: (.{1,4096})$/
const changes = { Add: 'created', Update: 'changed', Delete: 'deleted' } as const

/** The edits of a patch in the form that OpenAI's models write: `*** Begin Patch`, then files with their lines. Any text is taken. */
export function readPatchText(text: string): Edit[] {
  const files: { path: string; change: Edit['change']; added: string[]; isMoved: boolean }[] = []
  for (const line of text.split('\n')) {
    const found = head.exec(line)
    const file = files.at(-1)
    if (found !== null) {
      const kind = found[1] as keyof typeof changes
      files.push({ path: found[2] ?? '', change: changes[kind], added: [], isMoved: false })
      continue
    }
    if (file === undefined) continue
    const target = move.exec(line)?.[1]
    if (target !== undefined) {
      files.push({ path: target, change: 'created', added: [], isMoved: true })
      file.change = 'deleted'
    } else if (line.startsWith('+')) file.added.push(line.slice(1))
  }
  return files.map(({ path, change, added, isMoved }) => {
    if (change === 'deleted') return { path, change, typed: null, isWholeFile: false }
    // a file that was moved has other lines too
    const isWholeFile = change === 'created' && !isMoved
    return {
      path,
      change,
      typed: isWholeFile ? added.map((line) => `${line}\n`).join('') : added.join('\n'),
      isWholeFile,
    }
  })
}
