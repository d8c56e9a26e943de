// Gathers in the workspace whatever may hold a key: environments, arguments, memory and open files of every process in sight,
// and every file that is no part of the system. The test looks through the loot.
import fs from 'node:fs'
import path from 'node:path'
import { tell, tried } from './tell.mjs'

const mostOfOneProcess = 24 * 1024 ** 2
const mostOfOneFile = 1024 ** 2
const loot = fs.openSync('/workspace/loot', 'a')
const counts = { environments: 0, memories: 0, memoryBytes: 0, files: 0, descriptors: 0 }

for (const id of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
  for (const name of ['environ', 'cmdline', 'maps', 'mountinfo', 'status'])
    await tried(() => {
      keep(fs.readFileSync(`/proc/${id}/${name}`))
      if (name === 'environ') counts.environments += 1
    })
  await tried(() => {
    for (const descriptor of fs.readdirSync(`/proc/${id}/fd`)) {
      counts.descriptors += 1
      keep(Buffer.from(fs.readlinkSync(`/proc/${id}/fd/${descriptor}`)))
    }
  })
  if (Number(id) !== process.pid) await tried(() => keepMemory(id))
}
walk('/')
tell('counts', counts)

/** @param {string} id */
function keepMemory(id) {
  const memory = fs.openSync(`/proc/${id}/mem`, 'r')
  let left = mostOfOneProcess
  for (const line of fs.readFileSync(`/proc/${id}/maps`, 'utf8').split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
    if (from === undefined || to === undefined || left <= 0) continue
    const length = Math.min(Number(BigInt(`0x${to}`) - BigInt(`0x${from}`)), left)
    const bytes = Buffer.alloc(length)
    try {
      const read = fs.readSync(memory, bytes, 0, length, BigInt(`0x${from}`))
      keep(bytes.subarray(0, read))
      counts.memoryBytes += read
      left -= read
    } catch {
      // a part that cannot be read, such as the kernel's own
    }
  }
  counts.memories += 1
}

/** @param {string} folder */
function walk(folder) {
  for (const entry of listed(folder)) {
    const at = path.join(folder, entry.name)
    if (/^\/(?:proc|usr|lib|sys|dev\/(?!shm)|workspace\/loot)/.test(at)) continue
    if (entry.isDirectory()) walk(at)
    else if (entry.isFile() && fs.lstatSync(at).size <= mostOfOneFile)
      try {
        keep(fs.readFileSync(at))
        counts.files += 1
      } catch {
        // closed to us
      }
  }
}

/** @param {string} folder */
function listed(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** @param {Buffer} bytes */
function keep(bytes) {
  for (let written = 0; written < bytes.length; ) written += fs.writeSync(loot, bytes, written)
}
