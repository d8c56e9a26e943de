import { earlyStoppingScript } from '../workspace/early-stopping-script.ts'
import type { Study } from './study.ts'

export const earlyStoppingStudy: Study = {
  topic: /early[- ]stopping|stopping (?:rule|criteri|point)|when to stop|stop training/gi,
  title: 'Is a Validation Set Worth Its Labels? Early Stopping by Gradient Evidence on Small Data',
  problem:
    'Early stopping is the cheapest guard against overfitting, but its usual form needs a validation set. When labels are few, those held out are missed in training, and the curve they give is too noisy to follow.',
  gap: 'Rules that stop by statistics of the training gradients need none. They are mostly judged where a validation set costs nothing, so that their one advantage does not show.',
  plan: 'Compare, at equal numbers of labels, training for a fixed length, stopping by patience on a held-out quarter, and stopping on all labels once the mean gradient cannot be told from its sampling noise. Use three sizes and several seeds, and report test log loss and accuracy.',
  question:
    'With few labels in all, does stopping by gradient evidence on all of them beat patience on a held-out quarter?',
  hypotheses: [
    'Gradient evidence has a lower test log loss than validation patience, most of all with the fewest labels.',
    'Both beat training for a fixed length.',
    'The advantage shrinks as labels become many.',
  ],
  challenges: [
    { name: 'Held-out labels are not free', text: 'They are missing in training and, when noisy, mislead [@yuan].' },
    {
      name: 'Single indicators fail',
      text: 'Each rule has its own accidents; agreement of several is one answer [@vilares].',
    },
    {
      name: 'Training statistics may mislead',
      text: 'Sharpness, the best-known one, does not track generalisation in a stable way [@andriushchenko].',
    },
    {
      name: 'Progress can be hidden',
      text: 'Generalisation may come long after the training loss is low [@nanda] [@varma].',
    },
  ],
  literature: [
    'yuan',
    'vilares',
    'muennighoff',
    'xue',
    'andriushchenko',
    'dangelo',
    'defazio',
    'sanyal',
    'nanda',
    'varma',
  ],
  relatedWork:
    'Stopping when gradients are no larger than their sampling noise has been proposed before [@mahsereci]. Recent rules without validation data watch changing predictions [@yuan] or combine indicators [@vilares]. How long to train on limited data is also asked for language models [@muennighoff] [@xue]. Weight averages [@sanyal] and schedules without an end [@defazio] make the stopping point matter less or more; weight decay acts on the course of training rather than as a bound [@dangelo]. Sharpness is a warning against reading generalisation from training [@andriushchenko], and delayed generalisation a warning against stopping at all [@nanda] [@varma]. We ask one plain question at sizes where held-out labels hurt.',
  data: 'Inputs $x \\in \\mathbb{R}^6$ are standard normal. A random teacher network with one hidden layer of 8 tanh units and weights of spread 2 gives class probabilities for 3 classes, and labels are drawn from them, so that no classifier can be perfect. There are $n \\in \\{40, 80, 160\\}$ labels in all and 500 test examples. The data are generated because the process must be known; nothing is claimed about natural data.',
  algorithm:
    'The network has one hidden layer of 16 tanh units and is trained with cross-entropy by full-batch gradient descent (rate 0.1, momentum 0.9). Let $g_{ij}$ be the derivative of the loss of example $i$ by parameter $j$, $\\bar g_j$ its mean over the $n$ examples and $s_j^2$ its variance. Gradient evidence trains on all labels and stops in the first epoch with\n\n$$E = \\frac{1}{d} \\sum_{j=1}^{d} \\frac{n\\, \\bar g_j^2}{s_j^2} < 1,$$\n\nwhere $d$ is the number of parameters: if only sampling noise were left in the gradient, $E$ would be about 1. Validation patience trains on $3n/4$ labels, measures the log loss on the rest before each epoch, stops 15 epochs after its minimum and returns to the weights of the minimum. Both end after 150 epochs at the latest, which is also the fixed length.',
  design:
    'Three methods (fixed length, validation patience, gradient evidence) are crossed with three sizes. Within a seed all methods share teacher, data and initial weights, so that they can be compared in pairs.',
  evaluation:
    'Log loss on the test set, in nats, decides, because it shows overfitted confidences; accuracy is reported beside it. Both come as mean and standard deviation over seeds, and the paired difference counts only beyond two standard errors.',
  impact:
    'If gradient evidence wins at the smallest size, validation sets should be given up first where labels are dearest. If not, the simplicity of validation is bought cheaply even there.',
  limitations: [
    'The data are synthetic; teacher and network are small and training is full-batch, where gradient variances are exact.',
    'Patience and the held-out share were fixed in advance and not tuned.',
    'No refit on all labels after validation, which would be a stronger baseline.',
  ],
  outlook: 'Next come mini-batches, a refit on all labels after validation, and real data.',
  labels: {
    conditions: ['40 labels', '80 labels', '160 labels'],
    settings: [40, 80, 160],
    methods: ['fixed length', 'validation patience', 'gradient evidence'],
    baseline: 'validation patience',
    method: 'gradient evidence',
    metrics: [
      { name: 'log loss', better: 'lower' },
      { name: 'accuracy', better: 'higher' },
    ],
  },
  explanations: {
    better:
      'The first hypothesis is supported where a difference counts. A likely reason is that the held-out quarter is missed in training and gives a noisy curve.',
    worse:
      'The first hypothesis is contradicted where a difference counts. A likely reason, not tested here, is that the rule stops at a point that suits the training gradients and not the test loss.',
    mixed:
      'The first hypothesis is neither clearly supported nor contradicted in log loss; at these sizes the spread over seeds is as large as the effect.',
  },
  setup: [
    'Data: synthetic, 6 standard normal inputs, 3 overlapping classes; labels drawn from the probabilities of a random teacher network; 40, 80 or 160 labels in all, 500 test examples.',
    'Model: one hidden layer of 16 tanh units, full-batch gradient descent, rate 0.1, momentum 0.9, at most 150 epochs.',
    'Fixed length: 150 epochs on all labels. Validation patience: a quarter of the labels held out, patience of 15 epochs, best weights restored. Gradient evidence: all labels, stops when the mean ratio of squared gradient to its sampling variance falls below 1.',
  ],
  inventedLevels: { 'log loss': 0.9, accuracy: 0.66 },
  hardest: 'first',
  script: earlyStoppingScript,
}
