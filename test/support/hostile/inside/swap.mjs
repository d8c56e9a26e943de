// Runs until it is killed: what lies at its first path is a file, then a link, a pipe and a folder by turns; what lies at its
// second path a folder, then a link to its third.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const [file = '', folder = '', secret = ''] = process.argv.slice(2)
const side = path.join(path.dirname(file), '.side')
fs.mkdirSync(side)
const kept = (/** @type {string} */ name) => path.join(side, name)
fs.writeFileSync(kept('file'), 'harmless')
fs.symlinkSync(path.join(secret, 'secret'), kept('link'))
fs.symlinkSync('/dev/zero', kept('endless'))
execFileSync('mkfifo', [kept('pipe')])
fs.mkdirSync(kept('folder'))
fs.writeFileSync(path.join(kept('folder'), 'secret'), 'harmless')
fs.symlinkSync(secret, kept('folder-link'))
const put = (/** @type {string} */ name, /** @type {string} */ at) => {
  fs.renameSync(kept(name), at)
  for (let pause = 0; pause < 2_000; pause += 1) Math.sqrt(pause)
  fs.renameSync(at, kept(name))
}
for (;;)
  for (const name of ['file', 'link', 'file', 'pipe', 'file', 'endless']) {
    put(name, file)
    put(name === 'file' ? 'folder' : 'folder-link', folder)
  }
