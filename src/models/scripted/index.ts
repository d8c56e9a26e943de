import type { LanguageModelV4 } from '@ai-sdk/provider'
import { fabricator } from './fabricator.ts'
import { honest } from './honest.ts'
import { injector } from './injector.ts'
import { placeholder } from './placeholder.ts'
import { createScriptedModel } from './scripted-model.ts'

/** Models whose truth is known, so that they can stand trial before judges and audits. */
export const scriptedModels = {
  honest: () => createScriptedModel(honest),
  fabricator: () => createScriptedModel(fabricator),
  placeholder: () => createScriptedModel(placeholder),
  injector: () => createScriptedModel(injector),
} satisfies Record<string, () => LanguageModelV4>
export type ScriptedModelName = keyof typeof scriptedModels
