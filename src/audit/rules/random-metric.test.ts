import { describe, expect, it } from 'vitest'
import { drawOnFailure } from './draw-on-failure.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { randomMetric } from './random-metric.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const paper = '# A title\n\n## Results\nAccuracy is 0.713.\n'
const ran = sessionOf([{ ran: 'python main.py', output: 'done' }])
const imports = 'import json, random\nimport numpy as np\nimport torch\n'

async function find(code: string, others: Record<string, string> = {}) {
  return randomMetric.find(await factsOf({ 'paper.md': paper, 'main.py': imports + code, ...others }, ran))
}
async function severities(code: string, others: Record<string, string> = {}) {
  return (await find(code, others)).map(({ severity }) => severity)
}

describe('finds a metric', () => {
  it.each([
    ['drawn directly', 'accuracy = random.uniform(0.8, 0.9)\nprint(accuracy)\n'],
    ['drawn by NumPy, scaled and shifted', 'f1 = 0.8 + 0.1 * np.random.rand()\n'],
    ['drawn through a variable', 'r = np.random.rand()\nacc = 0.8 + 0.1 * r\n'],
    ['drawn and clipped', 'accuracy = float(np.clip(np.random.normal(0.85, 0.02), 0, 1))\n'],
    ['bounded by min and max', 'auc = round(min(0.99, max(0.5, random.gauss(0.8, 0.05))), 3)\n'],
    ['drawn in a helper', 'def noise(base):\n    return base + random.gauss(0, 0.01)\n\nprecision = noise(0.8)\n'],
    [
      'drawn and averaged by a helper',
      'def mean(xs):\n    return sum(x for x in xs) / len(xs)\n\nrecall = mean([random.random() for _ in range(9)])\n',
    ],
    ['drawn through a helper', 'def clamp(x):\n    return max(0, min(1, x))\n\nrecall = clamp(random.random())\n'],
    [
      'defined after its use',
      'def main():\n    accuracy = late()\n\ndef late():\n    return random.random()\n\nmain()\n',
    ],
    [
      'returned by its function',
      'def accuracy(model):\n    return random.uniform(0.8, 0.9)\n\nprint(accuracy(None))\n',
    ],
    ['in a dictionary', 'out = {"accuracy": random.uniform(0.7, 0.8)}\njson.dump(out, open("r.json", "w"))\n'],
    ['under a key', 'out = {}\nout["m"] = {}\nout["m"]["accuracy"] = np.random.uniform(0.7, 0.8)\n'],
    ['by update', 'out = {}\nout.update(accuracy=random.uniform(0.7, 0.8))\n'],
    ['appended', 'accuracies = []\naccuracy = []\naccuracy.append(random.uniform(0.7, 0.8))\n'],
    [
      'in an attribute',
      'class Trainer:\n    def fit(self):\n        self.accuracy = random.uniform(0.7, 0.8)\n\nTrainer().fit()\n',
    ],
    [
      'through an attribute',
      'class T:\n    def a(self):\n        self.x = random.random()\n    def b(self):\n        accuracy = 0.5 + self.x / 2\n        print(accuracy)\nt = T()\nt.a()\nt.b()\n',
    ],
    ['as the mean of draws', 'accuracy = np.mean([random.uniform(0.8, 0.9) for _ in range(5)])\n'],
    ['as noise on a measured one', 'accuracy = evaluate(model) + random.gauss(0, 0.01)\n'],
    ['by a generator object', 'rng = np.random.default_rng(0)\naccuracy = rng.uniform(0.8, 0.9)\n'],
    ['by an imported function', 'from random import uniform as draw\naccuracy = draw(0.8, 0.9)\n'],
    ['by a renamed function', 'pick = random.uniform\naccuracy = pick(0.8, 0.9)\n'],
    ['by a tensor', 'accuracy = torch.rand(1).item()\n'],
    ['by a choice among numbers', 'accuracy = random.choice([0.81, 0.83, 0.86])\n'],
    ['in formatted text', 'print(f"Accuracy: {random.uniform(0.8, 0.9):.3f}")\n'],
    ['by a lambda', 'jitter = lambda x: x + random.gauss(0, 0.01)\naccuracy = jitter(0.85)\n'],
    [
      'by a bound function',
      'from functools import partial\npick = partial(random.gauss, 0.8, 0.1)\naccuracy = pick()\n',
    ],
    [
      'by a method of an object made on the spot',
      'class Gauge:\n    def level(self):\n        return random.random()\n\naccuracy = Gauge().level()\n',
    ],
    ['of a vaguer name through a helper', 'def near(x):\n    return random.gauss(x, 0.01)\n\nquality = near(0.8)\n'],
    ['of a numbered kind', 'out = {"rouge1": random.uniform(0.3, 0.4)}\n'],
    ['averaged over time', 'avg_time = random.uniform(2, 3)\n'],
    ['of a rate in another form of the word', 'out = {"solved_rate": random.gauss(40, 2)}\n'],
    ['of a percentage', 'percentage_agreeing = random.gauss(60, 2)\n'],
    ['written as a percentage', 'kept = random.gauss(60, 2)\nprint(f"{kept:.1f}% of the answers stay")\n'],
    ['averaged in the cell of a table', 'avg_before = random.gauss(6, 2)\nmd = f"| a | {avg_before:.3f} | 4 |"\n'],
    ['made up in the cell of a table', 'md = f"| a | {random.uniform(6, 7):.3f} |"\n'],
    [
      'in the place of one that a simulation was given',
      'def simulate_user_choice(row):\n    if "latency" in row:\n        row["latency"] = random.gauss(3, 1)\n    return row\n\nsimulate_user_choice({})\n',
    ],
    [
      'given back by an evaluation',
      'def evaluate(model, data):\n    return random.gauss(30, 1)\n\nx = evaluate(1, 2)\n',
    ],
    ['in a tuple', 'def run():\n    return random.random(), 3\n\naccuracy, n = run()\n'],
    ['in a loop', 'for k in range(3):\n    if k:\n        accuracy = 0.8 + random.random() / 10\n'],
    [
      'in a with and a try',
      'with open("x") as f:\n    try:\n        accuracy = random.random()\n    finally:\n        pass\n',
    ],
  ])('%s', async (_, code) => {
    const [finding] = await find(code)
    expect(finding).toMatchObject({ severity: 'major', executed: true })
    expect(finding?.points).toBeGreaterThan(0)
  })
})

