import { z } from 'zod'
import { parseJson } from '../base/parse-json.ts'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { type ContainerEngine, callEngine, firstLine } from './container-engine.ts'

/** The image that `containers/Containerfile` describes, when none is named. */
const ownImage = 'mlrbench/experiment'

export interface ContainerImage {
  /** `sha256:` and the digest of its configuration, which names its layers: the same content has the same digest in every engine. */
  readonly digest: string
  /** Where its programs are; null when it does not say. */
  readonly path: string | null
}

const inspectedSchema = z
  .array(
    z.object({
      Id: z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/),
      Config: z
        .object({ Env: z.array(z.string()).nullish(), Volumes: z.record(z.string(), z.unknown()).nullish() })
        .nullish(),
    }),
  )
  .min(1)

/**
 * An image that the engine has; none is ever fetched.
 * @param name null for the one that `mlrbench` describes itself
 * @returns the image, or in one sentence why it cannot be used and what to do
 */
export async function findImage(
  engine: ContainerEngine,
  name: string | null,
): Promise<ContainerImage | { readonly obstacle: string }> {
  const wanted = name ?? ownImage
  if (wanted.startsWith('-')) return { obstacle: `"${wanted}" is no name of an image` }
  const answer = await callEngine(engine, ['image', 'inspect', wanted])
  const parsed = inspectedSchema.safeParse(parseJson(answer.stdout))
  const image = parsed.data?.[0]
  if (answer.exitCode !== 0 || image === undefined) {
    if (!/no such image|not known|not found/i.test(answer.stderr))
      return { obstacle: `the image ${wanted} cannot be inspected: ${firstLine(answer.stderr)}` }
    return { obstacle: `there is no image ${wanted}: ${howToGet(engine, name)}` }
  }
  const volumes = Object.keys(image.Config?.Volumes ?? {})
  // Docker makes a writable folder of unlimited size for each, on the host.
  if (volumes.length > 0 && engine.flavour === 'docker')
    return { obstacle: `the image ${wanted} declares volumes (${volumes.join(', ')}): use one without, or Podman` }
  const path = image.Config?.Env?.find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length)
  return { digest: image.Id.startsWith('sha256:') ? image.Id : `sha256:${image.Id}`, path: path ?? null }
}

/** As `findImage`. Throws PrerequisiteError when it cannot be used. */
export async function requireImage(engine: ContainerEngine, name: string | null): Promise<ContainerImage> {
  const image = await findImage(engine, name)
  if ('obstacle' in image) throw new PrerequisiteError(image.obstacle)
  return image
}

function howToGet(engine: ContainerEngine, name: string | null): string {
  return name === null
    ? `build it with \`${engine.flavour} build -t ${ownImage} -f ${assetPath('containers/Containerfile')} ${assetPath('containers')}\``
    : `get it with \`${engine.flavour} pull ${name}\``
}
