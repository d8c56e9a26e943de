import { randomBytes } from 'node:crypto'
import { join, relative } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { pickWire } from '../coders/pick-wire.ts'
import type { CoderEndpoint, CoderResult } from '../coders/coder.ts'
import { coders } from '../coders/index.ts'
import type { Gateway, GatewayRoute } from '../gateway/gateway.ts'
import { openGateway } from '../gateway/open-gateway.ts'
import type { ModelAccount } from '../models/model-account.ts'
import { describeEnvironment } from '../sandboxes/describe-environment.ts'
import { openSandbox } from '../sandboxes/index.ts'
import type { Sandbox } from '../sandboxes/sandbox.ts'
import { makeTemporaryFolder } from '../sandboxes/temporary-folder.ts'
import type { CoderSpec, ExperimentModels, Wire } from '../schema/config.ts'
import type { HashedFile } from '../schema/event.ts'
import { experimentVariables, namesOfModels } from './experiment-models.ts'
import { withGatewayView } from './gateway-view.ts'
import type { Attempt, StageContext } from './stage.ts'
import { usedByInterrupted } from './used-before.ts'

export interface CoderWork {
  readonly coder: CoderSpec
  readonly workspace: string
  /** What the coder is told, once it is known how it can reach the models that its code may call. */
  readonly prompt: (facts: { readonly models: string }) => Promise<string>
}

/**
 * Lets a coder work in a fresh sandbox, with a gateway where it or its code calls models. What it left stays in the workspace; the
 * transcript and a description of the environment are kept.
 * @throws PrerequisiteError when the coder is not installed or cannot speak to its model's provider
 */
export async function runCoder(
  { coder: spec, workspace, prompt }: CoderWork,
  context: StageContext<unknown>,
  attempt: Attempt,
): Promise<{ readonly result: CoderResult; readonly kept: HashedFile[] }> {
  const { trial, signal, models, experimentModels } = context
  if (context.sandbox === null) throw new Error('the run has an experiment stage and no sandbox')
  const where = { stage: 'experiment' as const, attempt: attempt.number }
  const coder = coders[spec.kind]
  const needs = await coder.prepare(spec)
  const routes: GatewayRoute[] = [
    ...(needs.wires === null ? [] : [coderRoute(spec, context)]),
    ...(experimentModels.models.length === 0 ? [] : [experimentRoute(experimentModels, context)]),
  ]
  await using place = await openSocketFolder()
  const token = randomBytes(24).toString('base64url')
  const { kind, network, image, gpus, readOnly, environment: variables, ...limits } = context.sandbox
  await using gateway =
    routes.length === 0
      ? null
      : await openGateway({
          socketPath: place.socketPath,
          token,
          account: models.account,
          routes,
          attempt: attempt.number,
          hostedTools: experimentModels.hostedTools,
          append: trial.append,
        })
  await using sandbox = await openSandbox(kind, {
    workspace,
    limits,
    network,
    onEgressRefused: (refusal) => trial.append({ type: 'egress-refused', ...where, ...refusal, count: 1 }),
    readOnly: { ...readOnly, ...needs.readOnly },
    sockets: gateway === null ? {} : { gateway: place.socketPath },
    image: { name: image, gpus },
  })
  const networkName = typeof network === 'string' ? network : 'allowlist'
  trial.append({
    type: 'sandbox-opened',
    ...where,
    sandbox: sandbox.name,
    isolated: sandbox.isolated,
    network: networkName,
  })
  const { version } = needs
  trial.append({ type: 'coder-started', ...where, kind: spec.kind, version, model: spec.model.model })
  const gatewayUrl = sandbox.endpoints['gateway'] ?? ''
  const endpoint = endpointOf({ spec, wires: needs.wires, account: models.account, gateway, url: gatewayUrl, token })
  const ended = await coder.run({
    spec,
    prompt: await prompt({ models: namesOfModels(experimentModels, models.account) }),
    workspace,
    sandbox,
    models,
    endpoint,
    environment: {
      ...variables,
      ...(experimentModels.models.length === 0 ? {} : experimentVariables(`${gatewayUrl}/experiment-code`, token)),
    },
    attempt: attempt.number,
    attemptFolder: attempt.folder,
    cacheScope: attempt.cacheScope,
    spentUsd: usedByInterrupted(trial.events, 'coder').costUsd,
    append: trial.append,
    signal,
  })
  const result = withGatewayView(ended, { kind: spec.kind, events: trial.events })
  const transcript = await trial.write(join(relative(trial.folder, attempt.folder), 'transcript.md'), result.transcript)
  const { ending, steps, message } = result
  trial.append({ type: 'coder-finished', ...where, ending, steps, message })
  const environment = await keepEnvironment(sandbox, { context, spec, version, workspace })
  return { result, kept: [environment, transcript] }
}

async function keepEnvironment(
  sandbox: Sandbox,
  about: {
    readonly context: StageContext<unknown>
    readonly spec: CoderSpec
    readonly version: string | null
    readonly workspace: string
  },
): Promise<HashedFile> {
  const { context, spec, version, workspace } = about
  if (context.sandbox === null) throw new Error('an environment is that of a sandbox')
  const coder = { kind: spec.kind, version }
  const described = await describeEnvironment(sandbox, {
    spec: context.sandbox,
    workspace,
    coder,
    signal: context.signal,
  })
  return context.trial.write('environment.json', `${JSON.stringify(described, null, 2)}\n`)
}

function coderRoute(spec: CoderSpec, { trial }: StageContext<unknown>): GatewayRoute {
  const { maxSteps, maxTokens, maxCostUsd } = spec
  return {
    caller: 'coder',
    models: [spec.model],
    limits: { maxCalls: maxSteps, maxTokens, maxCostUsd },
    used: usedByInterrupted(trial.events, 'coder'),
  }
}

function experimentRoute({ models, ...limits }: ExperimentModels, { trial }: StageContext<unknown>): GatewayRoute {
  return { caller: 'experiment-code', models, limits, used: usedByInterrupted(trial.events, 'experiment-code') }
}

function endpointOf(about: {
  readonly spec: CoderSpec
  readonly wires: readonly Wire[] | null
  readonly account: ModelAccount
  readonly gateway: Gateway | null
  readonly url: string
  readonly token: string
}): CoderEndpoint | null {
  const { spec, wires, account, gateway, url, token } = about
  if (wires === null || gateway === null) return null
  const wire = pickWire(spec, wires, account)
  return { gateway, url: `${url}/coder`, token, wire }
}

/** In the folder for temporary files, since the path of a socket may hardly be longer than 100 bytes. */
async function openSocketFolder(): Promise<AsyncDisposable & { readonly socketPath: string }> {
  const folder = await makeTemporaryFolder('mlrbench-')
  const socketPath = join(folder.path, 'gateway.sock')
  // sun_path of Linux holds 108 bytes with its end
  if (Buffer.byteLength(socketPath) > 107) {
    await folder[Symbol.asyncDispose]()
    throw new PrerequisiteError(`${folder.path} is too long a path for a socket: set TMPDIR to a shorter one`)
  }
  return { socketPath, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}