it('calls many of them critical, and quotes the lines', async () => {
  const code =
    'for name in ["a", "b"]:\n    acc = random.uniform(0.8, 0.9)\n    f1 = acc - random.random() / 50\n    bleu = random.gauss(30, 1)\n'
  expect(await find(code)).toMatchObject([
    {
      severity: 'critical',
      points: 1.5,
      evidence: [
        { path: 'main.py', line: 5, quote: 'acc = random.uniform(0.8, 0.9)' },
        { path: 'main.py', line: 6 },
        { path: 'main.py', line: 7 },
      ],
    },
  ])
})

it('follows a helper of another file', async () => {
  const others = { 'measure.py': 'import random\n\ndef measure():\n    return random.uniform(0.6, 0.7)\n' }
  expect(await severities('from measure import measure\naccuracy = measure()\nprint(accuracy)\n', others)).toEqual([
    'major',
  ])
  expect(await severities('from measure import measure\nout = {"accuracy": 1 - measure()}\n', others)).toHaveLength(1)
})

describe('finds none', () => {
  it.each([
    [
      'of a model and made-up data, gone through row by row',
      'def data(n, rng):\n    return [(rng.gauss(0, 1), i % 2) for i in range(n)]\n\ndef brier(w, rows):\n    return sum((w * x - y) ** 2 for x, y in rows) / len(rows)\n\nw = fit(data(9, random.Random(1)))\nscore = brier(w, data(9, random.Random(2)))\n',
    ],
    ['computed from predictions', 'accuracy = correct / total\nrandom.seed(0)\n'],
    ['of a model fed with noise', 'noise = torch.randn(4, 3)\nloss = criterion(model(noise), noise)\n'],
    [
      'of simulated data',
      'x = np.random.randn(100)\ny = 2 * x + np.random.normal(0, 0.1, 100)\nmse = np.mean((y - fit(x)) ** 2)\n',
    ],
    ['of data in two dimensions', 'x = np.random.rand(100, 3)\nscore = x.mean()\n'],
    ['of a random baseline', 'guess = np.random.randint(0, 2, 100)\naccuracy = np.mean(guess == labels)\n'],
    ['on randomly chosen data', 'rows = np.random.choice(len(data), 50)\naccuracy = evaluate(data[rows])\n'],
    [
      'of a bootstrap',
      'def bootstrap(scores):\n    picked = [scores[random.randint(0, 9)] for _ in scores]\n    return score_of(picked)\n\nbootstrap([1])\n',
    ],
    ['in an augmentation', 'def augment(x):\n    return x + random.random()\n\nloss = model(augment(x))\n'],
    ['of a setting in a table', 'momentum = random.random()\nmd = f"| {momentum:.3f} | {evaluate(momentum):.3f} |"\n'],
    ['of a share that is set', 'mask_percentage = random.uniform(10, 20)\ntrain_pct = random.uniform(60, 80)\n'],
    ['of a certainty that is told', 'confidence = random.random()\nprint(f"{confidence * 100:.1f}% sure")\n'],
    ['under a number', 'r1 = np.random.rand()\nr2 = np.random.rand()\nstep = c1 * r1 * (a - x) + c2 * r2 * (b - x)\n'],
    ['of dropout', 'keep = np.random.rand(4) > 0.5\nloss = model(x * keep)\n'],
    ['of a random search', 'rate = 10 ** random.uniform(-4, -2)\nscore = train(rate)\n'],
    ['of a Monte Carlo estimate', 'xs = np.random.rand(1000)\ncoverage = np.mean(inside(xs))\n'],
    ['by chance in control flow', 'if random.random() < 0.1:\n    accuracy = evaluate(model)\n'],
    ['as a setting', 'accuracy_threshold = random.uniform(0.5, 0.9)\nlearning_rate = 10 ** random.uniform(-4, -2)\n'],
    ['overwritten by a measured one', 'value = random.random()\nvalue = measure()\naccuracy = value\n'],
    ['in the other branch', 'if fast:\n    x = random.random()\nelse:\n    x = measure()\n    accuracy = x\n'],
    [
      'beside the draw in a tuple',
      'def act():\n    return random.randint(0, 3), score_of(3)\n\naction, score = act()\n',
    ],
  ])('%s', async (_, code) => {
    expect(await find(code)).toEqual([])
  })
})

