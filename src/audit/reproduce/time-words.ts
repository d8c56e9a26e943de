/** Words that are about nothing else. */
const plainWords = new Set(
  (
    'timestamp timestamps datetime timing timings duration durations elapsed runtime runtimes walltime sec secs seconds ms ' +
    'millisecond milliseconds minutes mins hours latency throughput fps speedup ram rss vram mb gb mib gib bytes'
  ).split(' '),
)
/** Words that may be part of a method's or a task's name, and so count where they end a label, or go on with what is measured of them. */
const doubtfulWords = new Set('time times clock speed memory mem date created started finished'.split(' '))
const goesOn = new Set('per of in at to taken usage used spent s'.split(' '))

/** Whether a key, or the label of a row or column, names what no two runs share: time, speed, memory. */
export function isAboutTime(label: string): boolean {
  const text = label.slice(0, 400)
  if (/[([](?:s|h|min)[)\]]/.test(text)) return true
  const words = text
    .replaceAll(/[([][^)\]]{0,40}[)\]]$/g, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  return words.some((word, index) => {
    const next = words[index + 1]
    if (plainWords.has(word) || (word === 'second' && words[index - 1] === 'per')) return true
    return doubtfulWords.has(word) && (next === undefined || goesOn.has(next))
  })
}
