import { labelNoiseScript } from '../workspace/label-noise-script.ts'
import type { Study } from './study.ts'

export const labelNoiseStudy: Study = {
  topic: /label noise|noisy labels?|wrong(?:ly)? label|mislabel/gi,
  title: 'When Does Small-Loss Selection Pay Off on Small Data with Wrong Labels?',
  problem:
    'Classifiers trained on wrong labels first learn the common pattern and then memorise the mistakes. With little data this happens within a few epochs.',
  gap: 'Selecting examples of small loss is the usual remedy, but it is mostly tested on large image sets, where true labels are unknown and repetitions too dear.',
  plan: 'Train a small network with and without small-loss selection on data whose true labels are known, at three rates of label noise and over several seeds. Measure test accuracy and the share of wrong labels that the network ends up repeating. Label smoothing is the second baseline.',
  question:
    'At which rates of label noise does selecting examples by small loss beat plain training when there are only about a hundred labels?',
  hypotheses: [
    'Small-loss selection raises test accuracy over cross-entropy, and the more so the higher the noise rate.',
    'It does so because fewer wrong labels are fitted.',
    'Label smoothing, which treats all labels alike, gains less.',
  ],
  challenges: [
    {
      name: 'Losses overlap',
      text: 'Hard examples with right labels look like wrong labels, and adversarial noise can make the two indistinguishable [@zhangBadLabel].',
    },
    {
      name: 'Self-confirmation',
      text: 'A model that selects its own training data keeps its mistakes; outside models avoid this at a price [@liang].',
    },
    {
      name: 'Unknown rates',
      text: 'Most rules need the noise rate, and its effect changes with the rate itself [@chenPretraining].',
    },
    {
      name: 'Choosing when to begin',
      text: 'Selection must start after the pattern is learnt and before noise is, without clean validation data [@yuan].',
    },
  ],
  literature: [
    'yuan',
    'liang',
    'zhangBadLabel',
    'ahn',
    'chenImprecise',
    'huang',
    'chenPretraining',
    'zhangLemon',
    'chenDiffusion',
    'dangelo',
    'varma',
  ],
  relatedWork:
    'Networks fit simple patterns before noise [@arpit], and small-loss selection turns this into an algorithm [@han]. Recent work stops early without validation data [@yuan], selects with the help of a model trained elsewhere [@liang], or warms up on frozen features [@ahn]. Losses can be made useless as a sign of wrong labels [@zhangBadLabel]; neighbours in a representation are another sign [@huang] [@zhangLemon]. Unified likelihoods avoid hand-made rules altogether [@chenImprecise]. Label smoothing [@szegedy] is the plainest competitor. We differ in scale and control: tiny data, every true label known, and every condition repeated over seeds.',
  data: 'Inputs $x \\in \\mathbb{R}^6$ are standard normal. A random teacher network with one hidden layer of 8 tanh units and weights of spread 3 gives logits for 3 classes, and the true label is its most probable class. There are 120 training and 500 test examples; test labels are clean. Each training label is replaced, with probability $\\rho$, by one of the two other classes at random: $P(\\tilde y = k \\mid y) = 1 - \\rho$ for $k = y$ and $\\rho / 2$ otherwise, with $\\rho \\in \\{0.10, 0.25, 0.40\\}$. The data are generated because only then is every true label known; nothing is claimed about natural data.',
  algorithm:
    'The network $f_\\theta$ has one hidden layer of 16 tanh units and a softmax output. Plain training minimises\n\n$$L(\\theta) = -\\frac{1}{n} \\sum_{i=1}^{n} \\log f_\\theta(x_i)_{\\tilde y_i}$$\n\nby full-batch gradient descent with rate 0.1 and momentum 0.9 for 100 epochs. Small-loss selection does the same for 25 warm-up epochs. After that, each epoch ranks the examples by their loss $\\ell_i = -\\log f_\\theta(x_i)_{\\tilde y_i}$ and takes its gradient only over the set\n\n$$S_t = \\{ i : \\ell_i \\text{ is among the } \\lfloor (1 - \\rho) n \\rceil \\text{ smallest} \\}.$$\n\nThe rate $\\rho$ is taken as known, as is usual for this method. Label smoothing trains on $(1 - \\alpha)\\, e_{\\tilde y} + \\alpha / 3$ with $\\alpha = 0.2$, where $e_k$ is the unit vector of class $k$.',
  design:
    'Three methods (cross-entropy, label smoothing, small-loss selection) are crossed with three noise rates. Within a seed all methods share teacher, data, flips and initial weights, so that they can be compared in pairs.',
  evaluation:
    'Accuracy is measured on clean test labels. "Noise fitted" is the share of wrongly labelled training examples on which the network repeats the wrong label; it tests the second hypothesis directly. Both are reported as mean and standard deviation over seeds, and the paired difference counts only beyond two standard errors.',
  impact:
    'A positive result says from which noise rate the extra step is worth taking; a negative one says that on small data the warm-up already spends what selection could save. Either way, "noise fitted" separates the mechanism from the outcome.',
  limitations: [
    'The data are synthetic and the noise is symmetric; noise that depends on the input is harder.',
    'The noise rate is given to the method; an estimate would be worse.',
    'One small network, one schedule; the warm-up length was not tuned.',
  ],
  outlook:
    'Next come noise that depends on the input, an estimated noise rate, and real annotations with known corrections.',
  labels: {
    conditions: ['10 % noise', '25 % noise', '40 % noise'],
    settings: [0.1, 0.25, 0.4],
    methods: ['cross-entropy', 'label smoothing', 'small-loss selection'],
    baseline: 'cross-entropy',
    method: 'small-loss selection',
    metrics: [
      { name: 'accuracy', better: 'higher' },
      { name: 'noise fitted', better: 'lower' },
    ],
  },
  explanations: {
    better:
      'The first hypothesis is supported where a difference counts. A likely reason is that fewer wrong labels are fitted, as "noise fitted" lets one check.',
    worse:
      'The first hypothesis is contradicted where a difference counts. A likely reason, not tested here, is that the warm-up already fits wrong labels, so that selection keeps them and drops hard examples with right ones.',
    mixed:
      'The first hypothesis is neither clearly supported nor contradicted in accuracy; with this little data the spread over seeds is as large as the effect.',
  },
  setup: [
    'Data: synthetic, 6 standard normal inputs, 3 classes; the true label is the most probable class of a random teacher network; 120 training and 500 test examples.',
    'Label noise: each training label is changed to another class with probability 0.10, 0.25 or 0.40; test labels are clean.',
    'Model: one hidden layer of 16 tanh units, full-batch gradient descent, rate 0.1, momentum 0.9, 100 epochs.',
    'Methods: cross-entropy; label smoothing with 0.2; small-loss selection after 25 epochs, keeping one minus the noise rate of the examples.',
  ],
  inventedLevels: { accuracy: 0.78, 'noise fitted': 0.41 },
  hardest: 'last',
  script: labelNoiseScript,
}
