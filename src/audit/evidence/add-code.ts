import { scanNumbers } from '../numbers/scan-numbers.ts'
import type { Sink } from './collector.ts'

const setting =
  /\b(?:lr|learning_?rate|epochs?|batch(?:_?size)?|seeds?|dropout|hidden(?:_?\w{0,20})?|num_\w{1,40}|n_\w{1,40}|max_\w{1,40}|min_\w{1,40}|alpha|beta\d?|gamma|lambda\w{0,20}|eps(?:ilon)?|temperature|top_[kp]|threshold\w{0,20}|weight_?decay|warm_?up\w{0,20}|momentum|default|dim|d_model|layers?|heads?|steps?|size|figsize|dpi|fontsize|alpha|timeout|version)["']?\s{0,4}[=:]/i
const settingName = /(?:config|args|params?|settings?|options|defaults)$/i
const longestCodeLine = 2_000

/**
 * Adds the constants of code: settings where the name beside them or around them says so, literals else. Words are the names before a number
 * and those of the structure around its line.
 * @param sinks by what a number is; both may be one
 */
export function addCode(sinks: { readonly literal: Sink; readonly config: Sink }, lines: readonly string[]): void {
  const open: { indent: number; name: string; isSetting: boolean }[] = []
  for (const [index, whole] of lines.entries()) {
    const line = whole.length > longestCodeLine ? whole.slice(0, longestCodeLine) : whole
    const text = line.trimStart()
    if (text === '') continue
    const indent = line.length - text.length
    while ((open.at(-1)?.indent ?? -1) >= indent && !/^[\])}]/.test(text)) open.pop()
    const around = open.at(-1)
    if (/\d/.test(text) && !text.startsWith('#')) addNumbers(sinks, text, { line: index + 1, around })
    if (/[[({:=]\s*(?:#.*)?$/.test(text.slice(-200))) {
      const name = text.slice(0, 80)
      const isSetting =
        around?.isSetting === true || settingName.test(/^[\w.'"]{1,60}/.exec(text)?.[0].replaceAll(/['"]/g, '') ?? '')
      if (open.length < 50) open.push({ indent, name, isSetting })
    }
  }
}

function addNumbers(
  sinks: { readonly literal: Sink; readonly config: Sink },
  text: string,
  { line, around }: { line: number; around: { name: string; isSetting: boolean } | undefined },
): void {
  const isArgument = text.includes('add_argument(')
  let behind = 0
  for (const number of scanNumbers(text)) {
    const before = text.slice(Math.max(behind, number.start - 80), number.start)
    behind = number.end
    const isSetting = isArgument || around?.isSetting === true || setting.test(before)
    const sink = isSetting ? sinks.config : sinks.literal
    const source = sink.sourceOf(line)
    if (source === null) continue
    const words = sink.collector.words(before, text.slice(0, Math.min(60, number.start)), around?.name ?? '')
    sink.collector.add({ number, source, line, words, statistic: 'value' })
  }
}