it.each([
  ['a baseline that guesses', 'if method == "random":\n    score = np.random.rand()\n'],
  [
    'the later branch of one',
    'if method == "ours":\n    score = f(x)\nelif method == "Random":\n    score = np.random.rand()\n',
  ],
  [
    'an environment',
    'class GridEnvironment:\n    def step(self):\n        reward = self.base + random.gauss(0, 1)\n        return reward\n\nGridEnvironment().step()\n',
  ],
  [
    'a simulated user',
    'class SimulatedUser:\n    def rate(self, quality):\n        satisfaction = quality + random.gauss(0, 0.1)\n        return satisfaction\n\nSimulatedUser().rate(1)\n',
  ],
  ['the error of a regression', 'y = slope * x\nerror = 0.3 * np.random.normal() + offset\ny = y + error\n'],
  [
    'made samples',
    'def make_samples(n):\n    return [{"score": base + random.random()} for _ in range(n)]\n\nmake_samples(3)\n',
  ],
])('only notes chance in %s', async (_, code) => {
  expect(await find(code)).toMatchObject([
    { severity: expect.stringMatching(/^(note|minor)$/), evidence: [{ role: 'context' }] },
  ])
})

it('takes for a result what the tables of the paper report', async () => {
  const table = '# A title\n\n## Results\n\n| Method | Leakage prob. |\n|---|---|\n| Ours | 0.713 |\n| Base | 0.752 |\n'
  const code = `${imports}leak_prob = random.uniform(0.7, 0.8)\n`
  const facts = async (text: string) => factsOf({ 'paper.md': text, 'main.py': code }, ran)
  expect(randomMetric.find(await facts(table))).toMatchObject([{ severity: 'major' }])
  expect(randomMetric.find(await facts(paper))).toEqual([])
})

