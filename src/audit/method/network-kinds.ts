/** A kind of network, as papers name it and as code builds it. */
export interface NetworkKind {
  readonly name: string
  readonly said: RegExp
  /** What code that builds or loads one has in it, in any usual way of writing it; generous, since silence is what is looked for. */
  readonly built: RegExp
}

/** Whether code builds, loads or works out networks at all, by library or by hand; a look at the version of a library is none of it. */
export const anyNetwork =
  /\bnn\.|torch\.(?:nn|load|jit|hub|optim)|torchvision|\bkeras\b|\btf\.|flax|haiku|\bjax\b|paddle|mxnet|onnx|\bdgl\b|torch_geometric|lightning|\bMLP|Perceptron|neural_network|\brelu|\bsigmoid|\btanh\b|softmax|backprop|\.backward\(|load_state_dict|from_pretrained|load_model|\b[Ww]_?[12]\b|\.dot\(|matmul|einsum|\bgensim\b/

/** Networks that a paper's authors build themselves; those that come trained under a name of their own are models. */
export const networkKinds: readonly NetworkKind[] = [
  kind('LSTM', /\b(?:Bi-?)?LSTMs?\b|\blong short-term memory\b/i, /lstm/i),
  kind('GRU', /\b(?:Bi-?)?GRUs?\b|\bgated recurrent units?\b/, /(?<![a-z])(?:bi_?)?gru(?![a-z]{3})|grucell/i),
  kind(
    'recurrent network',
    /\bRNNs?\b|\brecurrent neural networks?\b/,
    /rnn|lstm|(?<![a-z])gru|recurrent|hidden_?state|reservoir|cell/i,
  ),
  kind(
    'graph convolutional network',
    /\bGCNs?\b|\bgraph convolutional (?:neural )?networks?\b/i,
    /gcn|graph_?conv|adj/i,
  ),
  kind(
    'graph attention network',
    /\bGATs?\b|\bgraph attention networks?\b/,
    /(?<![a-z])gat(?![a-z]{3})|gat_?conv|graph_?att|adj/i,
  ),
  kind('GraphSAGE', /\bGraphSAGE\b/i, /sage|neighbo/i),
  kind(
    'graph neural network',
    /\bGNNs?\b|\bgraph neural networks?\b/i,
    /gnn|graph|gcn|sage|geometric|dgl|adj|message/i,
  ),
  kind(
    'convolutional network',
    /\bCNNs?\b(?!\s?\/|[- ]?(?:daily|dm)\b)|\bconvolutional (?:neural )?networks?\b/i,
    /conv|cnn|resnet|vgg|lenet|unet|inception|efficientnet|mobilenet|densenet|torchvision|timm|torch\.hub|applications/i,
  ),
  kind(
    'variational autoencoder',
    /\b(?:C|β-|beta-)?VAEs?\b|\bvariational auto-?encoders?\b/,
    /vae|variational|reparam|log_?var|kl_?(?:div|loss)|diffusers/i,
  ),
  kind(
    'autoencoder',
    /(?<!variational )(?<!masked )\bauto-?encoders?\b/i,
    /auto_?enc|encoder|decoder|reconstruct|bottleneck|vae|(?<![a-z])ae(?![a-z])/i,
  ),
  kind('U-Net', /\bU-?Nets?\b/, /u_?net|diffusers|segmentation_models|skip/i),
  kind(
    'adversarial network',
    /\b(?:W|C|DC)?GANs?\b|\bgenerative adversarial networks?\b/,
    /gan(?![a-z])|discriminator|critic|generator/i,
  ),
  kind(
    'multi-layer perceptron',
    /\bMLPs?\b|\bmulti-?layer perceptrons?\b/,
    /mlp|linear\b|dense\b|perceptron|feed_?forward|ffn|hidden|neural|sequential|relu|weights?\b|\bW\d\b|timm|fc\d?\b/i,
  ),
]

function kind(name: string, said: RegExp, built: RegExp): NetworkKind {
  return { name, said, built }
}
