import { scriptOf } from '../../transcripts/shell-words.ts'
import { interpretCommand } from '../session/interpret-command.ts'
import { openPlaces, outerFolder, type Places } from '../session/places.ts'
import { readShell } from '../session/shell.ts'
import type { Session, SessionStep } from '../session/session.ts'
import type { AuditSubject } from '../subject/subject.ts'

type CommandStep = Extract<SessionStep, { kind: 'command' }>

/** Stands in a command for the workspace's own path, which is known only inside the sandbox. */
export const workspaceMark = '@mlrbench-workspace@'

/**
 * Gives a command of a foreign session as it would be typed at the top of a workspace of ours: in the folder it was in, with its absolute paths
 * into the work turned into those of the new place, and waiting for what it started in the background.
 */
export function openPort(subject: AuditSubject, session: Session): (step: CommandStep) => string {
  const { places, outer } = placesOf(subject, session)
  // where the work was kept without the folder it lay in
  const intoOuter =
    outer === '' ? null : new RegExp(`(?<![\\w./-])(?:\\./)?${escapeExpression(outer.slice(0, -1))}(?![\\w.-])`, 'g')
  return (step) => {
    const script = scriptOf(step.command)
    const inner = intoOuter === null ? script : script.replaceAll(intoOuter, '.')
    const moved = inner.replaceAll(/(?<![\w.~$}/-])\/[\w.@+/-]{1,300}/g, (path) => {
      const inside = places.resolve(path, '.')
      if (inside.startsWith('/') || inside.startsWith('..')) return path
      return inside === '.' ? workspaceMark : `${workspaceMark}/${inside}`
    })
    const folder = startOf(script, step, places)
    const waits = readShell(script).some(({ background }) => background) ? '\nwait' : ''
    return `${folder === '.' ? '' : `cd ${quote(folder)} || exit\n`}${moved}${waits}`
  }
}

function placesOf(subject: AuditSubject, session: Session): { places: Places; outer: string } {
  const known = [...subject.documents, ...subject.plans, ...subject.files].map(({ path }) => path)
  const events = subject.events.flatMap((event) => (event.type === 'file-written' ? [event.path] : []))
  const written = session.steps.flatMap((step) => (step.kind === 'write' ? [step.path] : []))
  const commands = session.steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
  const outer = outerFolder(known, events)
  return { places: openPlaces([...known, ...written], { commands, outer }), outer }
}

/** The folder in which the command finds the scripts that it is known to have run: an earlier `cd` may last. */
function startOf(script: string, step: CommandStep, places: Places): string {
  const [first = ''] = step.scripts
  const folders = ['.', ...first.split('/').map((_, index, parts) => parts.slice(0, index).join('/') || '.')]
  return folders.find((folder) => runsIn(folder)) ?? '.'

  function runsIn(folder: string): boolean {
    return interpretCommand(script, folder, { places, textOf: () => null }).scripts[0] === first
  }
}

function escapeExpression(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A command as people are shown it. */
export function showCommand(command: string): string {
  return command.replaceAll(workspaceMark, () => '$WORKSPACE')
}

/** As one word of a shell command. */
export function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
