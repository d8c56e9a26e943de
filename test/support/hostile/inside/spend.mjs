// Calls its model for ever, many calls at once, and keeps each answer. Its argument says how it takes a refusal.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { tell } from './tell.mjs'

/** @type {{ parallel?: number, stubborn?: boolean, loud?: boolean, most?: number, url?: string, key?: string, say?: string }} */
const how = JSON.parse(process.argv[2] ?? '{}')
const { parallel = 8, stubborn = false, loud = false, most = Infinity, say = 'and now?' } = how
const url = how.url ?? process.env['OPENAI_BASE_URL']
const key = how.key ?? process.env['OPENAI_API_KEY']
let sent = 0
/** @type {Record<string, number>} */
const statuses = {}

await Promise.all(Array.from({ length: parallel }, (_, index) => spend(index)))
tell('statuses', statuses)
process.exit(stubborn || Object.keys(statuses).some((status) => status !== '200') ? 1 : 0)

/** @param {number} index */
async function spend(index) {
  for (let isRefused = false; sent < most && (stubborn || !isRefused); ) {
    sent += 1
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        max_tokens: 100,
        stream: index % 2 === 0,
        messages: [{ role: 'user', content: say }],
      }),
    })
    const text = await response.text()
    statuses[response.status] = (statuses[response.status] ?? 0) + 1
    fs.appendFileSync('answers', `${response.status} ${text.length}\n`)
    if (loud) process.stdout.write(`${'x'.repeat(1_000)}\n`)
    isRefused = !response.ok
    if (isRefused && stubborn) await sleep(50)
  }
}
