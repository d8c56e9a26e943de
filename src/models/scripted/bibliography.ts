/** A published work that the scripted models may cite. They cite nothing else, so nothing they cite is invented. */
export interface Publication {
  readonly authors: string
  /** As cited in a sentence. */
  readonly shortName: string
  readonly year: number
  /** Tells works of the same authors and year apart. */
  readonly letter?: string
  readonly title: string
  readonly arxivId: string
  readonly summary: string
}

export const bibliography = {
  yuan: {
    authors: 'Suqin Yuan, Lei Feng, Tongliang Liu',
    shortName: 'Yuan et al.',
    year: 2025,
    title: 'Early Stopping Against Label Noise Without Validation Data',
    arxivId: '2502.07551',
    summary:
      'Proposes Label Wave, which watches how predictions on the training set change from epoch to epoch and stops before wrong labels are fitted. It spares the validation set, which noisy labels make unreliable.',
  },
  chenImprecise: {
    authors: 'Hao Chen, Ankit Shah, Jindong Wang, et al.',
    shortName: 'Chen et al.',
    year: 2023,
    letter: 'a',
    title: 'Imprecise Label Learning: A Unified Framework for Learning with Various Imprecise Label Configurations',
    arxivId: '2305.12715',
    summary:
      'Treats the true label as a latent variable and derives one expectation-maximisation objective for noisy, partial and missing labels. It shows how far a principled treatment goes without rules made for one kind of fault.',
  },
  chenPretraining: {
    authors: 'Hao Chen, Jindong Wang, Ankit Shah, et al.',
    shortName: 'Chen et al.',
    year: 2023,
    letter: 'b',
    title: 'Understanding and Mitigating the Label Noise in Pre-training on Downstream Tasks',
    arxivId: '2309.17002',
    summary:
      'Studies what label noise in the pre-training data does to later tasks and finds that a little of it can help in distribution while it hurts out of distribution. The effect depends on the noise rate, which is why rates must be varied.',
  },
  chenDiffusion: {
    authors: 'Jian Chen, Ruiyi Zhang, Tong Yu, et al.',
    shortName: 'Chen et al.',
    year: 2023,
    letter: 'c',
    title: 'Label-Retrieval-Augmented Diffusion Models for Learning from Noisy Labels',
    arxivId: '2305.19518',
    summary:
      'Models the clean label as the outcome of a diffusion process conditioned on features and on labels retrieved from neighbours. It is accurate but far heavier than rules that only reweight examples.',
  },
  huang: {
    authors: 'Zhizhong Huang, Junping Zhang, Hongming Shan',
    shortName: 'Huang et al.',
    year: 2023,
    title: 'Twin Contrastive Learning with Noisy Labels',
    arxivId: '2303.06930',
    summary:
      'Learns representations contrastively, fits a mixture model over them, and treats wrongly labelled examples as out of distribution. It replaces the loss by the geometry of the representation as the sign of a wrong label.',
  },
  zhangBadLabel: {
    authors: 'Jingfeng Zhang, Bo Song, Haohan Wang, et al.',
    shortName: 'Zhang et al.',
    year: 2023,
    title: 'BadLabel: A Robust Perspective on Evaluating and Enhancing Label-noise Learning',
    arxivId: '2305.18377',
    summary:
      'Constructs label noise under which wrong labels cannot be told from right ones by their losses, and shows that many methods break. It marks the limit of every selection by small loss.',
  },
  zhangLemon: {
    authors: 'Haoran Zhang, Aparna Balagopalan, Nassim Oufattole, et al.',
    shortName: 'Zhang et al.',
    year: 2024,
    title: 'LEMoN: Label Error Detection using Multimodal Neighbors',
    arxivId: '2407.18941',
    summary:
      'Finds wrong labels and captions from the neighbours of an image-text pair in a contrastive embedding. Detection is judged separately from the accuracy of the classifier trained afterwards.',
  },
  liang: {
    authors: 'Chao Liang, Linchao Zhu, Humphrey Shi, Yi Yang',
    shortName: 'Liang et al.',
    year: 2023,
    title: 'Combating Label Noise With A General Surrogate Model For Sample Selection',
    arxivId: '2310.10463',
    summary:
      'Uses a vision-language model trained elsewhere to select clean examples, so that selection does not depend on the classifier that is being trained. This breaks the loop in which a model confirms its own mistakes.',
  },
  ahn: {
    authors: 'Sumyeong Ahn, Sihyeon Kim, Jongwoo Ko, Se-Young Yun',
    shortName: 'Ahn et al.',
    year: 2023,
    title: 'Fine tuning Pre trained Models for Robustness Under Noisy Labels',
    arxivId: '2310.17668',
    summary:
      'Tunes a linear layer on frozen features first, selects clean examples with it, and only then tunes the whole model. The first phase plays the part that a warm-up plays in training from scratch.',
  },
  dangelo: {
    authors: "Francesco D'Angelo, Maksym Andriushchenko, Aditya Varre, Nicolas Flammarion",
    shortName: "D'Angelo et al.",
    year: 2023,
    title: 'Why Do We Need Weight Decay in Modern Deep Learning?',
    arxivId: '2310.04415',
    summary:
      'Argues that weight decay matters for the course of optimisation more than as explicit regularisation. It separates what restrains fitting from what shapes the path of training.',
  },
  varma: {
    authors: 'Vikrant Varma, Rohin Shah, Zachary Kenton, János Kramár, Ramana Kumar',
    shortName: 'Varma et al.',
    year: 2023,
    title: 'Explaining grokking through circuit efficiency',
    arxivId: '2309.02390',
    summary:
      'Explains delayed generalisation by the competition of a memorising and a generalising solution of different efficiency. Which one wins depends on the amount of data, so results at one size need not hold at another.',
  },
  wang: {
    authors: 'Cheng Wang',
    shortName: 'Wang',
    year: 2023,
    title: 'Calibration in Deep Learning: A Survey of the State-of-the-Art',
    arxivId: '2308.01222',
    summary:
      'Surveys measures and methods of calibration: after training, by regularisation, by uncertainty estimation and by composition. Most methods it lists assume a held-out set that is large enough.',
  },
  blasiokSmooth: {
    authors: 'Jarosław Błasiok, Preetum Nakkiran',
    shortName: 'Błasiok and Nakkiran',
    year: 2023,
    title: 'Smooth ECE: Principled Reliability Diagrams via Kernel Smoothing',
    arxivId: '2309.12236',
    summary:
      'Replaces the bins of the expected calibration error by a kernel and proves that the result is a consistent measure. It documents how binning makes the usual error unstable.',
  },
  blasiokProper: {
    authors: 'Jarosław Błasiok, Parikshit Gopalan, Lunjia Hu, Preetum Nakkiran',
    shortName: 'Błasiok et al.',
    year: 2023,
    title: 'When Does Optimizing a Proper Loss Yield Calibration?',
    arxivId: '2305.18764',
    summary:
      'Shows that a predictor is nearly calibrated when its loss cannot be lowered much by post-processing with a smooth function. This is the formal reason why fitting one temperature can be enough.',
  },
  xiongProximity: {
    authors: 'Miao Xiong, Ailin Deng, Pang Wei Koh, et al.',
    shortName: 'Xiong et al.',
    year: 2023,
    letter: 'a',
    title: 'Proximity-Informed Calibration for Deep Neural Networks',
    arxivId: '2306.04590',
    summary:
      'Finds that models are more overconfident on examples far from the rest of the data, even when they are calibrated on average, and corrects for it. One temperature for all inputs cannot.',
  },
  shen: {
    authors: 'Maohao Shen, Subhro Das, Kristjan Greenewald, et al.',
    shortName: 'Shen et al.',
    year: 2024,
    title: 'Thermometer: Towards Universal Calibration for Large Language Models',
    arxivId: '2403.08819',
    summary:
      'Learns from many tasks to predict the temperature for a new task without labels. It is a learnt prior on the temperature, where ours is a fixed one.',
  },
  tao: {
    authors: 'Linwei Tao, Minjing Dong, Chang Xu',
    shortName: 'Tao et al.',
    year: 2023,
    title: 'Dual Focal Loss for Calibration',
    arxivId: '2305.13665',
    summary:
      'Changes the training loss so that the gap between the true class and its strongest rival is kept in check. Calibration comes from training itself and costs no held-out data.',
  },
  chidambaram: {
    authors: 'Muthu Chidambaram, Rong Ge',
    shortName: 'Chidambaram and Ge',
    year: 2023,
    title: 'On the Limitations of Temperature Scaling for Distributions with Overlaps',
    arxivId: '2306.00740',
    summary:
      'Proves that temperature scaling can fail badly when classes overlap, and that training by mixing examples can do better. Overlapping classes are the setting of the present task.',
  },
  tian: {
    authors: 'Katherine Tian, Eric Mitchell, Allan Zhou, et al.',
    shortName: 'Tian et al.',
    year: 2023,
    title:
      'Just Ask for Calibration: Strategies for Eliciting Calibrated Confidence Scores from Language Models Fine-Tuned with Human Feedback',
    arxivId: '2305.14975',
    summary:
      'Finds that confidences which tuned language models put in words are often better calibrated than their token probabilities. Still, a temperature fitted on held-out data helps both.',
  },
  xiongElicitation: {
    authors: 'Miao Xiong, Zhiyuan Hu, Xinyang Lu, et al.',
    shortName: 'Xiong et al.',
    year: 2023,
    letter: 'b',
    title: 'Can LLMs Express Their Uncertainty? An Empirical Evaluation of Confidence Elicitation in LLMs',
    arxivId: '2306.13063',
    summary:
      'Compares ways to obtain confidence from language models without access to their internals and finds them overconfident. No way of asking is best on all tasks.',
  },
  geng: {
    authors: 'Jiahui Geng, Fengyu Cai, Yuxia Wang, et al.',
    shortName: 'Geng et al.',
    year: 2023,
    title: 'A Survey of Confidence Estimation and Calibration in Large Language Models',
    arxivId: '2311.08298',
    summary:
      'Orders methods of confidence estimation and calibration for language models by the access they need. The cost of labelled calibration data is named as an obstacle.',
  },
  kalai: {
    authors: 'Adam Tauman Kalai, Santosh S. Vempala',
    shortName: 'Kalai and Vempala',
    year: 2023,
    title: 'Calibrated Language Models Must Hallucinate',
    arxivId: '2311.14648',
    summary:
      'Proves a lower bound on how often a calibrated language model must state facts that are wrong. Calibration is therefore a property to report beside accuracy and never in its place.',
  },
  vilares: {
    authors: 'Manuel Vilares Ferro, Yerai Doval Mosquera, Francisco J. Ribadas Pena, et al.',
    shortName: 'Vilares Ferro et al.',
    year: 2024,
    title: 'Early stopping by correlating online indicators in neural networks',
    arxivId: '2402.02513',
    summary:
      'Combines several indicators of overfitting that can be computed while training, and stops when they agree. Agreement is meant to guard against the accidents of any single rule.',
  },
  muennighoff: {
    authors: 'Niklas Muennighoff, Alexander M. Rush, Boaz Barak, et al.',
    shortName: 'Muennighoff et al.',
    year: 2023,
    title: 'Scaling Data-Constrained Language Models',
    arxivId: '2305.16264',
    summary:
      'Measures how much repeated passes over limited data are worth and finds that a few are nearly as good as new data, and many are worth nothing. It is early stopping seen from the side of the data.',
  },
  xue: {
    authors: 'Fuzhao Xue, Yao Fu, Wangchunshu Zhou, et al.',
    shortName: 'Xue et al.',
    year: 2023,
    title: 'To Repeat or Not To Repeat: Insights from Scaling LLM under Token-Crisis',
    arxivId: '2305.13230',
    summary:
      'Studies how language models degrade when the same tokens are repeated over many epochs, and which regularisation delays it. Larger models on less data suffer sooner.',
  },
  sanyal: {
    authors: 'Sunny Sanyal, Atula Neerkaje, Jean Kaddour, et al.',
    shortName: 'Sanyal et al.',
    year: 2023,
    title: 'Early Weight Averaging meets High Learning Rates for LLM Pre-training',
    arxivId: '2306.03241',
    summary:
      'Averages checkpoints along one training run and obtains better models early. Where averages are used, the exact stopping point matters less.',
  },
  defazio: {
    authors: 'Aaron Defazio, Xingyu Yang, Harsh Mehta, et al.',
    shortName: 'Defazio et al.',
    year: 2024,
    title: 'The Road Less Scheduled',
    arxivId: '2405.15682',
    summary:
      'Removes the learning-rate schedule, and with it the need to fix the length of training in advance. A stopping rule is all the more needed when the length is open.',
  },
  andriushchenko: {
    authors: 'Maksym Andriushchenko, Francesco Croce, Maximilian Müller, et al.',
    shortName: 'Andriushchenko et al.',
    year: 2023,
    title: 'A Modern Look at the Relationship between Sharpness and Generalization',
    arxivId: '2302.07011',
    summary:
      'Tests whether sharpness of the loss predicts generalisation in modern settings and finds no stable correlation. It is a warning against statistics of the training loss as stand-ins for test data.',
  },
  nanda: {
    authors: 'Neel Nanda, Lawrence Chan, Tom Lieberum, Jess Smith, Jacob Steinhardt',
    shortName: 'Nanda et al.',
    year: 2023,
    title: 'Progress measures for grokking via mechanistic interpretability',
    arxivId: '2301.05217',
    summary:
      'Finds measures inside a network that move smoothly long before its test accuracy jumps. There, stopping by a validation curve alone would have stopped too early.',
  },
  arpit: {
    authors: 'Devansh Arpit, Stanisław Jastrzębski, Nicolas Ballas, et al.',
    shortName: 'Arpit et al.',
    year: 2017,
    title: 'A Closer Look at Memorization in Deep Networks',
    arxivId: '1706.05394',
    summary: 'Shows that networks fit simple patterns before they memorise noise.',
  },
  han: {
    authors: 'Bo Han, Quanming Yao, Xingrui Yu, et al.',
    shortName: 'Han et al.',
    year: 2018,
    title: 'Co-teaching: Robust Training of Deep Neural Networks with Extremely Noisy Labels',
    arxivId: '1804.06872',
    summary: 'Trains two networks, each on the examples of small loss that the other selects.',
  },
  szegedy: {
    authors: 'Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, et al.',
    shortName: 'Szegedy et al.',
    year: 2015,
    title: 'Rethinking the Inception Architecture for Computer Vision',
    arxivId: '1512.00567',
    summary: 'Introduces label smoothing, among other things.',
  },
  guo: {
    authors: 'Chuan Guo, Geoff Pleiss, Yu Sun, Kilian Q. Weinberger',
    shortName: 'Guo et al.',
    year: 2017,
    title: 'On Calibration of Modern Neural Networks',
    arxivId: '1706.04599',
    summary: 'Finds modern networks overconfident and proposes temperature scaling.',
  },
  mahsereci: {
    authors: 'Maren Mahsereci, Lukas Balles, Christoph Lassner, Philipp Hennig',
    shortName: 'Mahsereci et al.',
    year: 2017,
    title: 'Early Stopping without a Validation Set',
    arxivId: '1703.09580',
    summary: 'Stops when gradients are no larger than the noise of estimating them from finite data.',
  },
} as const satisfies Record<string, Publication>

export type CitationKey = keyof typeof bibliography
