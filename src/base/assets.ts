import { fileURLToPath } from 'node:url'

/** Absolute path of a file shipped with the package (prompts, rubrics, presets, tasks, data); the same from `src/` and `dist/`. */
export function assetPath(relativePath: string): string {
  return fileURLToPath(new URL(`../../${relativePath}`, import.meta.url))
}
