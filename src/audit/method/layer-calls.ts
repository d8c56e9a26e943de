import type { ArchitectureSize } from './stated-architecture.ts'

/** Where a call of a library of networks states sizes: by keyword, or by place, which libraries do not agree on. */
export interface LayerCall {
  readonly pattern: RegExp
  /** Of a size: keywords, the place among the arguments, and what holds where neither is given. */
  readonly sizes: readonly LayerSize[]
  /** Whether papers count it as one of the layers of a network. */
  readonly isLayer: boolean
}

export interface LayerSize {
  readonly size: ArchitectureSize
  readonly keywords: readonly string[]
  readonly place: number
  readonly otherwise: number | null
  /** A width on the way in or out, which may be that of the data: it can agree with the paper, and not contradict it. */
  readonly isOutside: boolean
}

/** Calls by the name they end in; the first that fits counts. PyTorch, Keras, PyTorch Geometric and scikit-learn. */
export const layerCalls: readonly LayerCall[] = [
  call(/^(?:LSTM|GRU|RNN|SimpleRNN)$/, true, [
    size('hidden size', 'hidden_size units', { place: 1 }),
    size('hidden size', '', { place: 0, isOutside: true }),
    size('layers', 'num_layers', { place: 2, otherwise: 1 }),
  ]),
  call(/^(?:LSTM|GRU|RNN)Cell$/, true, [size('hidden size', 'hidden_size units', { place: 1 })]),
  call(/^Transformer(?:Encoder|Decoder)Layer$/, false, [
    size('hidden size', 'd_model', { place: 0 }),
    size('heads', 'nhead', { place: 1 }),
    size('dropout', 'dropout', { place: 3, otherwise: 0.1 }),
  ]),
  call(/^Transformer(?:Encoder|Decoder)$/, false, [size('layers', 'num_layers', { place: 1 })]),
  call(/^Transformer$/, false, [
    size('hidden size', 'd_model', { place: 0, otherwise: 512 }),
    size('heads', 'nhead', { place: 1, otherwise: 8 }),
    size('layers', 'num_encoder_layers', { place: 2, otherwise: 6 }),
    size('layers', 'num_decoder_layers', { place: 3, otherwise: 6 }),
  ]),
  call(/^MultiheadAttention$/, false, [
    size('hidden size', 'embed_dim', { place: 0 }),
    size('heads', 'num_heads', { place: 1 }),
  ]),
  call(/^MultiHeadAttention$/, false, [size('heads', 'num_heads n_heads heads nhead', { place: 0 })]),
  call(/^Embedding$/, false, [size('embedding size', 'embedding_dim output_dim', { place: 1 })]),
  call(/^(?:Alpha|Spatial)?Dropout[123]?[dD]?$/, false, [size('dropout', 'p rate', { place: 0, otherwise: 0.5 })]),
  call(/^(?:Lazy)?Linear$/, true, [
    size('hidden size', 'out_features', { place: 1, isOutside: true }),
    size('hidden size', 'in_features', { place: 0, isOutside: true }),
  ]),
  call(/^Dense$/, true, [size('hidden size', 'units features', { place: 0, isOutside: true })]),
  call(/^Conv[123]?[dD]$/, true, [size('hidden size', 'out_channels filters', { place: 1, isOutside: true })]),
  call(/^(?:GCN|GAT|GATv2|SAGE|GIN|Graph|Cheb|GCNII|RGCN|Transformer|TAG|SG)Conv$/, true, [
    size('hidden size', 'out_channels', { place: 1, isOutside: true }),
    size('heads', 'heads num_heads', { place: 2, otherwise: 1 }),
  ]),
]

function call(pattern: RegExp, isLayer: boolean, sizes: readonly LayerSize[]): LayerCall {
  return { pattern, sizes, isLayer }
}

function size(
  name: ArchitectureSize,
  keywords: string,
  { place, otherwise = null, isOutside = false }: { place: number; otherwise?: number | null; isOutside?: boolean },
): LayerSize {
  return { size: name, keywords: keywords.split(' ').filter((one) => one !== ''), place, otherwise, isOutside }
}
