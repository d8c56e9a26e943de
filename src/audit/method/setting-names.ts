/** A setting of an experiment that papers state in numbers. */
export interface Setting {
  readonly name: string
  /** Names of it in code, as `squash` leaves them. */
  readonly code: readonly string[]
  /** Right in front of the number, the last words before it. */
  readonly before: RegExp | null
  /** Right behind the number. */
  readonly after: RegExp | null
  /** Label in a table of settings. */
  readonly label: RegExp
}

/** What may stand between a setting and its number. */
const joint = String.raw`[\s)\x60*_$]{0,6}(?:\([^()]{0,30}\)\s{0,2})?(?:\s?(?:of|to|at|is|was|set to|fixed at|=|:|≈|\|)\s{0,2}){0,2}(?:[\s$*\x60_{(!]|\\[,!;]?){0,6}$`

function before(words: string): RegExp {
  return new RegExp(`(?:^|[^\\p{L}\\d_])(?:${words})${joint}`, 'iu')
}

function after(words: string): RegExp {
  return new RegExp(`^[\\s*\`$,-]{0,4}(?:${words})(?![\\p{L}\\d])`, 'iu')
}

function label(words: string): RegExp {
  return new RegExp(`^[\\s*\`$]{0,4}(?:${words})[\\s*\`$]{0,4}(?:\\([^()]{0,30}\\)[\\s*\`]{0,4})?:?$`, 'iu')
}

