import type { ModelSettings } from '../schema/config.ts'

/** The model as its provider calls it: everything behind the first slash, which may hold more of them. */
export const modelId = ({ model }: Pick<ModelSettings, 'model'>): string => model.slice(model.indexOf('/') + 1)
