import { RefusalError } from '../refusal.ts'
import type { AdmitOptions, Inputs, Json } from './gateway-wire.ts'
import { isSet } from './json.ts'

/**
 * Fields of a request that are refused in every format whose own list does not have them: providers such as OpenRouter take theirs in each
 * format they speak.
 */
const refusedFields = {
  'hosted-tool': ['web_search_options', 'plugins', 'transforms', 'mcp_servers'],
  'kept-state': [
    'previous_response_id',
    'conversation',
    'prompt',
    'background',
    'container',
    'thread',
    'cachedContent',
  ],
  'other-model': ['models', 'route', 'provider', 'preset', 'fallbacks'],
  'uncounted-output': ['prediction', 'audio', 'modalities', 'image_config', 'compaction', 'context_management'],
} as const
type FieldCode = keyof typeof refusedFields

const reasons: Readonly<Record<FieldCode, string>> = {
  'hosted-tool': 'would let the provider work on the request with tools of its own',
  'kept-state': 'uses what is kept at the provider',
  'other-model': 'would let another model or host answer',
  'uncounted-output': 'is charged beyond the answer, or otherwise than text',
}

const codeOf = (name: string): FieldCode | null => {
  for (const [code, names] of Object.entries(refusedFields))
    if ((names as readonly string[]).includes(name)) return code as FieldCode
  return null
}

/** So many names are told. */
const toldNames = 5

/**
 * Lets only known fields out: a provider may read one that nobody here knows as another model, a tool or a place of its own, and some
 * servers do not tell `MODEL` from `model`.
 * @param known what may stand at the top of a request in this format
 * @throws RefusalError for a field of which it is known why it may not go out; for any unknown one where nothing is to be left out
 */
export function admitFields(
  body: Json,
  known: ReadonlySet<string>,
  { hostedTools, leavesOut, inputs }: Pick<AdmitOptions, 'hostedTools' | 'leavesOut'> & { inputs: Inputs },
): void {
  const unknown: string[] = []
  for (const name of Object.keys(body)) {
    if (known.has(name)) continue
    const code = codeOf(name)
    if (code === 'hosted-tool' && hostedTools) continue
    if (code === null) unknown.push(name)
    else if (isSet(body[name])) throw new RefusalError(code, `${name} ${reasons[code]}`)
    delete body[name]
  }
  if (unknown.length === 0) return
  const names = unknown.slice(0, toldNames).map((name) => JSON.stringify(name.slice(0, 40)))
  const told = `${names.join(', ')}${unknown.length > toldNames ? ' and others' : ''}`
  if (!leavesOut) throw new RefusalError('unknown-field', `the gateway does not know ${told}: leave it out`)
  inputs.leftOut = told
}
