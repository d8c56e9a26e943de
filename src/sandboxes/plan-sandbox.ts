import { randomUUID } from 'node:crypto'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { openEgressProxy } from './egress-proxy.ts'
import { type Bind, type EnclosureKind, type SandboxPlan, insidePaths } from './enclosure.ts'
import { type Endpoints, openEndpoints } from './endpoints.ts'
import { planReadOnly } from './read-only-paths.ts'
import type { OpenSandboxOptions } from './sandbox.ts'

/** Everything around an enclosure that all kinds of sandbox have alike. Disposing closes the endpoints and removes the folder. */
export interface Surroundings extends AsyncDisposable {
  readonly plan: SandboxPlan
  readonly endpoints: Endpoints
  /** Paths by which commands start the relay. */
  readonly relayArgv: readonly string[]
  /** Variables of every command. */
  readonly environment: Readonly<Record<string, string>>
  readonly readOnly: readonly Bind[]
}

const proxyName = 'proxy'

/** Rejects with PrerequisiteError when a read-only path is not there, or the kind cannot do what is asked for. */
export async function planSandbox(kind: EnclosureKind, given: OpenSandboxOptions): Promise<Surroundings> {
  await using stack = new AsyncDisposableStack()
  const options = { ...given, workspace: await realpath(given.workspace) }
  if (typeof options.network === 'object' && !kind.isolated)
    throw new PrerequisiteError(
      `the sandbox "${kind.name}" does not isolate and cannot hold commands to a list of hosts: name another sandbox, or the network "full"`,
    )
  const readOnly = await planReadOnly(options.readOnly ?? {})
  const privateFolder = await mkdtemp(join(await realpath(tmpdir()), 'mlrbench-sandbox-'))
  stack.defer(() => rm(privateFolder, { recursive: true, force: true }))

  const sockets: Record<string, string> = { ...options.sockets }
  if (typeof options.network === 'object') {
    if (proxyName in sockets) throw new TypeError(`"${proxyName}" is the name of the sandbox's own endpoint`)
    const socketPath = join(privateFolder, proxyName)
    sockets[proxyName] = socketPath
    const onRefused = options.onEgressRefused ?? (() => {})
    stack.use(await openEgressProxy({ socketPath, allow: options.network.allow, onRefused }))
  }
  const endpoints = await openEndpoints(sockets, kind)
  stack.use(endpoints)
  const { [proxyName]: proxyUrl, ...urls } = endpoints.urls

  const node = await realpath(process.execPath)
  const relay = assetPath('inside/relay.mjs')
  const owned = stack.move()
  return {
    plan: {
      options,
      network: options.network === 'full' ? 'full' : 'none',
      binds: [
        { type: 'file', from: node, at: kind.isolated ? insidePaths.node : node },
        { type: 'file', from: relay, at: kind.isolated ? insidePaths.relay : relay },
        ...endpoints.binds,
        ...readOnly,
      ],
      privateFolder,
      mark: `MLRBENCH_SANDBOX=${randomUUID()}`,
    },
    endpoints: { ...endpoints, urls },
    relayArgv: kind.isolated ? [insidePaths.node, insidePaths.relay] : [node, relay],
    environment: {
      ...cacheVariables(kind.isolated ? insidePaths.workspace : options.workspace),
      ...(proxyUrl === undefined ? {} : proxyVariables(proxyUrl)),
    },
    readOnly,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** So that what one command downloads the next one finds, and everyone can see afterwards. */
function cacheVariables(workspace: string): Record<string, string> {
  const cache = `${workspace}/.cache`
  return {
    XDG_CACHE_HOME: cache,
    HF_HOME: `${cache}/huggingface`,
    TORCH_HOME: `${cache}/torch`,
    PIP_CACHE_DIR: `${cache}/pip`,
  }
}

function proxyVariables(url: string): Record<string, string> {
  const variables: Record<string, string> = { NODE_USE_ENV_PROXY: '1' }
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
    variables[name] = url
    variables[name.toLowerCase()] = url
  }
  for (const name of ['NO_PROXY', 'no_proxy']) variables[name] = '127.0.0.1,localhost'
  return variables
}
