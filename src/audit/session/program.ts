/** What the first words of a command start. */
export type Program =
  | {
      readonly kind: 'python' | 'script'
      readonly script: string | null
      readonly code: string | null
      /** Neither script nor code: it reads what is piped in. */
      readonly readsInput: boolean
      readonly runs: boolean
    }
  | { readonly kind: 'shell'; readonly script: string | null; readonly code: string | null }
  /** Runs something that computes or measures, of which no file is known. */
  | { readonly kind: 'measures' }
  | { readonly kind: 'prints' }
  | { readonly kind: 'copies-input'; readonly files: readonly string[]; readonly writes: boolean }
  | { readonly kind: 'shows'; readonly files: readonly string[] }
  | { readonly kind: 'edits'; readonly files: readonly string[]; readonly typed: string }
  | { readonly kind: 'other' }

const python = /(?:^|\/)(?:python(?:\d(?:\.\d{1,2})?)?|pypy3?|ipython3?)$/
const shell = /(?:^|\/)(?:ba|z|da)?sh$/
const interpreter = /^(?:node|ts-node|tsx|bun|deno|Rscript|julia|perl|ruby|php|papermill)$/
const scriptFile = /\.(?:py|sh|bash|R|jl|m?js|ts|pl|rb|ipynb)$/
const measuring =
  /^(?:pytest|py\.test|make|nvidia-smi|rocm-smi|lscpu|nproc|java|cargo|go|mvn|gradle|ctest|hyperfine|perf|jest|vitest|npm|npx|yarn|pnpm|tox|nox|dvc|snakemake)$/
/** Their result is no measurement, whatever it prints. */
const toolModules = new Set(
  'pip venv py_compile json.tool compileall http.server ensurepip virtualenv black flake8 isort mypy pylint ruff this site'.split(
    ' ',
  ),
)
const idle = new Set('install add init ci i list ls config publish create audit outdated'.split(' '))
/** Commands that run another, with how many of their own words stand between. */
const wrappers: Readonly<Record<string, { readonly operands: number; readonly valued: ReadonlySet<string> }>> = {
  nohup: { operands: 0, valued: new Set() },
  time: { operands: 0, valued: new Set(['-f', '-o']) },
  timeout: { operands: 1, valued: new Set(['-s', '-k', '--signal', '--kill-after']) },
  nice: { operands: 0, valued: new Set(['-n']) },
  ionice: { operands: 0, valued: new Set(['-c', '-n']) },
  sudo: { operands: 0, valued: new Set(['-u', '-g']) },
  env: { operands: 0, valued: new Set(['-u', '-C']) },
  stdbuf: { operands: 0, valued: new Set(['-i', '-o', '-e']) },
  exec: { operands: 0, valued: new Set(['-a']) },
  command: { operands: 0, valued: new Set() },
  unbuffer: { operands: 0, valued: new Set() },
  setsid: { operands: 0, valued: new Set() },
  srun: { operands: 0, valued: new Set(['-n', '-N', '-p', '-t', '-c']) },
  'xvfb-run': { operands: 0, valued: new Set() },
  xargs: { operands: 0, valued: new Set(['-n', '-I', '-P', '-L']) },
}

/**
 * @param words of one command, quotes taken off
 * @param findModule gives the file of a module that `-m` names, or null
 */
export function findProgram(words: readonly string[], findModule: (module: string) => string | null): Program {
  const inner = unwrap(words)
  const name = inner[0] ?? ''
  const rest = inner.slice(1)
  if (python.test(name)) return readPython(rest, findModule)
  const launched = readLauncher(name, rest)
  if (launched !== null) return launched
  if (shell.test(name) || name === 'source' || name === '.') return readShellCall(name, rest)
  const base = name.slice(name.lastIndexOf('/') + 1)
  if (interpreter.test(base)) {
    const script = rest.find((word) => !word.startsWith('-') && word !== 'run') ?? null
    return script === null ? { kind: 'other' } : runsScript(script)
  }
  if (base === 'echo' || base === 'printf') return { kind: 'prints' }
  if (base === 'jupyter') {
    const book = rest.find((word) => word.endsWith('.ipynb'))
    const executes = rest.includes('--execute') || rest[0] === 'execute' || rest[0] === 'run'
    return book !== undefined && executes ? runsScript(book) : { kind: 'other' }
  }
  if (measuring.test(base)) return idle.has(rest[0] ?? '') ? { kind: 'other' } : { kind: 'measures' }
  const shown = readViewer(base, rest)
  if (shown !== null) return shown
  const isPath = name.includes('/') && !/^\/(?:usr\/)?s?bin\//.test(name)
  return isPath || scriptFile.test(name) ? runsScript(name) : { kind: 'other' }
}

function runsScript(script: string): Program {
  return { kind: 'script', script, code: null, readsInput: false, runs: true }
}

