import { PrerequisiteError } from '../base/errors.ts'
import type { ModelSettings, ProviderSpec, Wire } from '../schema/config.ts'
import { providers } from './index.ts'
import type { Connection, ModelProvider } from './model.ts'

/** The values of the environment variables that hold keys, read once by the command line. */
export type Secrets = Readonly<Record<string, string | undefined>>

export interface ConnectedProvider {
  readonly name: string
  readonly provider: ModelProvider
  readonly connection: Connection
  readonly concurrency: number
  /** Wire formats its address answers to. */
  readonly wires: readonly Wire[]
}

const defaultConcurrency = 8

/**
 * The provider of a model, with its address and key.
 * @param specs the configuration's own providers and addresses, by the name that stands before the slash
 * @throws PrerequisiteError for an unknown provider, a missing key or a missing address
 */
export function connectProvider(
  settings: Pick<ModelSettings, 'model'>,
  specs: Readonly<Record<string, ProviderSpec>>,
  secrets: Secrets,
): ConnectedProvider {
  const name = settings.model.slice(0, settings.model.indexOf('/'))
  const spec = new Map(Object.entries(specs)).get(name)
  const provider = new Map<string, ModelProvider>(Object.entries(providers)).get(spec?.kind ?? name)
  if (provider === undefined) {
    if (spec !== undefined)
      throw new PrerequisiteError(
        `"${name}" needs a kind under "providers" in the configuration, e.g. kind: openai-compatible`,
      )
    const known = [...Object.keys(providers), ...Object.keys(specs)]
    throw new PrerequisiteError(
      `no provider "${name}" for ${settings.model}; there are: ${[...new Set(known)].join(', ')}. ` +
        'Another server that speaks Chat Completions is added under "providers" in the configuration',
    )
  }
  const baseUrl = spec?.baseUrl ?? provider.defaultBaseUrl
  if (baseUrl === null)
    throw new PrerequisiteError(
      `say where "${name}" is: --provider-url ${name}=http://… (the part before /chat/completions)`,
    )
  const keyVariable = spec?.keyVariable ?? provider.keyVariable
  const apiKey = keyVariable === null ? null : secrets[keyVariable]
  // a server of the user's own may well need no key
  const optional = provider === providers['openai-compatible'] && spec?.keyVariable === undefined
  if (!apiKey && keyVariable !== null && !optional)
    throw new PrerequisiteError(`${settings.model} needs a key: set ${keyVariable}`)
  return {
    name,
    provider,
    connection: { baseUrl, apiKey: apiKey || null },
    concurrency: spec?.concurrency ?? defaultConcurrency,
    wires: spec?.wires ?? provider.wires,
  }
}
