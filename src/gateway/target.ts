import type { Wire } from '../schema/config.ts'
import type { GatewayCaller } from './gateway.ts'

/** What a request asks for, read from its path alone. */
export type Target =
  | { readonly kind: 'greeting'; readonly caller: GatewayCaller; readonly wire: Wire }
  | { readonly kind: 'models'; readonly caller: GatewayCaller; readonly wire: Wire; readonly model: string | null }
  | CallTarget
  | { readonly kind: 'unknown'; readonly caller: GatewayCaller; readonly wire: Wire }

export interface CallTarget {
  readonly kind: 'call'
  readonly caller: GatewayCaller
  readonly wire: Wire
  /** `count` only counts tokens. */
  readonly operation: 'generate' | 'count'
  /** Of the formats that name them in the path; the others say so in the body. */
  readonly inPath: { readonly model: string; readonly stream: boolean } | null
}

const callers: ReadonlySet<string> = new Set<GatewayCaller>(['coder', 'experiment-code'])
const isCaller = (name: string): name is GatewayCaller => callers.has(name)

/**
 * @param path without query
 * @returns null for a path below no caller and no provider
 */
export function readTarget(method: string, path: string): Target | null {
  const [, name = '', provider = '', rest = ''] = /^\/([a-z-]{1,20})\/([a-z]{1,10})(\/.*)?$/.exec(path) ?? []
  if (!isCaller(name) || !isProvider(provider)) return null
  const wire = mainWires[provider]
  const place = { caller: name, wire }
  // clients put the version in front themselves, or expect it in their address: it may stand there twice, or not at all
  const short = rest.replace(versions[provider], '').replace(/\/$/, '')
  if (method === 'HEAD' || method === 'GET') {
    if (short === '') return { kind: 'greeting', ...place }
    if (short === '/models') return { kind: 'models', ...place, model: null }
    if (short.startsWith('/models/')) return { kind: 'models', ...place, model: decode(short.slice('/models/'.length)) }
  }
  if (method !== 'POST') return { kind: 'unknown', ...place }
  const call = (target: Pick<CallTarget, 'operation' | 'wire' | 'inPath'>): Target => ({
    kind: 'call',
    caller: name,
    ...target,
  })
  const inBody = { operation: 'generate', inPath: null } as const
  switch (provider) {
    case 'anthropic':
      if (short === '/messages') return call({ ...inBody, wire })
      if (short === '/messages/count_tokens') return call({ ...inBody, wire, operation: 'count' })
      break
    case 'openai':
      if (short === '/responses') return call({ ...inBody, wire: 'openai-responses' })
      if (short === '/chat/completions') return call({ ...inBody, wire: 'openai-chat' })
      break
    case 'google': {
      const [, model = '', verb = ''] = /^\/models\/([^:]+):([A-Za-z]+)$/.exec(short) ?? []
      const inPath = { model: decode(model), stream: verb === 'streamGenerateContent' }
      if (verb === 'generateContent' || inPath.stream) return call({ wire, operation: 'generate', inPath })
      if (verb === 'countTokens') return call({ wire, operation: 'count', inPath })
    }
  }
  return { kind: 'unknown', ...place }
}

const mainWires = {
  anthropic: 'anthropic-messages',
  openai: 'openai-responses',
  google: 'google-generate-content',
} as const satisfies Record<string, Wire>
const isProvider = (name: string): name is keyof typeof mainWires => Object.hasOwn(mainWires, name)

const versions = {
  anthropic: /^(?:\/v1){1,2}(?=\/|$)/,
  openai: /^(?:\/v1){1,2}(?=\/|$)/,
  google: /^(?:\/v1(?:beta|alpha)?){1,2}(?=\/|$)/,
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