function unwrap(words: readonly string[]): readonly string[] {
  let rest = words
  for (let round = 0; round < 8; round += 1) {
    const name = (rest[0] ?? '').slice((rest[0] ?? '').lastIndexOf('/') + 1)
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined
    if (wrapper === undefined) {
      const runner = /^(?:conda|mamba|micromamba|poetry|uv|pipenv|pdm|hatch|rye)$/.test(name) && rest[1] === 'run'
      if (!runner) return rest
      rest = skipOptions(rest.slice(2), new Set(['-n', '-p', '--name', '--prefix', '--with', '--project', '--cwd']))
    } else rest = skipOptions(rest.slice(1), wrapper.valued).slice(wrapper.operands)
  }
  return rest
}

function skipOptions(words: readonly string[], valued: ReadonlySet<string>): readonly string[] {
  let index = 0
  while (index < words.length) {
    const word = words[index] ?? ''
    if (valued.has(word)) index += 2
    else if (word.startsWith('-') || /^[A-Za-z_]\w{0,80}=/.test(word)) index += 1
    else break
  }
  return words.slice(index)
}

function readPython(words: readonly string[], findModule: (module: string) => string | null): Program {
  const base = { kind: 'python', script: null, code: null, readsInput: false, runs: true } as const
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const next = words[index + 1]
    if (word === '-') return { ...base, readsInput: true }
    if (/^-[A-Za-z]{0,8}c$/.test(word)) return { ...base, code: next ?? '' }
    if (/^-[A-Za-z]{0,8}m$/.test(word)) return readModule(next ?? '', words.slice(index + 2), findModule)
    if (word === '-W' || word === '-X' || word === '-Q') index += 1
    else if (/^(?:--version|-V|--help|-h)$/.test(word)) return { kind: 'other' }
    else if (!word.startsWith('-')) return { ...base, script: word }
  }
  return { ...base, readsInput: true, runs: false }
}

function readModule(module: string, rest: readonly string[], findModule: (module: string) => string | null): Program {
  if (module === 'json.tool') return { kind: 'shows', files: rest.filter((word) => !word.startsWith('-')).slice(0, 1) }
  if (toolModules.has(module)) return { kind: 'other' }
  if (
    /^(?:torch\.distributed\.(?:run|launch)|accelerate\.commands\.launch|coverage|cProfile|pdb|trace|memory_profiler|kernprof)$/.test(
      module,
    )
  ) {
    const script = rest.find((word) => word.endsWith('.py'))
    return script === undefined ? { kind: 'measures' } : runsScript(script)
  }
  const file = findModule(module)
  return file === null ? { kind: 'measures' } : runsScript(file)
}

/** `torchrun --nproc 2 train.py`, `accelerate launch train.py`, `coverage run x.py`, `deepspeed train.py`. */
function readLauncher(name: string, words: readonly string[]): Program | null {
  const launches =
    name === 'torchrun' || name === 'deepspeed' || name === 'mpirun' || name === 'mpiexec' || name === 'horovodrun'
  const second = (name === 'accelerate' && words[0] === 'launch') || (name === 'coverage' && words[0] === 'run')
  if (!launches && !second) return null
  const script = words.find((word) => word.endsWith('.py'))
  return script === undefined ? { kind: 'measures' } : runsScript(script)
}

function readShellCall(name: string, words: readonly string[]): Program {
  const flag = words.findIndex((word) => /^-[a-z]{0,8}c$/.test(word))
  if (flag !== -1) return { kind: 'shell', script: null, code: words[flag + 1] ?? '' }
  const script = words.find((word) => !/^[-+]/.test(word)) ?? null
  // an environment that is switched on runs nothing
  if (script !== null && /(?:^|\/)(?:activate|\.\w{1,20}rc|\.?profile|conda\.sh|\.env)$/.test(script))
    return { kind: 'other' }
  return { kind: 'shell', script: name === 'source' || name === '.' ? (words[0] ?? null) : script, code: null }
}

function readViewer(base: string, words: readonly string[]): Program | null {
  const operands = words.filter((word) => !word.startsWith('-'))
  switch (base) {
    case 'cat':
      return { kind: 'copies-input', files: operands, writes: false }
    case 'tee':
      return { kind: 'copies-input', files: operands, writes: true }
    case 'head':
    case 'tail':
      return { kind: 'shows', files: operands.filter((word) => !/^\d{1,9}$/.test(word)) }
    case 'less':
    case 'more':
    case 'nl':
    case 'tac':
    case 'column':
    case 'sort':
    case 'diff':
    case 'csvlook':
    case 'bat':
      return { kind: 'shows', files: operands }
    case 'grep':
    case 'egrep':
    case 'fgrep':
    case 'rg':
    case 'awk':
    case 'jq':
    case 'cut':
      return { kind: 'shows', files: operands.slice(1) }
    case 'sed':
    case 'perl': {
      const inPlace = words.some((word) => /^-[a-zA-Z]{0,4}i/.test(word) || word === '--in-place')
      const expressions = words.flatMap((word, index) => (/^-\w{0,4}e$/.test(word) ? [words[index + 1] ?? ''] : []))
      const files = expressions.length > 0 ? operands.filter((word) => !expressions.includes(word)) : operands.slice(1)
      const typed = expressions.length > 0 ? expressions.join('\n') : (operands[0] ?? '')
      return inPlace ? { kind: 'edits', files, typed } : { kind: 'shows', files }
    }
    default:
      return null
  }
}
