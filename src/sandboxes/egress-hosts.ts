/**
 * What the names of groups stand for. `*.` stands for everything below a domain, not for the domain itself.
 * @see https://packaging.python.org/en/latest/guides/index-mirrors-and-caches/ and https://huggingface.co/docs/hub/xet
 */
const hostGroups = {
  /** Python (pip), PyTorch's own wheels, conda, R and Node packages. */
  'package-index': [
    'pypi.org',
    'files.pythonhosted.org',
    'download.pytorch.org',
    'download-r2.pytorch.org',
    'conda.anaconda.org',
    'repo.anaconda.com',
    'cran.r-project.org',
    'cloud.r-project.org',
    'registry.npmjs.org',
  ],
  /** Hugging Face: its site and programming interface, and the stores that it sends downloads to (cdn-lfs, xethub). */
  'model-hub': ['huggingface.co', '*.huggingface.co', 'hf.co', '*.hf.co'],
} as const satisfies Record<string, readonly string[]>

type HostGroup = keyof typeof hostGroups

/** @param allow hosts, `*.domain` or names of groups @returns whether a name in lower case, without a dot at its end, is among them */
export function matchHosts(allow: readonly string[]): (host: string) => boolean {
  const patterns = allow.flatMap((entry): readonly string[] => (isGroup(entry) ? hostGroups[entry] : [entry]))
  const exact = new Set(patterns.filter((pattern) => !pattern.startsWith('*.')))
  const endings = patterns.filter((pattern) => pattern.startsWith('*.')).map((pattern) => pattern.slice(1))
  return (host) => exact.has(host) || endings.some((ending) => host.length > ending.length && host.endsWith(ending))
}

function isGroup(entry: string): entry is HostGroup {
  return Object.hasOwn(hostGroups, entry)
}
