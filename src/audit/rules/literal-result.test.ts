import { describe, expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { literalResult } from './literal-result.ts'
import { sessionOf, type MadeUpAct } from '../../../test/support/session-of.ts'

const paper = `# A title

## Results

| Method | Accuracy | F1 |
|---|---|---|
| Ours | 0.873 | 0.861 |
| Base | 0.792 | 0.778 |

Our method reaches an accuracy of 87.3%.
`
const run: MadeUpAct = { ran: 'python main.py', output: 'done' }

async function find(code: string, acts: readonly MadeUpAct[] | null = [run]) {
  const files = { 'paper.md': paper, 'main.py': code }
  return literalResult.find(await factsOf(files, acts === null ? {} : sessionOf(acts)))
}

describe('finds constants that the paper states', () => {
  it.each([
    [
      'in a dictionary',
      'results = {"ours": {"accuracy": 0.873, "f1": 0.861}, "base": {"accuracy": 0.792, "f1": 0.778}}\n',
    ],
    ['in lists of a table', 'frame = pd.DataFrame({"accuracy": [0.873, 0.792], "f1": [0.861, 0.778]})\n'],
    ['as percentages', 'accuracy = [87.3, 79.2]\nf1 = [86.1, 77.8]\n'],
    ['in a plot', 'plt.bar(["ours", "base"], [0.873, 0.792])\nplt.bar(["ours", "base"], [0.861, 0.778])\n'],
    ['in rows of a table', 'open("r.md", "w").write("""\n| Ours | 0.873 | 0.861 |\n| Base | 0.792 | 0.778 |\n""")\n'],
    ['in printed lines', 'print("accuracy: 0.873, f1: 0.861")\nprint("accuracy: 0.792, f1: 0.778")\n'],
    ['with more digits than the paper', 'scores = [0.8734, 0.7918, 0.8607, 0.7781]\n'],
  ])('%s', async (_, code) => {
    const [finding] = await find(code)
    expect(finding).toMatchObject({ severity: 'critical', executed: true, points: 2.4 })
    expect(finding?.claims?.length).toBeGreaterThanOrEqual(4)
  })
})

it('calls two of them major, with the claims they are about', async () => {
  const facts = await factsOf({ 'paper.md': paper, 'main.py': 'accuracy = [0.873, 0.792]\n' }, sessionOf([run]))
  const [finding] = literalResult.find(facts)
  expect(finding).toMatchObject({ severity: 'major', points: 1.2, evidence: [{ path: 'main.py', line: 1 }] })
  const about = facts.claims.filter(({ id }) => finding?.claims?.includes(id)).map(({ number }) => number.text)
  expect(new Set(about)).toEqual(new Set(['0.873', '0.792', '87.3']))
})

describe('finds a constant in the place of a measure', () => {
  it.each([
    ['used further on', 'accuracy = 0.847\nprint(accuracy)\n'],
    ['of two digits', 'def main():\n    accuracy = 0.87\n    return {"out": accuracy}\n\nmain()\n'],
    ['under a key', 'results = {}\nresults["accuracy"] = 0.847\n'],
    ['in a dictionary', 'def evaluate():\n    return {"accuracy": 0.847, "n": 3}\n\nevaluate()\n'],
    ['given back', 'def compute_f1(a, b):\n    return 0.847\n\nprint(compute_f1(1, 2))\n'],
    ['among several', 'loss, accuracy = train(), 0.847\nprint(loss, accuracy)\n'],
    ['as an argument', 'save(Result(accuracy=0.847))\n'],
    ['rounded', 'accuracy = round(0.84712, 4)\nprint(accuracy)\n'],
  ])('%s', async (_, code) => {
    expect(await find(code)).toMatchObject([{ severity: 'major', executed: true, points: 0.6 }])
  })
})

describe('finds a constant, round or not, where a result was computed', () => {
  it.each([
    ['beside a measured one', 'acc = 0.8\nf1 = f1_score(labels, predictions)\nprint(acc, f1)\n'],
    ['in a dictionary of measured ones', 'out = {"accuracy": 0.8, "f1": f1_score(a, b)}\nsave(out)\n'],
    [
      'of what is left unread',
      'def report(rows):\n    out = {}\n    satisfaction_scores = [row.x for row in rows]\n    out["satisfaction"] = 0.7\n    return out\n\nreport(1)\n',
    ],
    [
      'of counts that are left unread',
      'def main(rows):\n    correct = 0\n    for row in rows:\n        correct += model(row)\n    accuracy = 0.7\n    return accuracy\n\nmain(1)\n',
    ],
    ['given back by a measurement of nothing', 'def evaluate(model, data):\n    return 9.5\n\nprint(evaluate(1, 2))\n'],
    [
      'while its own function lies idle',
      'def compute_alignment_error(a, b):\n    return a - b\n\nalignment_error = 0.3\nprint(alignment_error)\n',
    ],
    [
      'in a loop that works it out',
      'def main(rows):\n    for row in rows:\n        correction = model(row)\n        correction_score = 0.4\n        log.append({"score": correction_score, "label": correction})\n\nmain(1)\n',
    ],
    [
      'in a record of a list whose next one works it out',
      'def main(rows):\n    out = []\n    out.append({"at": 0, "solved_rate": 0.333})\n    for row in rows:\n        rate = len(row) / 9\n        out.append({"at": row, "solved_rate": rate})\n    return out\n\nmain([])\n',
    ],
    [
      'in the place of one that was found to be there',
      'def main(row):\n    if "f1" in row:\n        row["f1"] = 0.8\n    return row\n\nmain({})\n',
    ],
    ['through a variable', 'fixed = 0.8\nacc = fixed\nf1 = f1_score(a, b)\nprint(acc, f1)\n'],
    ['through a function', 'def shown():\n    return 0.8\n\nacc = shown()\nf1 = f1_score(a, b)\nprint(acc, f1)\n'],
    [
      'of a baseline that was run',
      'baseline_label = model(row)\nbaseline_acc = 0.3\nown_acc = accuracy_score(a, b)\nprint(baseline_acc, baseline_label, own_acc)\n',
    ],
  ])('%s', async (_, code) => {
    expect(await find(code)).toMatchObject([{ severity: 'major', executed: true, points: 0.6 }])
    const unknown = await find(`${code}\nif __name__ == "__main__":\n    go()\n`, null)
    expect(unknown).toMatchObject([{ severity: 'major', message: expect.stringContaining('nothing shows') }])
  })
})

describe('leaves a round constant', () => {
  it.each([
    [
      'that counting starts with',
      'score = 0.3\nf1 = f1_score(a, b)\nfor row in rows:\n    score += row\nprint(score, f1)\n',
    ],
    ['that is written over', 'acc = 0.3\nacc = accuracy_score(a, b)\nf1 = f1_score(a, b)\nprint(acc, f1)\n'],
    ['that is only compared', 'acc = 0.9\nf1 = f1_score(a, b)\nif f1 > acc:\n    stop()\nprint(f1)\n'],
    ['that is handed to other code', 'error_rate = 0.1\nf1 = f1_score(simulate(error_rate))\nprint(f1)\n'],
    [
      'of a rule of thumb',
      'def rate(text):\n    score = 0.2\n    if "yes" in text:\n        score = 0.9\n    return score\n\nrate("")\n',
    ],
    [
      'that guards',
      'def compute_f1(a, b):\n    if not a:\n        return 0.5\n    return f1_score(a, b)\n\ncompute_f1(1, 2)\n',
    ],
    ['of a published baseline', 'baseline_acc = 0.8\nown_acc = accuracy_score(a, b)\nprint(baseline_acc, own_acc)\n'],
    [
      'of a weight under the name of its measure',
      'def main(rows):\n    weights = {"accuracy": 0.2, "speed": 0.8}\n    out = []\n    for row in rows:\n        out.append({"accuracy": len(row) / 9, "speed": time(row)})\n    return choose(out, weights)\n\nmain([])\n',
    ],
    ['of settings', 'config = {"accuracy": 0.9, "f1": choose()}\nuse(config)\n'],
    ['in capitals', 'ACCURACY = 0.8\nf1 = f1_score(a, b)\nprint(ACCURACY, f1)\n'],
  ])('%s', async (_, code) => {
    expect(await find(code)).toEqual([])
  })

  it('in the main block of an imported file', async () => {
    const part =
      'def f1(a):\n    return a\n\nif __name__ == "__main__":\n    acc = 0.8\n    f1 = f1_score(a, b)\n    print(acc, f1)\n'
    const files = { 'paper.md': paper, 'main.py': 'import part\n', 'part.py': part }
    expect(literalResult.find(await factsOf(files, sessionOf([run])))).toEqual([])
  })
})

it('calls bare constants minor without a record: they may be copies of what was measured', async () => {
  expect(await find('accuracy = 0.847\nprint(accuracy)\n', null)).toMatchObject([{ severity: 'minor' }])
})

describe('finds none', () => {
  it.each([
    [
      'in starting values',
      'best_acc = 0.0\naccuracy = 0\nloss = float("inf")\nscore = -1.0\nprint(accuracy, loss, score)\n',
    ],
    ['in round values', 'accuracy = 0.5\nf1 = 1.0\nauc = 0.75\nprint(accuracy, f1, auc)\n'],
    [
      'in settings',
      'config = {"accuracy_target": 0.873, "f1_threshold": 0.861, "dropout": 0.792}\nlearning_rate = 0.873\n',
    ],
    ['in defaults', 'def stop(accuracy=0.873, f1=0.861):\n    return accuracy\n\nstop()\n'],
    ['in constants in capitals', 'BASELINE_ACCURACY = 0.847\nprint(BASELINE_ACCURACY)\n'],
    ['that are cited', '# Smith et al. (2021)\naccuracy = 0.847\nprint(accuracy)\n'],
    ['in published values', 'published = {"accuracy": [0.873, 0.792], "f1": [0.861, 0.778]}\n'],
    ['in comparisons', 'if accuracy > 0.873 and f1 > 0.861 and accuracy != 0.792:\n    stop()\n'],
    [
      'in records of data',
      'documents = [{"text": "a", "score": 0.873}, {"text": "b", "score": 0.127}]\nuse(documents)\n',
    ],
    ['in rules of thumb', 'if n > 3:\n    score = 0.72\nelse:\n    score = 0.41\nprint(score)\n'],
    ['in a documentation text', '"""\n| Ours | 0.873 | 0.861 |\n| Base | 0.792 | 0.778 |\n"""\n'],
    ['in arithmetic', 'accuracy = 0.873 * raw + 0.792\nprint(accuracy)\n'],
    ['in tests', 'def test_accuracy():\n    accuracy = 0.847\n    assert accuracy == f()\n\nf()\n'],
    ['in functions that nothing calls', 'def never():\n    accuracy = 0.847\n    return accuracy\n'],
    [
      'of a simulated user',
      'class SimulatedUser:\n    def __init__(self):\n        self.accuracy = 0.847\n\nSimulatedUser().accuracy\n',
    ],
  ])('%s', async (_, code) => {
    expect(await find(code)).toEqual([])
  })
})

it('finds none in a plot of values that a process had printed before', async () => {
  const code =
    'import matplotlib.pyplot as plt\nplt.bar(["ours", "base"], [0.873, 0.792])\nplt.bar(["o", "b"], [0.861, 0.778])\n'
  const honest: MadeUpAct[] = [
    { ran: 'python train.py', output: 'ours accuracy 0.873 f1 0.861\nbase accuracy 0.792 f1 0.778\n' },
    { typed: 'main.py', text: code },
    run,
  ]
  expect(await find(code, honest)).toEqual([])
  const typedFirst: MadeUpAct[] = [{ typed: 'main.py', text: code }, run]
  expect(await find(code, typedFirst)).toMatchObject([{ severity: 'critical' }])
})

it('finds none among many constants of which a few meet the paper by accident', async () => {
  const values = Array.from({ length: 40 }, (_, index) => `0.${611 + index * 3}`)
  expect(await find(`scores = [${values.join(', ')}, 0.873, 0.792]\n`)).toEqual([])
})

it('is milder, and accuses no claim, where nothing says what ran', async () => {
  const [finding] = await find('accuracy = [0.873, 0.792]\n', null)
  expect(finding).toMatchObject({ severity: 'minor', claims: [] })
})
