/** `report.mjs` of the workspace: from the measured values to log, metrics.json, figures and results.md. */
export const reportScript = String.raw`// Keeps what was measured and writes it down: log.txt, metrics.json, one figure for each metric, results.md.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { colourNames, drawBars } from './chart.mjs'

/** Results are kept to three decimals, so that every mean below can be recomputed from the values in the log. */
export const round = (value) => Math.round(value * 1000) / 1000

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const std = (values) => Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1))
const signed = (value) => (value < 0 ? '-' : '+') + Math.abs(value).toFixed(3)

export function openReport(study) {
  mkdirSync('results', { recursive: true })
  writeFileSync('results/log.txt', '')
  const values = new Map()
  const keyOf = (metric, condition, method) => [metric, condition, method].join(' | ')

  function log(line) {
    console.log(line)
    appendFileSync('results/log.txt', line + '\n')
  }

  function record({ seed, condition, method }, measured) {
    const cells = study.metrics.map(({ name }) => {
      const key = keyOf(name, condition, method)
      const value = round(measured[name])
      values.set(key, [...(values.get(key) ?? []), value])
      return name + ' ' + value.toFixed(3)
    })
    log(['seed ' + seed, condition, method, ...cells].join(' | '))
  }

  function finish() {
    const results = study.metrics.flatMap(({ name: metric }) => study.methods.flatMap((method) =>
      study.conditions.map((condition) => {
        const measured = values.get(keyOf(metric, condition, method))
        return { metric, condition, method, values: measured, mean: round(mean(measured)), std: round(std(measured)) }
      })))
    const find = (metric, condition, method) =>
      results.find((r) => r.metric === metric && r.condition === condition && r.method === method)
    const comparisons = study.metrics.flatMap((metric) => study.conditions.map((condition) =>
      compare(metric, condition, [study.method, study.baseline].map((m) => find(metric.name, condition, m).values))))

    for (const r of results)
      log('summary | ' + r.metric + ' | ' + r.condition + ' | ' + r.method + ' | mean ' + r.mean.toFixed(3) + ' std ' + r.std.toFixed(3))
    for (const c of comparisons)
      log('difference | ' + c.metric + ' | ' + c.condition + ' | mean ' + signed(c.mean) + ' std ' + c.std.toFixed(3) +
        ' | better in ' + c.seedsBetter + ' of ' + study.seeds.length + ' seeds | ' + c.verdict)
    for (const { name: metric } of study.metrics)
      drawBars('results/' + figureName(metric), {
        metric,
        conditions: study.conditions,
        methods: study.methods,
        bars: study.conditions.map((condition) => study.methods.map((method) => find(metric, condition, method))),
      })
    writeFileSync('results/metrics.json', metricsJson({ results, comparisons }))
    writeFileSync('results/results.md', resultsPage({ find, comparisons }))
    log('wrote results/results.md, results/metrics.json and ' + study.metrics.length + ' figures')
  }

  /** Differences of method and baseline, seed by seed. Within two standard errors of 0 nothing is claimed. */
  function compare(metric, condition, [ours, theirs]) {
    const differences = ours.map((value, i) => value - theirs[i])
    const gain = metric.better === 'higher' ? mean(differences) : -mean(differences)
    const error = std(differences) / Math.sqrt(differences.length)
    const verdict = Math.abs(gain) <= 2 * error ? 'no clear difference' : gain > 0 ? 'better' : 'worse'
    const seedsBetter = differences.filter((d) => (metric.better === 'higher' ? d > 0 : d < 0)).length
    return { metric: metric.name, condition, mean: round(mean(differences)), std: round(std(differences)), seedsBetter, verdict }
  }

  function metricsJson({ results, comparisons }) {
    const list = (rows) => '[\n    ' + rows.map((row) => JSON.stringify(row)).join(',\n    ') + '\n  ]'
    return '{\n  "study": ' + JSON.stringify(study.title) + ',\n  "seeds": ' + JSON.stringify(study.seeds) +
      ',\n  "metrics": ' + JSON.stringify(study.metrics) + ',\n  "results": ' + list(results) +
      ',\n  "comparisons": ' + list(comparisons) + '\n}\n'
  }

  function resultsPage({ find, comparisons }) {
    const row = (cells) => '| ' + cells.join(' | ') + ' |'
    const lines = ['# Results: ' + study.title, '', ...study.notes, '## Setup', '', ...study.setup.map((item) => '- ' + item), '']
    for (const { name, better } of study.metrics) {
      lines.push('## ' + capital(name) + ' (' + better + ' is better)', '',
        'Mean ± standard deviation over ' + study.seeds.length + ' seeds.', '',
        row(['method', ...study.conditions]), row(['---', ...study.conditions.map(() => '---')]))
      for (const method of study.methods)
        lines.push(row([method, ...study.conditions.map((condition) => {
          const { mean: centre, std: spread } = find(name, condition, method)
          return centre.toFixed(3) + ' ± ' + spread.toFixed(3)
        })]))
      const legend = study.methods.map((method, m) => colourNames[m] + ' ' + method).join(', ')
      lines.push('', '![' + capital(name) + ' in each condition: ' + legend + '; whiskers are one standard deviation.](' +
        figureName(name) + ')', '', 'The figure shows the table above as bars.', '')
    }
    lines.push('## Paired comparison', '', capital(study.method) + ' minus ' + study.baseline + ', seed by seed. A difference counts as better or worse only when it',
      'lies more than two standard errors from 0.', '',
      row(['metric', 'condition', 'mean difference', 'std', 'seeds better']), row(['---', '---', '---', '---', '---']),
      ...comparisons.map((c) => row([c.metric, c.condition, signed(c.mean), c.std.toFixed(3), c.seedsBetter + ' of ' + study.seeds.length])), '')
    return [...lines, '## Discussion', '', ...discussion(find, comparisons), '', '## Limitations', '',
      ...study.limitations.map((item) => '- ' + item), ''].join('\n')
  }

  function discussion(find, comparisons) {
    const paragraphs = study.metrics.map(({ name, better }) => {
      const own = comparisons.filter((c) => c.metric === name)
      const count = (verdict) => own.filter((c) => c.verdict === verdict).length
      const best = study.conditions.map((condition) => {
        const direction = better === 'higher' ? -1 : 1
        const [first] = study.methods.map((m) => find(name, condition, m)).sort((a, b) => direction * (a.mean - b.mean))
        return condition + ': ' + first.method + ' (' + first.mean.toFixed(3) + ')'
      })
      return [
        'In ' + name + ', ' + study.method + ' is better than ' + study.baseline + ' in ' + count('better') + ' of ' + own.length +
          ' conditions, worse in ' + count('worse') + ', and not clearly different in ' + count('no clear difference') + '.',
        '',
        ...own.map((c) => '- ' + c.condition + ': difference ' + signed(c.mean) + ' ± ' + c.std.toFixed(3) + ', ' + c.verdict + '.'),
        '- Best mean ' + name + ' in each condition: ' + best.join('; ') + '.',
        '',
      ]
    })
    const verdicts = new Set(comparisons.filter((c) => c.metric === study.metrics[0].name).map((c) => c.verdict))
    const outcome = verdicts.has('better') === verdicts.has('worse') ? 'mixed' : verdicts.has('better') ? 'better' : 'worse'
    return [...paragraphs.flat(), study.explanations[outcome]]
  }

  return { log, record, finish }
}

const capital = (text) => text[0].toUpperCase() + text.slice(1)
const figureName = (metric) => metric.toLowerCase().replaceAll(' ', '_') + '.png'
`
