import { readTranscript } from '../../transcripts/index.ts'
import { artefactPaths } from '../../schema/stage.ts'
import type { Artefact, ImportNote, SourceStage } from '../importer.ts'
import type { Source } from '../source.ts'
import type { ReleaseCoder } from './coders.ts'
import { attemptFolder, fileName, transcriptPath, workspaceFolder } from './layout.ts'

export interface ReadExperiment {
  readonly artefacts: readonly Artefact[]
  /** Null where the folder holds nothing of an experiment. */
  readonly stage: SourceStage | null
  readonly notes: readonly ImportNote[]
}

/** Files of a task's folder that are the harness's and not the coder's. */
const writtenByStages =
  /^(?:(?:task|idea|related_work|proposal)\.md|(?:idea|lit|proposal|paper)_token_usage\.json|review_.*\.json)$/
const paperFile = /^results\/paper(?:_.*)?\.md$/

/** Files of a task's folder that a coder left there or in its name: relative to the folder. */
export function coderFiles(source: Source, folder: string): string[] {
  return source
    .files(folder)
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => !writtenByStages.test(path) && !paperFile.test(path))
}

/** `coder output` for what the report counts, by place in the task's folder. */
export function kindOfCoderFile(path: string, coder: ReleaseCoder): string {
  if (path === coder.transcript) return 'transcript'
  return path.startsWith('results/') ? 'result' : 'code'
}

/**
 * An experiment of the release: its results, what the coder left (under the paths that it worked on, so that the transcript's
 * paths are found in the workspace), and its transcript, verbatim and as events.
 */
export async function readExperiment(source: Source, folder: string, coder: ReleaseCoder): Promise<ReadExperiment> {
  const files = coderFiles(source, folder)
  const results = files.filter((path) => path.startsWith('results/'))
  const hasTranscript = source.has(`${folder}/${coder.transcript}`)
  const artefacts: Artefact[] = [
    ...results.map((path) => ({ path, content: { from: `${folder}/${path}` } })),
    ...files
      .filter((path) => path !== coder.transcript)
      .map((path) => ({ path: `${workspaceFolder}/${path}`, content: { from: `${folder}/${path}` } })),
  ]
  if (files.length === 0) return { artefacts, stage: null, notes: [] }
  const isDone = results.includes(artefactPaths.experiment)
  const outcome: SourceStage['outcome'] = isDone
    ? { status: 'done' }
    : { status: 'failed', code: 'no-results', message: `the source holds no ${artefactPaths.experiment}` }
  if (!hasTranscript)
    return {
      artefacts,
      stage: { stage: 'experiment', outcome, durationMs: null, outputs: results, events: [] },
      notes: [{ path: folder, text: "an experiment without its coder's transcript" }],
    }
  const path = `${folder}/${coder.transcript}`
  const read = readTranscript(coder.kind, await source.readText(path), { stage: 'experiment', attempt: 1 })
  const session = read.events.find((event) => event.type === 'session-reported')
  return {
    artefacts: [
      ...artefacts,
      { path: `${attemptFolder}/transcript.${fileName(path)}`, content: { from: path } },
      { path: transcriptPath, content: { text: read.markdown } },
    ],
    stage: {
      stage: 'experiment',
      outcome,
      durationMs: session?.durationMs ?? null,
      outputs: [...results, transcriptPath],
      events: read.events,
    },
    notes: read.notes.map((text) => ({ path, text })),
  }
}