/** Numeric settings, each by how it is written in papers and in code. */
export const settings: readonly Setting[] = [
  setting('epochs', 'epochs, numepochs, nepochs, numtrainepochs, maxepochs, nbepochs, trainepochs, trainingepochs', {
    before: '(?:number of |training |num_|num )?epochs(?: per \\w{1,12})?',
    after: '(?:training |full )?epochs?',
    label: '(?:number of |training |max(?:imum)? |num[ _])?epochs',
  }),
  setting('batch size', 'batchsize, trainbatchsize, perdevicetrainbatchsize, bs', {
    before: '(?:training |mini-?)?batch[ _-]?size',
    after: null,
    label: '(?:training |train |mini-?)?batch[ _-]?size',
  }),
  setting('learning rate', 'lr, learningrate, baselr, initlr, initiallr, learningrateinit', {
    before: '(?:initial )?learning[ _-]?rate|lr',
    after: null,
    label: '(?:initial )?learning[ _-]?rate|lr',
  }),
  setting('weight decay', 'weightdecay, wd', {
    before: 'weight[ _-]?decay',
    after: null,
    label: 'weight[ _-]?decay',
  }),
  setting('dropout', 'dropout, dropoutrate, dropoutprob, dropoutp', {
    before: 'dropout(?: rate| probability)?',
    after: null,
    label: 'dropout(?: rate| probability)?',
  }),
  setting('number of experts', 'numexperts, nexperts', {
    before: 'number of experts',
    after: 'experts',
    label: 'number of experts|experts|num_experts',
  }),
  setting('LoRA rank', 'lorar, lorarank, rank', {
    before: 'lora (?:rank|`?r`?)(?: r)?|rank r',
    after: null,
    label: 'lora `?(?:rank|r)`?',
  }),
  setting('LoRA alpha', 'loraalpha', {
    before: 'lora `?(?:alpha|α)`?',
    after: null,
    label: 'lora `?(?:alpha|α)`?',
  }),
  setting('folds', 'nsplits, nfolds, numfolds, kfolds', {
    before: 'number of folds',
    after: 'folds?(?: cross)?|fold cross',
    label: '(?:number of )?folds',
  }),
  setting('episodes', 'numepisodes, nepisodes, episodes, trainepisodes, trainingepisodes, maxepisodes', {
    before: '(?:number of |training )episodes',
    after: '(?:training )?episodes?',
    label: '(?:number of |training )?episodes',
  }),
  setting('iterations', 'numiterations, niterations, iterations, niter, numiters, iters, maxiterations', {
    before: '(?:number of )?iterations',
    after: '(?:training )?iterations',
    label: '(?:number of |training )?iterations',
  }),
  setting('rounds', 'numrounds, nrounds, rounds, communicationrounds', {
    before: '(?:number of |communication )rounds',
    after: '(?:communication |training |federated )?rounds',
    label: '(?:number of |communication )?rounds',
  }),
  setting('clients', 'numclients, nclients, clientsnumber', {
    before: 'number of clients',
    after: 'clients',
    label: '(?:number of )?clients',
  }),
  setting('participants', 'numparticipants, nparticipants, numusers, nusers, participants', {
    before: 'number of (?:participants|users)',
    after: '(?:simulated |synthetic |virtual )?(?:participants|users)',
    label: '(?:number of )?(?:participants|users)',
  }),
  setting('trees', 'nestimators, numtrees, ntrees', {
    before: 'number of trees|n_estimators',
    after: '(?:decision )?trees|estimators',
    label: 'number of trees|trees|n_estimators',
  }),
  setting('hidden size', 'hiddensize, hiddendim, hiddenunits, nhidden, hiddendims, dmodel, nembd, modeldim', {
    before:
      'hidden[ _](?:layer )?(?:size|dim(?:ension)?s?|width|units)|hidden_layer_sizes|hidden(?= ?=)|(?:hidden|dense|recurrent) layers? (?:of|with)(?: size| width)?|d_\\{?(?:\\\\?\\w{1,6}\\{)?model\\}{0,2}',
    after: 'hidden (?:units|neurons|dim(?:ension)?s?)|dim(?:ensional)? hidden',
    label: 'hidden (?:size|dim(?:ension)?s?|units)',
  }),
  setting('embedding size', 'embeddim, embeddingdim, embeddingsize, embsize, embdim', {
    before: 'embedding[ _](?:size|dim(?:ension)?s?)',
    after: 'dim(?:ensional)? embeddings?',
    label: 'embedding (?:size|dim(?:ension)?s?)',
  }),
  setting('layers', 'numlayers, nlayers, numhiddenlayers, nlayer, nhiddenlayers, numblocks, nblocks', {
    before: 'number of (?:hidden )?layers',
    after: null,
    label: '(?:number of |num[ _]|transformer )?layers',
  }),
  setting('heads', 'numheads, nheads, nhead, numattentionheads', {
    before: 'number of (?:attention )?heads',
    after: '(?:self-)?(?:attention )?heads?',
    label: '(?:number of |num[ _])?(?:attention )?heads',
  }),
  setting('temperature', 'temperature, temp, samplingtemperature', {
    before: '(?:sampling |decoding )?temperature',
    after: null,
    label: '(?:sampling )?temperature',
  }),
  setting('top-p', 'topp', { before: 'top-?_?p', after: null, label: 'top[-_ ]?p' }),
  setting('discount factor', 'gamma, discount, discountfactor', {
    before: 'discount(?: factor)?(?: \\\\?(?:gamma|γ))?',
    after: null,
    label: 'discount(?: factor)?(?: \\(?(?:gamma|γ)\\)?)?',
  }),
  setting('maximum length', 'maxlength, maxlen, maxseqlength, maxseqlen, blocksize', {
    before: 'max(?:imum)? (?:sequence |input |token )?length',
    after: null,
    label: 'max(?:imum)?[ _](?:sequence |input |token )?length',
  }),
  setting(
    'training samples',
    'numtrain, ntrain, trainsize, numtrainsamples, ntrainsamples, maxtrainsamples, trainsamples',
    {
      before: '(?:number of )?training (?:samples|examples)|train(?:ing)? size',
      after: 'training (?:samples|examples|instances)',
      label: '(?:number of )?train(?:ing)? (?:size|samples|examples|set size)',
    },
  ),
  setting(
    'test samples',
    'numtest, ntest, testsize, numtestsamples, ntestsamples, maxtestsamples, testsamples, numeval, nevalsamples, numevalsamples, maxevalsamples',
    {
      before: '(?:number of )?test (?:samples|examples)|test size',
      after: 'test (?:samples|examples|instances)',
      label: '(?:number of )?test (?:size|samples|examples|set size)',
    },
  ),
  setting('samples', 'numsamples, nsamples, datasetsize, maxsamples', {
    before: '(?:total )?number of (?:samples|examples)',
    after: null,
    label: '(?:total |number of )(?:samples|examples)|dataset size',
  }),
]

function setting(name: string, code: string, said: { before: string; after: string | null; label: string }): Setting {
  return {
    name,
    code: code.split(', ').map((one) => one.toLowerCase()),
    before: before(said.before),
    after: said.after === null ? null : after(said.after),
    label: label(said.label),
  }
}
