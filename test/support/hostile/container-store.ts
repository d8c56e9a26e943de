import { container } from '../../../src/sandboxes/container.ts'
import { type ContainerStore, lacksPodman, makeContainerStore } from '../container-image.ts'

/** A store for the containers of a test file, with its environment in place in this process; or why there is none. */
export async function openContainerStore(): Promise<ContainerStore | { readonly reason: string }> {
  const missing = await lacksPodman()
  if (missing !== null) return { reason: missing }
  const store = await makeContainerStore()
  Object.assign(process.env, store.environment)
  const reason = await container.unavailable({ name: store.image })
  if (reason === null) return store
  await store.remove()
  return { reason }
}