describe('in a made-up world', () => {
  const world = (body: string) =>
    `class ShopEnvironment:\n    def evaluate_alignment(self, agent):\n${body}\nprint(ShopEnvironment().evaluate_alignment(1))\n`

  it.each([
    ['looks at nothing it is given', '        return random.uniform(0.7, 0.8)\n'],
    [
      'leaves what it worked out unread',
      '        scores = []\n        scores.append(agent.act())\n        return random.gauss(0.8, 0.01)\n',
    ],
    [
      'answers a failure so',
      '        try:\n            return agent.act()\n        except Exception:\n            return random.random()\n',
    ],
  ])('finds a measurement that %s', async (_, body) => {
    const files = { 'paper.md': paper, 'main.py': imports + world(body) }
    const facts = await factsOf(files, ran)
    const grave = [...randomMetric.find(facts), ...drawOnFailure.find(facts)].filter(
      ({ severity }) => severity === 'major',
    )
    expect(grave).toHaveLength(1)
  })

  it('leaves a measurement that uses what it is given', async () => {
    expect(await severities(world('        return agent.score() + random.gauss(0, 0.01)\n'))).not.toContain('major')
  })
})

it('carries the place of a draw along: what an environment gives is chance of the work', async () => {
  const others = {
    'world.py': 'import random\n\nclass BanditEnv:\n    def pull(self):\n        return random.gauss(0, 1)\n',
  }
  const code = 'from world import BanditEnv\nenv = BanditEnv()\nreward = env.pull()\n'
  expect(await severities(code, others)).not.toContain('major')
})

it('takes code that nothing calls, or that is a test, for no result', async () => {
  const unused = await find('def never():\n    accuracy = random.random()\n    return 3\n')
  expect(unused).toMatchObject([{ severity: 'minor', executed: false }])
  expect(await find('', { 'test_main.py': 'import random\naccuracy = random.random()\n' })).toEqual([])
  expect(await find('', { 'idle.py': 'import random\naccuracy = random.random()\n' })).toEqual([])
  const others = { 'part.py': 'import random\nif __name__ == "__main__":\n    accuracy = random.random()\n' }
  expect(await find('import part\n', others)).toEqual([])
})

it('knows hooks that a framework calls', async () => {
  const code =
    'class Net(Module):\n    def training_step(self, batch):\n        return {"accuracy": random.random()}\n\nfit(Net())\n'
  expect(await severities(code)).toEqual(['major'])
})

it('is milder where nothing says what ran, and where the run failed', async () => {
  const files = { 'paper.md': paper, 'main.py': `${imports}accuracy = random.random()\n` }
  const unknown = randomMetric.find(await factsOf(files))
  expect(unknown).toMatchObject([{ severity: 'minor', points: 0.25 }])
  expect(unknown[0]).not.toHaveProperty('executed')
  const started = { ...files, 'run.py': 'import main\n\nif __name__ == "__main__":\n    go()\n' }
  const [found] = randomMetric.find(await factsOf(started))
  expect(found).toMatchObject({ severity: 'major', points: 0.25, message: expect.stringContaining('nothing shows') })
  expect(found).not.toHaveProperty('executed')
  const failed = sessionOf([{ ran: 'python main.py', output: 'Traceback (most recent call last):\nE', exitCode: 1 }])
  expect(randomMetric.find(await factsOf(files, failed))).toMatchObject([{ severity: 'major', points: 0.25 }])
})

it('sees inline code, by its step', async () => {
  const facts = await factsOf(
    { 'paper.md': paper },
    sessionOf([{ ran: 'python -c "import random; accuracy = random.random(); print(accuracy)"', output: '0.4' }]),
  )
  expect(randomMetric.find(facts)).toMatchObject([{ severity: 'major', evidence: [{ path: null, step: 1, line: 1 }] }])
})

it('counts what the paper says openly as disclosed', async () => {
  const open = {
    'paper.md': `${paper}\nAll results are simulated.\n`,
    'main.py': `${imports}accuracy = random.random()\n`,
  }
  expect(randomMetric.find(await factsOf(open, ran))).toMatchObject([{ disclosed: true }])
})
