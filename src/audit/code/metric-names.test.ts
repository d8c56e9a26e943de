import { expect, it } from 'vitest'
import { isChanceScope, metricTier, nameWords } from './metric-names.ts'

it('splits names at underscores, capitals and signs', () => {
  expect(nameWords('valF1Score')).toEqual(['val', 'f1', 'score'])
  expect(nameWords('results["pass@1"]')).toEqual(['results', 'pass', '1'])
  expect(nameWords('computeROCCurve')).toEqual(['compute', 'roc', 'curve'])
})

it.each(['accuracy', 'test_acc', 'valF1', 'macro F1', 'pass@1', 'exact_match', 'roc_auc', 'MAE', 'perplexity'])(
  'takes %s for a measure',
  (name) => expect(metricTier(name)).toBe('strong'),
)

it.each([
  'score',
  'avg_reward',
  'train_loss',
  'success_rate',
  'inference_time',
  'latency',
  'speedup',
  'solved_rate',
  'different_percentage',
])('takes %s for a likely measure', (name) => expect(metricTier(name)).toBe('weak'))

it.each([
  'accuracy_threshold',
  'learning_rate',
  'loss_weight',
  'target_accuracy',
  'score_fn',
  'dropout_rate',
  'metric_name',
  'min_score',
  'batch',
  'train_percentage',
  'percentage',
  'rate',
  'time',
])('takes %s for none', (name) => expect(metricTier(name)).toBeNull())

it('knows where chance belongs', () => {
  expect(isChanceScope(['BanditEnvironment', 'step'])).toBe(true)
  expect(isChanceScope(['SimulatedUser', 'rate'])).toBe(true)
  expect(isChanceScope(['GraphGenerator', 'generate'])).toBe(true)
  expect(isChanceScope(['PoemGenerator', 'train'])).toBe(false)
  expect(isChanceScope(['PoemGenerator', 'fine_tune'])).toBe(false)
  expect(isChanceScope(['GraphGenerator', 'training_graphs'])).toBe(true)
  expect(isChanceScope(['generate_training_data'])).toBe(false)
  expect(isChanceScope(['make_samples'])).toBe(true)
  expect(isChanceScope(['HumanFeedbackSimulator', 'rate'])).toBe(true)
  expect(isChanceScope(['bootstrap_interval'])).toBe(true)
})

it('is not fooled by where something comes from, or by what bears the name of results', () => {
  expect(isChanceScope(['update_from_environment'])).toBe(false)
  expect(isChanceScope(['generate_random_results'])).toBe(false)
  expect(isChanceScope(['evaluate_model'])).toBe(false)
  expect(isChanceScope(['generate_answer'])).toBe(false)
})
