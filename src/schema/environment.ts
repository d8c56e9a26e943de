import { z } from 'zod'
import { sandboxSpecSchema } from './config.ts'

const packageSchema = z.strictObject({ name: z.string(), version: z.string() })
export type InstalledPackage = z.infer<typeof packageSchema>

/** A model or data set in the layout of the Hugging Face hub's cache, by the commit it was taken from. */
const hubSnapshotSchema = z.strictObject({
  kind: z.enum(['model', 'dataset', 'space']),
  /** `owner/name`. */
  name: z.string(),
  revision: z.string(),
})
export type HubSnapshot = z.infer<typeof hubSnapshotSchema>

const gpuSchema = z.strictObject({ name: z.string(), memoryMebibytes: z.number().nullable(), driver: z.string() })
export type Gpu = z.infer<typeof gpuSchema>

/** What an experiment ran on and with, so that someone else can tell whether they run it on the same. Null: not known. */
export const environmentSchema = z.strictObject({
  schema: z.literal('mlrbench/environment@2'),
  sandbox: sandboxSpecSchema.extend({ isolated: z.boolean() }),
  /** Null for sandboxes without images. */
  image: z.strictObject({ name: z.string(), digest: z.string().nullable() }).nullable(),
  /** As seen by commands; empty where there are none. */
  gpus: z.array(gpuSchema),
  platform: z.string(),
  architecture: z.string(),
  kernel: z.string(),
  cpu: z.string().nullable(),
  cpuCount: z.int(),
  memoryBytes: z.int(),
  /** As the system inside the sandbox calls itself. */
  distribution: z.string().nullable(),
  node: z.string(),
  /** Version of `python3`; null where there is none. */
  python: z.string().nullable(),
  /** What `python3` can import as it is, by name. */
  packages: z.array(packageSchema),
  /** What the experiment installed in its workspace. */
  workspacePackages: z.array(packageSchema),
  /** What the experiment loaded into its workspace. */
  loaded: z.array(hubSnapshotSchema),
  /** What stood ready in shared read-only folders; which of it was read cannot be told. */
  available: z.array(hubSnapshotSchema.extend({ folder: z.string() })),
  coder: z.strictObject({ kind: z.string(), version: z.string().nullable() }),
})
export type Environment = z.infer<typeof environmentSchema>
