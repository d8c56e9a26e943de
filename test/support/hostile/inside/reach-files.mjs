// Tries to read files of the host by every road, and to write where nothing may be written. Its argument is the list of files.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { tell } from './tell.mjs'

const { files, secret } = JSON.parse(process.argv[2] ?? '')
/** @type {string[]} */
const reached = []

/**
 * @param {string} way
 * @param {() => string} attempt
 */
function attempt(way, attempt) {
  try {
    if (attempt().includes(secret)) reached.push(way)
  } catch {
    // as it should be
  }
}
/**
 * @param {string} program
 * @param {string[]} args
 */
function start(program, ...args) {
  return execFileSync(program, args, { encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] })
}
const read = (/** @type {string} */ file) => fs.readFileSync(file, 'latin1')
const processes = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) || name === 'self')

for (const [index, file] of files.entries()) {
  attempt(`path ${index}`, () => read(file))
  attempt(`climbing ${index}`, () => read(`${'../'.repeat(30)}${file}`))
  attempt(`link ${index}`, () => {
    fs.symlinkSync(file, `link-${index}`)
    return read(`link-${index}`)
  })
  attempt(`hard link ${index}`, () => {
    fs.linkSync(file, `hard-link-${index}`)
    return read(`hard-link-${index}`)
  })
  attempt(`mount ${index}`, () => {
    fs.mkdirSync(`mount-${index}`)
    start('mount', '--bind', path.dirname(file), `mount-${index}`)
    return read(`mount-${index}/${path.basename(file)}`)
  })
  attempt(`a namespace ${index}`, () => start('unshare', '--user', '--map-root-user', '--mount', 'cat', file))
  for (const id of processes) {
    for (const door of ['root', 'cwd']) attempt(`${door} of ${id} ${index}`, () => read(`/proc/${id}/${door}${file}`))
    attempt(`above the folder of ${id} ${index}`, () => read(`/proc/${id}/cwd/../../../..${file}`))
    attempt(`descriptors of ${id} ${index}`, () => {
      const all = fs.readdirSync(`/proc/${id}/fd`).map((descriptor) => `/proc/${id}/fd/${descriptor}`)
      return all.map((door) => lenient(() => read(`${door}/${'../'.repeat(30)}${file}`))).join('')
    })
  }
}
tell('reached', reached)

const places = new Set(['/', '/opt/mlrbench', '/opt/mlrbench/bin', '/opt/mlrbench/sockets', '/hostile', '/run', '/var'])
for (const line of read('/proc/self/mountinfo').split('\n')) {
  const at = line.split(' ')[4]
  if (at !== undefined) for (let up = at; up !== '/'; up = path.dirname(up)) places.add(up)
}
for (const top of fs.readdirSync('/')) {
  places.add(`/${top}`)
  if (!['proc', 'sys'].includes(top))
    for (const below of lenient(() => fs.readdirSync(`/${top}`), [])) places.add(`/${top}/${below}`)
}
const written = [...places].filter((place) => {
  const file = `${place}/escaped`
  return (
    lenient(() => {
      fs.writeFileSync(file, 'x')
      fs.rmSync(file)
      return true
    }, false) === true
  )
})
tell('written', written.toSorted())

/** @type {string[]} */
const changed = []
const self = process.argv[1] ?? ''
for (const file of ['/opt/mlrbench/relay.mjs', '/opt/mlrbench/bin/node', self, '/etc/passwd', '/usr/bin/env']) {
  /** @type {Record<string, () => unknown>} */
  const ways = {
    open: () => fs.openSync(file, 'r+'),
    cut: () => fs.truncateSync(file, 0),
    remove: () => fs.unlinkSync(file),
    rename: () => fs.renameSync(file, `${file}.old`),
    mode: () => fs.chmodSync(file, 0o777),
    owner: () => fs.chownSync(file, process.getuid?.() ?? 0, process.getgid?.() ?? 0),
    times: () => fs.utimesSync(file, 1, 1),
    mode_of_folder: () => fs.chmodSync(path.dirname(file), 0o777),
    remount: () => start('mount', '-o', 'remount,rw', file),
    cover: () => start('mount', '-t', 'tmpfs', 'none', path.dirname(file)),
  }
  for (const [way, change] of Object.entries(ways)) if (succeeds(change)) changed.push(`${way} ${file}`)
}
for (const file of ['sys/kernel/core_pattern', 'sys/kernel/hostname', 'sys/vm/drop_caches', 'sysrq-trigger'])
  if (succeeds(() => fs.writeFileSync(`/proc/${file}`, '1'))) changed.push(file)
for (const [name, way] of Object.entries({
  'device file': () => start('mknod', 'device', 'b', '254', '0'),
  'another root': () => start('chroot', '/', 'true'),
  priority: () => start('renice', '-n', '-5', String(process.pid)),
}))
  if (succeeds(way)) changed.push(name)
tell('changed', changed)

/** @param {() => unknown} change */
function succeeds(change) {
  try {
    change()
    return true
  } catch {
    return false
  }
}

/**
 * @template T
 * @param {() => T} attempt
 * @param {T | string} [otherwise]
 */
function lenient(attempt, otherwise = '') {
  try {
    return attempt()
  } catch {
    return otherwise
  }
}
