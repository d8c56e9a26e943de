import { calibrationScript } from '../workspace/calibration-script.ts'
import type { Study } from './study.ts'

export const calibrationStudy: Study = {
  topic: /calibrat|overconfiden/gi,
  title: 'Shrinking the Temperature: Calibration When Labels Are Scarce',
  problem:
    'Small classifiers trained on few labels are badly overconfident. Temperature scaling repairs this with held-out labels, but those labels are then missing in training.',
  gap: 'Methods are compared with thousands of held-out examples. With ten or forty, the fitted temperature has a large error of its own, and the price of holding data out is rarely counted.',
  plan: 'Fix a total budget of labels, spend a quarter of it on calibration, and shrink the fitted temperature towards a prior value of 1.5. Compare with plain temperature scaling and with spending all labels on training, at three budgets and over several seeds, by calibration error and log loss.',
  question:
    'With a fixed budget of labels, does a prior on the temperature beat plain temperature scaling, and from which budget on is calibration worth its labels at all?',
  hypotheses: [
    'The shrunken temperature has a smaller calibration error than plain temperature scaling, most of all at the smallest budget.',
    'Both beat spending all labels on training in log loss.',
    'The differences vanish as the budget grows.',
  ],
  challenges: [
    {
      name: 'Cost of held-out labels',
      text: 'Surveys name labelled calibration data as an obstacle, and few studies charge for it [@wang] [@geng].',
    },
    {
      name: 'Measuring with little data',
      text: 'Binned errors are unstable; smooth measures help with the estimate but not with the fit [@blasiokSmooth].',
    },
    { name: 'Overlapping classes', text: 'Temperature scaling can fail where classes overlap [@chidambaram].' },
    {
      name: 'One temperature for all',
      text: 'Overconfidence differs between typical and isolated inputs [@xiongProximity].',
    },
    {
      name: 'Where a prior comes from',
      text: 'Priors learnt from other tasks exist [@shen]; for a single small task the choice is open.',
    },
  ],
  literature: [
    'shen',
    'chidambaram',
    'blasiokSmooth',
    'blasiokProper',
    'wang',
    'xiongProximity',
    'tao',
    'geng',
    'tian',
    'xiongElicitation',
    'kalai',
  ],
  relatedWork:
    'Temperature scaling is the standard repair of overconfident networks [@guo], and post-processing of this kind suffices where the loss cannot be lowered much further by a smooth map [@blasiokProper]. It can fail for overlapping classes [@chidambaram] and across regions of the input [@xiongProximity]. Losses made for calibration need no held-out data [@tao]. For language models, temperatures are predicted from other tasks [@shen], and confidences are elicited in words [@tian] [@xiongElicitation]. Measures [@blasiokSmooth] and the field as a whole [@wang] [@geng] have been reviewed. We charge every method for the labels it uses.',
  data: 'Inputs $x \\in \\mathbb{R}^6$ are standard normal. A random teacher network with one hidden layer of 8 tanh units and weights of spread 2 gives class probabilities $p(y \\mid x)$ for 3 classes, and labels are drawn from them, so that classes overlap. The budget is $n \\in \\{40, 80, 160\\}$ labels; 800 more examples form the test set. The data are generated because the process must be known; nothing is claimed about natural data.',
  algorithm:
    'The network has one hidden layer of 16 tanh units and logits $z_\\theta(x)$; it is trained with cross-entropy by full-batch gradient descent (rate 0.1, momentum 0.9, 100 epochs). Calibrated methods train on $3n/4$ labels and use the set $H$ of the other $n/4$ to choose a temperature $T$ for $\\operatorname{softmax}(z_\\theta(x) / T)$:\n\n$$\\hat T = \\arg\\min_T \\; -\\sum_{i \\in H} \\log \\operatorname{softmax}(z_\\theta(x_i) / T)_{y_i} + \\lambda \\left( \\log T - \\log T_0 \\right)^2$$\n\nover 61 values from 0.25 to 8, equally spaced in $\\log T$. Plain temperature scaling has $\\lambda = 0$; the shrunken temperature has $\\lambda = 4$ and $T_0 = 1.5$, which is a normal prior on $\\log T$ with variance $1 / (2 \\lambda)$. Without calibration, all $n$ labels train the network and $T = 1$.',
  design:
    'Three methods (no calibration, temperature scaling, shrunken temperature) are crossed with three budgets. Within a seed all methods share teacher, data and initial weights, and both calibrated methods share one trained network, so that they differ in $\\lambda$ alone.',
  evaluation:
    'The calibration error is the usual binned one, $\\sum_b \\frac{|B_b|}{m} \\left| \\mathrm{acc}(B_b) - \\mathrm{conf}(B_b) \\right|$ over 10 bins $B_b$ of equal width and $m$ test examples; log loss, in nats, also counts discrimination. Both are reported as mean and standard deviation over seeds, and the paired difference counts only beyond two standard errors.',
  impact:
    'If shrinking wins, a fixed prior is a free repair for small calibration sets. If it loses, the usual overconfidence at this size is so far from the prior that data must speak alone; that would caution against default priors.',
  limitations: [
    'The data are synthetic; teacher and network are small.',
    'One prior, chosen in advance and not tuned; another centre or strength may do better.',
    'The binned calibration error is biased upwards on finite test sets, for all methods alike.',
  ],
  outlook:
    'Next come a prior whose centre is estimated from the training fit, other shares of held-out labels, and real data.',
  labels: {
    conditions: ['40 labels', '80 labels', '160 labels'],
    settings: [40, 80, 160],
    methods: ['no calibration', 'temperature scaling', 'shrunken temperature'],
    baseline: 'temperature scaling',
    method: 'shrunken temperature',
    metrics: [
      { name: 'calibration error', better: 'lower' },
      { name: 'log loss', better: 'lower' },
    ],
  },
  explanations: {
    better:
      'The first hypothesis is supported where a difference counts. A likely reason is that the prior removes the extremes of temperatures fitted on few labels.',
    worse:
      'The first hypothesis is contradicted where a difference counts. A likely reason, not tested here, is that networks trained on so few labels need temperatures far above the prior value of 1.5, so that shrinking leaves them overconfident.',
    mixed:
      'The first hypothesis is neither clearly supported nor contradicted over the budgets; the prior may fit some amounts of data and not others.',
  },
  setup: [
    'Data: synthetic, 6 standard normal inputs, 3 overlapping classes; labels drawn from the probabilities of a random teacher network; 40, 80 or 160 labels in all, 800 test examples.',
    'Model: one hidden layer of 16 tanh units, full-batch gradient descent, rate 0.1, momentum 0.9, 100 epochs.',
    'No calibration: all labels train the network. Temperature scaling and shrunken temperature: a quarter of the labels is held out to choose the temperature among 61 values from 0.25 to 8.',
    'Prior of the shrunken temperature: centre 1.5, strength 4 on the squared logarithm.',
    'Calibration error: 10 bins of equal width.',
  ],
  inventedLevels: { 'calibration error': 0.13, 'log loss': 0.92 },
  hardest: 'first',
  script: calibrationScript,
}
