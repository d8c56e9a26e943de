const timeWords = new Set(
  (
    'time times timing timings timestamp timestamps date datetime duration durations elapsed runtime runtimes walltime wall clock ' +
    'sec secs second seconds ms millisecond milliseconds minute minutes mins hour hours latency throughput fps speed speedup ' +
    'started finished created memory mem ram rss vram mb gb mib gib bytes'
  ).split(' '),
)
/** `time series` and `time step` are about data. */
const ofData = new Set(['series', 'step', 'steps', 'horizon', 'point', 'points'])

/** Whether a key, or the label of a row or column, names what no two runs share: time, speed, memory. */
export function isAboutTime(label: string): boolean {
  const words = label
    .slice(0, 400)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  if (/\((?:s|h|min)\)/.test(label)) return true
  return words.some((word, index) => timeWords.has(word) && !ofData.has(words[index + 1] ?? ''))
}
