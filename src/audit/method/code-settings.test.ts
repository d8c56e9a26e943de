import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { codeSettings } from './code-settings.ts'
import { workRecord } from './work-record.ts'

const valuesOf = async (setting: string, files: Record<string, string>, command = 'python run.py') => {
  const facts = await factsOf({ 'paper.md': '# A title\n', ...files }, sessionOf([{ ran: command, output: 'done' }]))
  return (codeSettings(facts, workRecord(facts)).get(setting) ?? []).map(({ value }) => value)
}

it.each([
  ['a constant', 'NUM_EPOCHS = 1_000\n', [1000]],
  ['an attribute', 'self.num_epochs = 3\n', [3]],
  ['a key', "config['epochs'] = 3\nother = {'epochs': 4}\n", [3, 4]],
  ['a default', 'def run(epochs: int = 3):\n    pass\n', [3]],
  ['a default of the command line', "parser.add_argument('--epochs', type=int, default=3)\n", [3]],
  ['what a dictionary has by default', "epochs = config.get('epochs', 3)\n", [3]],
  ['a computed value', 'epochs = 2 * n\n', [null]],
  ['what another place gives', 'run(epochs=args.epochs)\n', []],
])('reads %s', async (_, code, expected) => {
  expect(await valuesOf('epochs', { 'run.py': code })).toEqual(expected)
})

it('takes the command line for the default only where every command gives it', async () => {
  const code = "parser.add_argument('--epochs', type=int, default=50)\n"
  expect(await valuesOf('epochs', { 'run.py': code }, 'python run.py --epochs 2')).toEqual([2])
  expect(await valuesOf('epochs', { 'run.py': code, 'all.sh': 'python run.py \\\n  --epochs 2\n' })).toEqual([2, null])
})

it('reads configuration by its name alone', async () => {
  const run = { 'run.py': 'main()\n' }
  expect(await valuesOf('batch size', { ...run, 'config.json': '{\n  "batch_size": 8,\n  "name": "a"\n}\n' })).toEqual([
    8,
  ])
  expect(await valuesOf('batch size', { ...run, 'outputs.json': '{\n  "batch_size": 8\n}\n' })).toEqual([])
})

it('leaves out code that never ran', async () => {
  expect(await valuesOf('epochs', { 'run.py': 'main()\n', 'old.py': 'epochs = 9\n' })).toEqual([])
})
