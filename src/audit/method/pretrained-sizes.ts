import { listAt } from '../../base/list-at.ts'
import { codePlaces } from '../code/code-finding.ts'
import type { RunFile } from '../code/code-sites.ts'
import { sourceWithoutComments } from './code-words.ts'
import type { BuiltSize } from './built-sizes.ts'
import type { ArchitectureSize } from './stated-architecture.ts'

/** Loading of networks that somebody else built: their sizes stand in no code of the work. */
const loadsOthers =
  /from_pretrained|\bpipeline\(|openai|anthropic|genai|google\.generativeai|\bvllm\b|llama_cpp|ollama|litellm|InferenceClient|SentenceTransformer|CrossEncoder|torch\.hub|\btimm\b|torchvision\.models|from torchvision import .{0,60}models|\bmodels\.(?:resnet|vgg|vit|densenet|efficientnet|mobilenet|inception|convnext|swin)\w{0,20}\(|clip\.load|whisper\.load|open_clip|spacy\.load|keras\.applications|hf_hub_download|snapshot_download|AutoConfig|subprocess|os\.system|importlib/
const loads = /from_pretrained\(\s{0,40}(?:(["'])([\w./-]{1,100})\1|([^\s"']))/g
const usualDropout = 0.1

/** Layers, width and heads of small models that are loaded most, as their configurations state them; of two halves, one. */
const known: Readonly<Record<string, readonly [layers: number, width: number, heads: number]>> = {
  gpt2: [12, 768, 12],
  'gpt2-medium': [24, 1024, 16],
  'gpt2-large': [36, 1280, 20],
  distilgpt2: [6, 768, 12],
  'bert-base-uncased': [12, 768, 12],
  'bert-base-cased': [12, 768, 12],
  'bert-large-uncased': [24, 1024, 16],
  'distilbert-base-uncased': [6, 768, 12],
  'roberta-base': [12, 768, 12],
  'roberta-large': [24, 1024, 16],
  't5-small': [6, 512, 8],
  't5-base': [12, 768, 12],
  'facebook/opt-125m': [12, 768, 12],
  'facebook/bart-base': [6, 768, 12],
  'microsoft/codebert-base': [12, 768, 12],
  'Salesforce/codet5-small': [6, 512, 8],
  'Salesforce/codet5-base': [12, 768, 12],
}

/** Sizes of the networks that the code loads ready-made: none where it loads none, null where some are not known. */
export function loadedSizes(run: readonly RunFile[]): ReadonlyMap<ArchitectureSize, readonly BuiltSize[]> | null {
  const sizes = new Map<ArchitectureSize, BuiltSize[]>()
  for (const one of run) {
    const source = sourceWithoutComments(one)
    if (!loadsOthers.test(source)) continue
    if (loadsOthers.test(source.replaceAll('from_pretrained', ''))) return null
    for (const [, , name] of source.matchAll(loads)) {
      const found = name !== undefined && Object.hasOwn(known, name) ? known[name] : undefined
      if (name === undefined || found === undefined) return null
      const line = one.file.lines.findIndex((text) => text.includes(name)) + 1
      const [place] = codePlaces(one, [line])
      if (place === undefined) continue
      const [layers, width, heads] = found
      const add = (size: ArchitectureSize, value: number, near: readonly number[] = []): void => {
        listAt(sizes, size).push({ value, near, isOutside: false, place: { ...place, role: 'contradicts' } })
      }
      add('layers', layers, [2 * layers])
      add('hidden size', width)
      add('embedding size', width)
      add('heads', heads)
      add('dropout', usualDropout)
    }
  }
  return sizes
}
