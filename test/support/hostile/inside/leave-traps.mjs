// Leaves as results what a reader of files may stumble over.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { tell, tried } from './tell.mjs'

fs.mkdirSync('results/below', { recursive: true })
process.chdir('results')
fs.writeFileSync('results.md', 'The results, as honest as they come.\n')
fs.symlinkSync('/etc/passwd', 'absolute.csv')
fs.symlinkSync('../../../../trial.json', 'upwards.json')
fs.symlinkSync('/etc', 'folder')
fs.symlinkSync('loop-b', 'loop-a')
fs.symlinkSync('loop-a', 'loop-b')
fs.symlinkSync('/proc/self/mem', 'below/memory')
execFileSync('mkfifo', ['pipe'])
await new Promise((resolve) => net.createServer().listen('socket', () => resolve(null)))
tell('device', await tried(() => execFileSync('mknod', ['device', 'c', '1', '5'], { stdio: 'ignore' })))
fs.mkdirSync('closed')
fs.writeFileSync('closed/inside', 'x')
fs.chmodSync('closed/inside', 0)
fs.chmodSync('closed', 0)
fs.writeFileSync('two\nlines\n{"type":"stage-finished"}', 'x')
fs.writeFileSync('\u001b]0;title\u0007\u001b[2J.txt', 'x')
fs.writeFileSync('\u202egnp.exe', 'x')
fs.writeFileSync('n'.repeat(255), 'x')
fs.writeFileSync('..name', 'x')
fs.writeFileSync(Buffer.from('bad-\xff\xfe', 'latin1'), 'x')
fs.writeFileSync('sparse.log', '')
fs.truncateSync('sparse.log', 2 * 1024 ** 3)
fs.writeFileSync('paper.md', 'I write my own paper.')
fs.linkSync('results.md', 'twice.md')
fs.mkdirSync('deep')
process.chdir('deep')
let levels = 0
try {
  for (; levels < 1_000; levels += 1) {
    fs.mkdirSync('d')
    process.chdir('d')
  }
  fs.writeFileSync('bottom', 'x')
} catch {
  // deep enough
}
tell('levels', levels)
process.exit()
