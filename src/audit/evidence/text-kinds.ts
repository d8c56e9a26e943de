import { posix } from 'node:path'

const code =
  /\.(?:py|pyx|sh|bash|zsh|js|mjs|cjs|ts|tsx|jsx|r|jl|c|cc|cpp|h|hpp|cu|java|go|rs|rb|pl|scala|m|lua|sql|html?|css|bib|sty|cls)$/i
const config =
  /\.(?:ya?ml|toml|ini|cfg|conf|env|lock)$|(?:^|\/)(?:requirements[^/]*\.txt|setup\.cfg|dockerfile|makefile|[^/]{0,60}(?:config|args|params|hparams|settings|hyperparameters)[^/]{0,20}\.json)$/i
/** What programs write may be in a format of settings. */
const outcome =
  /(?:^|[/_.-])(?:results?|metrics?|scores?|summary|outputs?|evaluation|measurements?|statistics)[^/]{0,40}\.(?:ya?ml|toml|ini)$/i
/** Words of folders and files that stand in any work, and so tell nothing apart. */
const common = new Set(
  'results result output outputs out data metrics metric log logs final experiment experiments run runs json csv tsv txt md jsonl summary all the test eval evaluation history training figures tables report'.split(
    ' ',
  ),
)

export function isCodePath(path: string): boolean {
  return code.test(path)
}

export function isConfigPath(path: string): boolean {
  return config.test(path) && !outcome.test(path)
}

/** What the names of a file and of its folder say it is about; the top folder of the work says nothing. */
export function subjectWords(path: string): string {
  const parts = posix.normalize(path).split('/').slice(-2)
  const words = parts.join(' ').split(/[^A-Za-z0-9]+/)
  return words.filter((word) => word.length > 1 && !common.has(word.toLowerCase())).join(' ')
}
