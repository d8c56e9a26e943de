import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { architectureMismatch } from './architecture-mismatch.ts'

const find = async (method: string, code: string, more: { files?: Record<string, string>; command?: string } = {}) =>
  architectureMismatch.find(
    await factsOf(
      {
        'paper.md': `# A title\n\n## Method\n${method}\n\n## Results\nAccuracy is 71.3 %.\n`,
        'run.py': code,
        ...more.files,
      },
      sessionOf([{ ran: more.command ?? 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )

const twoLinear = 'net = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 2))\n'

it.each([
  ['layers of a perceptron', 'The scorer is a five-layer MLP.', twoLinear, 'builds or loads 2'],
  ['hidden layers', 'The scorer has six hidden layers.', twoLinear, 'builds or loads 2'],
  ['layers of a recurrent network', 'We use a 3-layer bidirectional LSTM.', 'rnn = nn.LSTM(16, 32, 1)\n', 'loads 1'],
  ['layers in brackets', 'A GRU (4 layers) reads the trace.', 'rnn = nn.GRU(16, 32, num_layers=2)\n', 'loads 2'],
  [
    'layers made by a loop',
    'The encoder is a 12-layer transformer.',
    'blocks = nn.ModuleList([Block(64) for _ in range(2)])\n',
    'loads 2',
  ],
  [
    'layers of an encoder',
    'The model has eight transformer layers.',
    'layer = nn.TransformerEncoderLayer(64, 4)\nnet = nn.TransformerEncoder(layer, 3)\n',
    'loads 3',
  ],
  [
    'graph convolutions',
    'We train a four-layer GCN.',
    'class Net(nn.Module):\n    def __init__(self):\n        self.a = GCNConv(8, 16)\n        self.b = GCNConv(16, 2)\n',
    'loads 2',
  ],
  ['heads', 'The layer has 8 attention heads.', 'att = nn.MultiheadAttention(64, 2)\n', 'loads 2'],
  ['a hidden size', 'The hidden size is 256.', 'rnn = nn.LSTM(16, 32)\n', 'loads 32'],
  ['a hidden size with a letter', 'The hidden dimension $d_h = 256$ is shared.', 'hidden_dim = 48\n', 'loads 48'],
  ['an embedding size', 'Tokens have an embedding dimension of 300.', 'e = nn.Embedding(1000, 50)\n', 'loads 50'],
  ['dropout', 'A dropout of 0.3 follows.', 'd = nn.Dropout(0.1)\n', 'loads 0.1'],
  ['dropout of Keras', 'A dropout rate of 0.3 follows.', 'd = layers.Dropout(rate=0.5)\n', 'loads 0.5'],
  [
    'a perceptron of scikit-learn',
    'The baseline has `hidden_layer_sizes=(10,)`.',
    'm = MLPClassifier(hidden_layer_sizes=(80,))\n',
    'loads 80',
  ],
  [
    'a value that is handed on by place',
    'The hidden size is 256.',
    'class Net(nn.Module):\n    def __init__(self, data, width):\n        self.rnn = nn.LSTM(data, width)\nnet = Net(10, 24)\n',
    'loads 24',
  ],
  [
    'a model of known size',
    'We train a 24-layer transformer.',
    "model = AutoModel.from_pretrained('distilgpt2')\n",
    'loads 6',
  ],
])('finds other %s', async (...[, method, code, given]) => {
  const found = await find(method, code)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(given)
  expect(found[0]?.evidence.some(({ path, role }) => path === 'run.py' && role === 'contradicts')).toBe(true)
})

it('reads tables of settings, configuration and command lines, and printed papers', async () => {
  const table = '| Setting | Value |\n|---|---|\n| Number of layers | 6 |\n| Optimizer | AdamW |\n'
  expect(await find(table, 'main()\n', { files: { 'config.yaml': 'num_layers: 2\n' } })).toHaveLength(1)
  const code = "parser.add_argument('--num_heads', type=int, default=8)\nnet = nn.Linear(2, 2)\n"
  expect(await find('There are 8 attention heads.', code)).toEqual([])
  expect(await find('There are 8 attention heads.', code, { command: 'python run.py --num_heads 2' })).toHaveLength(1)
  const facts = await factsOf(
    {
      'paper.pdf.txt':
        'A TITLE\n\n2   METHOD\n\n      The recurrent encoder is a uni-directional LSTM (2 layers,\n      hidden=128) that reads characters.\n\n3   RESULTS\n\n      Accuracy is 71.3 %.\n',
      'run.py': 'rnn = nn.LSTM(16, 32, num_layers=2)\n',
    },
    sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
  )
  expect(architectureMismatch.find(facts).map(({ message }) => message)).toEqual([
    expect.stringContaining('hidden size (128), and the code that ran builds or loads 32'),
  ])
})

it('finds networks where the code has none, once for a document', async () => {
  const found = await find(
    'The model has 12 transformer layers and 8 attention heads. The hidden size is 768.',
    'import random\nprint(random.random())\n',
  )
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain('layers, heads, hidden size of a network (line 4), and no code that ran')
  expect(await find('A dropout of 0.3 follows.', twoLinear)).toHaveLength(1)
})

it('is mild where the code knows two other values, and without a record of commands', async () => {
  expect(await find('The hidden size is 256.', 'a = nn.LSTM(16, 32)\nb = nn.LSTM(16, 48)\n')).toMatchObject([
    { severity: 'minor' },
  ])
  const facts = await factsOf({
    'paper.md': '# A title\n\n## Method\nThe hidden size is 256.\n',
    'run.py': 'a = nn.LSTM(16, 32)\n',
  })
  expect(architectureMismatch.find(facts)).toMatchObject([{ severity: 'minor' }])
})

it.each([
  ['equal layers', 'The scorer is a two-layer MLP.', twoLinear],
  ['hidden layers counted without the output', 'The scorer has one hidden layer.', twoLinear],
  ['layers counted with the input', 'The scorer is a three-layer MLP.', twoLinear],
  ['computed loops', 'The encoder is a 12-layer transformer.', 'b = nn.ModuleList([Block(8) for d in widths])\n'],
  ['computed values', 'The hidden size is 256.', 'rnn = nn.LSTM(16, width_of(data))\n'],
  ['unpacked settings', 'The hidden size is 256.', 'rnn = nn.LSTM(**settings)\n'],
  ['arithmetic', 'The hidden size is 256.', 'base = 64\nrnn = nn.LSTM(16, 4 * base)\n'],
  ['a width that stands elsewhere', 'The hidden size is 256.', 'hidden_dim = 64\na = nn.Linear(64, 256)\n'],
  ['one of several layers', 'We fine-tune the last 2 transformer layers.', 'net = nn.TransformerEncoder(layer, 6)\n'],
  ['a layer by its number', 'Attention of layer 8 is read.', 'net = nn.TransformerEncoder(layer, 6)\n'],
  ['layers of a system', 'The design is a four-layer framework.', twoLinear],
  ['a sweep', 'The hidden size is varied from 32 to 256.', 'rnn = nn.LSTM(16, 64)\n'],
  ['several values', 'The hidden size is 64 for A. The hidden size is 32 for B.', 'rnn = nn.LSTM(16, 48)\n'],
  ['models of others', 'BERT-base has 12 transformer layers.', twoLinear],
  ['trained backbones', 'A frozen 12-layer transformer gives features.', twoLinear],
  ['plans', 'Future versions could have 12 transformer layers.', twoLinear],
  [
    'models of unknown size',
    'We use a 12-layer transformer.',
    "m = AutoModel.from_pretrained('a/b')\nc = nn.Linear(9, 2)\n",
  ],
  ['comments', 'The hidden size is 64.', '# hidden_dim = 32\nrnn = nn.LSTM(16, 64)\n'],
])('says nothing of %s', async (_, method, code) => {
  expect(await find(method, code)).toEqual([])
})

it('is silent where code in notebooks or other languages was not read', async () => {
  expect(await find('The hidden size is 256.', 'rnn = nn.LSTM(16, 32)\n', { files: { 'net.ipynb': '{}' } })).toEqual([])
})

it('reads a hostile document in bounded time', async () => {
  const method = `${'12-layer '.repeat(3_000)} ${'hidden dimension $d_{'.repeat(3_000)} ${'LSTM (2 '.repeat(3_000)}`
  expect(await find(method, `x = ${'('.repeat(300)}1${')'.repeat(300)}\n`)).toEqual([])
})
