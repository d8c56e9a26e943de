import type { ImportFormat } from '../schema/run.ts'
import { aiScientistV2 } from './ai-scientist-v2/ai-scientist-v2.ts'
import type { Importer } from './importer.ts'
import { mlrBench } from './mlr-bench/mlr-bench.ts'
import { papers } from './papers/papers.ts'

/** In the order in which a source is tried: the release holds output of AI Scientist v2, and any folder may hold papers. */
export const importers = {
  'mlr-bench': mlrBench,
  'ai-scientist-v2': aiScientistV2,
  papers,
} satisfies Record<ImportFormat, Importer>
