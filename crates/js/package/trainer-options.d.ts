// Made from the parameters of training by `cargo xtask js`; not to be edited.

/**
 * The options of `Trainer`: what is trained, on what, how, and with which remedies.
 *
 * Everything has a default. An option of something that is not chosen (another cell or optimiser, a remedy that is off)
 * changes nothing. A key may also be written as in the page's addresses, with hyphens; the types know camelCase only.
 */
export interface TrainerOptions {
  /**
   * W: How Wₕₕ is made at first; in a cell with gates, each gate has such a matrix of its own. "symmetric" by default
   * ("spectrum": general, by its eigenvalues; "pytorch": PyTorch's default).
   */
  recurrent?:
    | "symmetric"
    | "spectrum"
    | "orthogonal"
    | "identity"
    | "gaussian"
    | "xavier-uniform"
    | "xavier-normal"
    | "pytorch";
  /**
   * Choose the first eight eigenvalues by hand (the rest are spread evenly within the smallest of them), or all by a
   * rule from λ₁ and the gap. Of a network that you opened: those of the symmetric part (W + Wᵀ)/2 of its first block.
   * "by-hand" by default ("by-hand": custom; "even": even: spread over ± r λ₁; "geometric": geometric: λᵢ = λ₁ rⁱ⁻¹;
   * "linear": linear: from r λ₁ down to 0; "two-level": two-level: all others r λ₁; "positive-semidefinite": random
   * positive semi-definite; "own": of the opened network).
   */
  family?:
    | "by-hand"
    | "even"
    | "geometric"
    | "linear"
    | "two-level"
    | "random-symmetric"
    | "positive-semidefinite"
    | "own";
  /**
   * r: r = |λ₂/λ₁|: the smaller it is, the wider the gap and the faster the alignment. A number from 0 to 1; 0.9 by
   * default.
   */
  rate?: number;
  /**
   * λ₁: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; 1.05 by
   * default.
   */
  eigenvalue1?: number;
  /**
   * λ₂: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; 0.9 by default.
   */
  eigenvalue2?: number;
  /**
   * λ₃: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; -0.7 by
   * default.
   */
  eigenvalue3?: number;
  /**
   * λ₄: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; 0.4 by default.
   */
  eigenvalue4?: number;
  /**
   * λ₅: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; -0.9 by
   * default.
   */
  eigenvalue5?: number;
  /**
   * λ₆: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; -0.8 by
   * default.
   */
  eigenvalue6?: number;
  /**
   * λ₇: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; 0.8 by default.
   */
  eigenvalue7?: number;
  /**
   * λ₈: An eigenvalue of M: its k-th power is an eigenvalue of M to the power k. A number from -3 to 3; 0.7 by default.
   */
  eigenvalue8?: number;
  /**
   * s: Replace M by M + s I: every eigenvalue moves by s, the eigenvectors stay. A number from -2 to 2; 0 by default.
   */
  shift?: number;
  /** g: The factor before the random, the orthogonal or the identity matrix. A number from 0 to 5; 1 by default. */
  gain?: number;
  /** The real part of a pair of eigenvalues of the general recurrent matrix. A number from -3 to 3; 0.7 by default. */
  pair1Re?: number;
  /**
   * The imaginary part of the pair, ± this; at 0 the pair is a double real eigenvalue. A number from -3 to 3; 0.6 by
   * default.
   */
  pair1Im?: number;
  /** The real part of a pair of eigenvalues of the general recurrent matrix. A number from -3 to 3; 0.9 by default. */
  pair2Re?: number;
  /**
   * The imaginary part of the pair, ± this; at 0 the pair is a double real eigenvalue. A number from -3 to 3; 0 by
   * default.
   */
  pair2Im?: number;
  /** The real part of a pair of eigenvalues of the general recurrent matrix. A number from -3 to 3; -0.5 by default. */
  pair3Re?: number;
  /**
   * The imaginary part of the pair, ± this; at 0 the pair is a double real eigenvalue. A number from -3 to 3; 0.5 by
   * default.
   */
  pair3Im?: number;
  /**
   * How far the general matrix is from a normal one: the size of what stands above the diagonal of its Schur form. A
   * number from 0 to 20; 0 by default.
   */
  departure?: number;
  /** Scale the recurrent matrix at first so that its largest |λ| is what you say. Off by default. */
  rescale?: boolean;
  /**
   * ρ: The largest |λ| that the recurrent matrix starts with: moving it scales all eigenvalues. A number from 0 to 3; 1
   * by default.
   */
  spectralRadius?: number;
  /**
   * A plain recurrent cell, or one with gates and an additive path for its state. "rnn" by default ("leaky": leaky RNN;
   * "antisymmetric": antisymmetric RNN; "orthogonal": orthogonal RNN).
   */
  cell?: "rnn" | "lstm" | "gru" | "leaky" | "antisymmetric" | "orthogonal" | "min-gru";
  /** φ: What each unit of a plain cell does with its sum. "tanh" by default. */
  activation?: "linear" | "tanh" | "relu" | "sigmoid";
  /**
   * H: The number of units of each layer's state, and so of the rows of the recurrent matrix M. A whole number from 1
   * to 256; 32 by default.
   */
  hiddenSize?: number;
  /** Recurrent layers, each fed with the states of the one below. A whole number from 1 to 3; 1 by default. */
  layers?: number;
  /**
   * T: How long the sequences are, and so how far back the gradient has to reach. A whole number from 1 to 1000; 30 by
   * default.
   */
  sequenceLength?: number;
  /**
   * Draws the eigenvectors, the other weights, and every sequence: the same seed is the same run. A whole number from 0
   * to 4294967295; 1 by default.
   */
  seed?: number;
  /**
   * What is to be learned; in each task something is remembered over a time that T sets. "recall" by default ("recall":
   * recall of the first symbol; "adding": adding problem; "copying": copying memory).
   */
  task?: "recall" | "adding" | "copying" | "temporal-order";
  /**
   * B: How many fresh sequences each update looks at; no sequence is ever seen twice. A whole number from 1 to 256; 32
   * by default.
   */
  batchSize?: number;
  /** What turns the gradient into an update of the weights. "sgd" by default. */
  optimizer?: "sgd" | "rmsprop" | "adam" | "adamw";
  /**
   * η: The factor before the update; with a schedule, the largest one. A number from 0.000001 to 1000000; 0.1 by
   * default.
   */
  learningRate?: number;
  /**
   * α: The share of the state that is new at each step; 1 − α of it is kept. At 1 it is the plain tanh cell. A number
   * from 0 to 1; 0.1 by default.
   */
  cellAlpha?: number;
  /**
   * ε: How far the state moves at each step; the smaller, the closer to the differential equation that keeps the
   * gradient’s length. A number from 0.01 to 1; 0.1 by default.
   */
  cellEpsilon?: number;
  /**
   * γ: What is taken off the diagonal of the recurrent matrix, against the growth that finite steps bring. A number
   * from 0 to 2; 0 by default.
   */
  cellGamma?: number;
  /**
   * μ: The share of the last velocity that is kept: a steady gradient is amplified by up to 1/(1 − μ). A number from 0
   * to 0.999; 0 by default. Only with `optimizer: "sgd"`.
   */
  sgdMomentum?: number;
  /**
   * Step along the gradient plus the momentum of the new velocity; without momentum it changes nothing. Off by default.
   * Only with `optimizer: "sgd"`.
   */
  sgdNesterov?: boolean;
  /**
   * λ: Adds λ w to the gradient, as the term (λ/2) Σ w² in the loss does. A number from 0 to 1; 0 by default. Only with
   * `optimizer: "sgd"` or `"rmsprop"` or `"adam"`.
   */
  weightDecay?: number;
  /**
   * α: The share of the mean square that is kept: it looks back over about 1/(1 − α) steps. Papers use 0.9. A number
   * from 0 to 0.9999; 0.99 by default. Only with `optimizer: "rmsprop"`.
   */
  rmspropAlpha?: number;
  /**
   * ε: Added to the divisor: gradients much smaller than ε stay small. A number from 1e-16 to 1; 1e-8 by default. Only
   * with `optimizer: "rmsprop"`.
   */
  rmspropEpsilon?: number;
  /**
   * β₁: The share of the mean gradient that is kept: it looks back over about 1/(1 − β₁) steps. A number from 0 to
   * 0.999; 0.9 by default. Only with `optimizer: "adam"` or `"adamw"`.
   */
  adamBeta1?: number;
  /**
   * β₂: The share of the mean square that is kept: it looks back over about 1/(1 − β₂) steps. A number from 0 to
   * 0.9999; 0.999 by default. Only with `optimizer: "adam"` or `"adamw"`.
   */
  adamBeta2?: number;
  /**
   * ε: Added to the divisor: gradients much smaller than ε stay small. A number from 1e-16 to 1; 1e-8 by default. Only
   * with `optimizer: "adam"` or `"adamw"`.
   */
  adamEpsilon?: number;
  /**
   * λ: Every step multiplies the weights by 1 − η λ, whatever the gradient. A number from 0 to 1; 0.01 by default. Only
   * with `optimizer: "adamw"`.
   */
  adamwWeightDecay?: number;
  /** Begin with short sequences and lengthen them while training goes on. Off by default. */
  curriculum?: boolean;
  /**
   * T₀: The length of the first sequences. A whole number from 2 to 500; 10 by default. Only with `curriculum: true`.
   */
  curriculumFirst?: number;
  /**
   * The update from which on the sequences have their full length. A whole number from 1 to 100000; 600 by default.
   * Only with `curriculum: true`.
   */
  curriculumUpdates?: number;
  /**
   * How many different lengths there are, the full one included. A whole number from 2 to 20; 5 by default. Only with
   * `curriculum: true`.
   */
  curriculumStages?: number;
  /** Train an LSTM instead: four gates, and a cell state that is added to. Off by default. */
  lstm?: boolean;
  /** Train a GRU instead: two gates, and a state that is passed on past the matrix. Off by default. */
  gru?: boolean;
  /** Normalise both products over the batch, at every time step with statistics of its own. Off by default. */
  batchNorm?: boolean;
  /**
   * γ: The gain of both products at the start; training moves it. Small: the activation is not saturated. A number from
   * 0.01 to 2; 0.1 by default. Only with `batchNorm: true`.
   */
  batchNormGamma?: number;
  /**
   * γc: The gain of an LSTM’s normalised cell state at the start, on its way to h; training moves it. Other cells have
   * none. A number from 0.01 to 2; 0.1 by default. Only with `batchNorm: true`.
   */
  batchNormCellGamma?: number;
  /** Normalise both products over the units, in every sequence and at every time step by itself. Off by default. */
  layerNorm?: boolean;
  /**
   * γ: The gain of both products at the start; training moves it. Small: the activation is not saturated. A number from
   * 0.01 to 2; 1 by default. Only with `layerNorm: true`.
   */
  layerNormGamma?: number;
  /** Replace the recurrent matrix by a uniform random one of variance g²/H. Off by default. */
  xavierInit?: boolean;
  /**
   * g: The factor before the matrix; 5/3 is usual for tanh in layers, not through time. A number from 0.1 to 3; 1 by
   * default. Only with `xavierInit: true`.
   */
  xavierGain?: number;
  /** Replace the recurrent matrix by g Q with an orthogonal Q: every singular value is then g. Off by default. */
  orthogonalInit?: boolean;
  /**
   * A random orthogonal matrix, or the orthogonal matrix nearest to the one there is, so that an opened network keeps
   * much of what it has learned. "drawn" by default ("nearest": nearest to the matrix there is). Only with
   * `orthogonalInit: true`.
   */
  orthogonalMatrix?: "drawn" | "nearest";
  /**
   * g: The singular value that all directions share. 1 keeps norms in a linear cell. A number from 0.5 to 1.5; 1 by
   * default. Only with `orthogonalInit: true`.
   */
  orthogonalGain?: number;
  /** Replace the recurrent matrix by g I. Off by default. */
  identityInit?: boolean;
  /**
   * g: What every state is multiplied by from step to step, at the start. A number from 0 to 1.5; 1 by default. Only
   * with `identityInit: true`.
   */
  identityGain?: number;
  /** Scale the recurrent matrix at the start, a drawn one or an opened one, to a spectral radius. Off by default. */
  rescaleInit?: boolean;
  /**
   * ρ: The largest |λ| that each block of the recurrent matrix is given at the start. A number from 0 to 3; 1 by
   * default. Only with `rescaleInit: true`.
   */
  rescaleInitRadius?: number;
  /** Start the LSTM's forget gate with this bias. Off by default. */
  forgetBiasInit?: boolean;
  /**
   * b: Added before the forget gate's sigmoid: 1 and more keep the gate open at the start. A number from -3 to 5; 1 by
   * default. Only with `forgetBiasInit: true`.
   */
  forgetBias?: number;
  /** Draw the biases of the forget gates so that the units remember over times up to Tmax. Off by default. */
  chronoInit?: boolean;
  /**
   * Tmax: The longest time, in steps, over which something is to be remembered; the sequence length is usual. A whole
   * number from 3 to 1000; 30 by default. Only with `chronoInit: true`.
   */
  chronoLongest?: number;
  /** Keep only the states at the starts of segments; compute the others again on the way back. Off by default. */
  checkpointing?: boolean;
  /**
   * About √T saves most memory. As long as the sequence: nothing is forgotten. A whole number from 1 to 500; 8 by
   * default. Only with `checkpointing: true`.
   */
  checkpointSegment?: number;
  /**
   * Multiply the loss by a power of two on the way back; leave out updates that are not finite, and halve it then. Off
   * by default.
   */
  lossScale?: boolean;
  /**
   * k: The loss is multiplied by two to this power at first; 16 is PyTorch’s. A whole number from 0 to 100; 16 by
   * default. Only with `lossScale: true`.
   */
  lossScaleExponent?: number;
  /**
   * n: The scale is doubled after this many updates on end that were finite; 2,000 is usual in long runs. A whole
   * number from 1 to 10000; 200 by default. Only with `lossScale: true`.
   */
  lossScaleInterval?: number;
  /** Follow each loss back over a window of time steps only. Off by default. */
  truncation?: boolean;
  /**
   * k: How many time steps a loss is followed back. A whole number from 1 to 520; 10 by default. Only with
   * `truncation: true`.
   */
  truncationWindow?: number;
  /**
   * k′: In tasks with a loss at every step: how many losses are followed back together. At most the window. A whole
   * number from 1 to 520; 5 by default. Only with `truncation: true`.
   */
  truncationStride?: number;
  /** Cut the gradient of the state at every time step, while it flows backward. Off by default. */
  clipState?: boolean;
  /**
   * c: The largest entry of the state's gradient that is let through. The entries are means over the batch: they are
   * small. A number from 0.000001 to 1000; 0.01 by default. Only with `clipState: true`.
   */
  clipStateLimit?: number;
  /** Leave the contributions of some time steps out of the gradient. Off by default. */
  maskSteps?: boolean;
  /**
   * Where the masked part of the sequence begins. A number from 0 to 100; 0 by default. Only with `maskSteps: true`.
   */
  maskFrom?: number;
  /** Where the masked part of the sequence ends. A number from 0 to 100; 50 by default. Only with `maskSteps: true`. */
  maskTo?: number;
  /** Add λ Ω to the loss: it penalises every step at which the gradient changes its norm. Off by default. */
  omega?: boolean;
  /** λ: The factor before Ω in the loss. A number from 0.000001 to 10; 0.02 by default. Only with `omega: true`. */
  omegaStrength?: number;
  /** Raise an alarm when the gradient is longer than a threshold, or not a number. Off by default. */
  detect?: boolean;
  /**
   * c: The norm of the gradient above which the alarm is raised. A number from 0.01 to 1000000; 100 by default. Only
   * with `detect: true`.
   */
  detectThreshold?: number;
  /**
   * What is done when the alarm is raised. "skip" by default ("alarm": warn only; "skip": skip the update; "halve":
   * halve the learning rate; "clip": switch clipping on). Only with `detect: true`.
   */
  detectAction?: "alarm" | "skip" | "halve" | "clip";
  /** Add λ Σ |w| to the loss. Off by default. */
  l1?: boolean;
  /**
   * λ: The factor before the penalty in the loss. A number from 0.000001 to 10; 0.001 by default. Only with `l1: true`.
   */
  l1Strength?: number;
  /** Add (λ/2) Σ w² to the loss. Off by default. */
  l2?: boolean;
  /**
   * λ: The factor before the penalty in the loss. A number from 0.000001 to 10; 0.001 by default. Only with `l2: true`.
   */
  l2Strength?: number;
  /** Multiply the whole gradient by a factor. Off by default. */
  gradientScale?: boolean;
  /**
   * s: What the gradient is multiplied by. A number from 0.000001 to 100; 0.1 by default. Only with
   * `gradientScale: true`.
   */
  gradientScaleFactor?: number;
  /** Set the gradient of chosen tensors to zero. Off by default. */
  maskTensors?: boolean;
  /**
   * The tensors that get no update. "recurrent" by default ("recurrent": recurrent weights Wₕₕ; "input": input weights
   * Wᵢₕ; "bias": biases; "readout": the readout; "all": all but the readout; "none": nothing). Only with
   * `maskTensors: true`.
   */
  maskWhich?: "recurrent" | "input" | "bias" | "readout" | "all" | "none";
  /**
   * Freeze in all layers, or in one only. "every" by default ("every": in every layer; "1": in layer 1; "2": in layer
   * 2; "3": in layer 3). Only with `maskTensors: true`.
   */
  maskLayer?: "every" | "1" | "2" | "3";
  /** Cut every entry of the gradient. Acts after backpropagation. Off by default. */
  clipValue?: boolean;
  /**
   * c: The largest entry of the gradient that is let through. A number from 0.0001 to 1000; 0.1 by default. Only with
   * `clipValue: true`.
   */
  maxValue?: number;
  /** Shorten the gradient of each tensor. Acts after backpropagation. Off by default. */
  clipTensor?: boolean;
  /**
   * c: The longest gradient of a tensor that is let through. A number from 0.001 to 1000; 0.5 by default. Only with
   * `clipTensor: true`.
   */
  tensorMaxNorm?: number;
  /** Shorten the gradient of each layer to a threshold of its own. Acts after backpropagation. Off by default. */
  clipLayer?: boolean;
  /**
   * Whether all tensors of a layer are shortened together, or its input weights and its recurrent weights each by
   * themselves. "layer" by default ("layer": each layer; "weights": input and recurrent weights apart). Only with
   * `clipLayer: true`.
   */
  clipLayerParts?: "layer" | "weights";
  /**
   * c: The longest gradient of this layer’s tensors together that is let through; of its recurrent weights, where the
   * input weights have their own. A number from 0.001 to 1000; 1 by default. Only with `clipLayer: true`.
   */
  layer1MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s tensors together that is let through; of its recurrent weights, where the
   * input weights have their own. A number from 0.001 to 1000; 1 by default. Only with `clipLayer: true`.
   */
  layer2MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s tensors together that is let through; of its recurrent weights, where the
   * input weights have their own. A number from 0.001 to 1000; 1 by default. Only with `clipLayer: true`.
   */
  layer3MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s input weights and their bias that is let through. A number from 0.001 to
   * 1000; 1 by default. Only with `clipLayer: true`.
   */
  input1MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s input weights and their bias that is let through. A number from 0.001 to
   * 1000; 1 by default. Only with `clipLayer: true`.
   */
  input2MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s input weights and their bias that is let through. A number from 0.001 to
   * 1000; 1 by default. Only with `clipLayer: true`.
   */
  input3MaxNorm?: number;
  /**
   * c: The longest gradient of this layer’s tensors together that is let through; of its recurrent weights, where the
   * input weights have their own. A number from 0.001 to 1000; 1 by default. Only with `clipLayer: true`.
   */
  readoutMaxNorm?: number;
  /** Shorten the gradient of all parameters to c when it is longer. Acts after backpropagation. Off by default. */
  clipNorm?: boolean;
  /**
   * c: The longest parameter gradient that is let through. Useful: 0.5 to 10 times the average norm. A number from
   * 0.001 to 1000; 1 by default. Only with `clipNorm: true`.
   */
  maxNorm?: number;
  /** Make the gradient of all parameters exactly c long. Off by default. */
  normalize?: boolean;
  /**
   * c: The length that every gradient is given. A number from 0.001 to 1000; 1 by default. Only with `normalize: true`.
   */
  normalizedNorm?: number;
  /** Add normal random numbers, ever smaller ones, to the gradient. Acts after clipping. Off by default. */
  gradientNoise?: boolean;
  /**
   * η₀: The variance of the noise in each entry of the gradient, in the first update; the paper has 0.01, 0.3 and 1. A
   * number from 0 to 1; 0.01 by default. Only with `gradientNoise: true`.
   */
  noiseStrength?: number;
  /**
   * γ: The exponent with which the variance of the noise falls over the updates; 0 is no fall. A number from 0 to 2;
   * 0.55 by default. Only with `gradientNoise: true`.
   */
  noiseDecay?: number;
  /** Change the learning rate while training goes on. Off by default. */
  schedule?: boolean;
  /**
   * How the learning rate changes. "warm-up" by default ("step-decay": in steps; "warm-up": linear warm-up;
   * "warm-up-cosine": linear warm-up, then cosine; "plateau": on a plateau). Only with `schedule: true`.
   */
  scheduleKind?: "step-decay" | "exponential" | "inverse-time" | "cosine" | "warm-up" | "warm-up-cosine" | "plateau";
  /** Multiply all weights by 1 − η λ after every update. Off by default. */
  weightDecayDecoupled?: boolean;
  /**
   * λ: Every update multiplies the weights by 1 − η λ. A number from 0.000001 to 10; 0.01 by default. Only with
   * `weightDecayDecoupled: true`.
   */
  weightDecayStrength?: number;
  /**
   * Keep the largest singular value of the recurrent matrix at or below a bound, at the start and after every update.
   * Off by default.
   */
  spectralNorm?: boolean;
  /**
   * c: The largest singular value that each block of the recurrent matrix may have. A number from 0.1 to 1000; 1 by
   * default. Only with `spectralNorm: true`.
   */
  spectralNormBound?: number;
  /**
   * n: How many training steps the learning rate stays the same. A whole number from 1 to 100000; 1000 by default. Only
   * with `schedule: true` and `scheduleKind: "step-decay"`.
   */
  stepDecayEvery?: number;
  /**
   * γ: What the learning rate is multiplied by at each fall. A number from 0.01 to 1; 0.5 by default. Only with
   * `schedule: true` and `scheduleKind: "step-decay"`.
   */
  stepDecayFactor?: number;
  /**
   * γ: What the learning rate is multiplied by at each step; 0.999 halves it every 693 steps. A number from 0.9 to 1;
   * 0.999 by default. Only with `schedule: true` and `scheduleKind: "exponential"`.
   */
  exponentialFactor?: number;
  /**
   * k: By how much the divisor of the learning rate grows in s steps; at 1 the rate is half of the first after s. A
   * number from 0 to 10; 1 by default. Only with `schedule: true` and `scheduleKind: "inverse-time"`.
   */
  inverseTimeFactor?: number;
  /**
   * s: The number of training steps in which the divisor of the learning rate grows by k. A whole number from 1 to
   * 100000; 1000 by default. Only with `schedule: true` and `scheduleKind: "inverse-time"`.
   */
  inverseTimeSteps?: number;
  /**
   * T: The number of training steps after which the cosine is at its minimum. A whole number from 1 to 100000; 5000 by
   * default. Only with `schedule: true` and `scheduleKind: "cosine"` or `"warm-up-cosine"`.
   */
  cosineSteps?: number;
  /**
   * η*: The learning rate at the foot of the cosine. A number from 0 to 0.1; 0 by default. Only with `schedule: true`
   * and `scheduleKind: "cosine"` or `"warm-up-cosine"`.
   */
  cosineMinimum?: number;
  /**
   * n: The number of training steps until the chosen learning rate is reached. A whole number from 0 to 100000; 200 by
   * default. Only with `schedule: true` and `scheduleKind: "warm-up"` or `"warm-up-cosine"`.
   */
  warmUpSteps?: number;
  /**
   * s: The first step uses this share of the learning rate. A number from 0 to 1; 0.1 by default. Only with
   * `schedule: true` and `scheduleKind: "warm-up"` or `"warm-up-cosine"`.
   */
  warmUpStart?: number;
  /**
   * γ: What the learning rate is multiplied by on a plateau. A number from 0.01 to 0.99; 0.5 by default. Only with
   * `schedule: true` and `scheduleKind: "plateau"`.
   */
  plateauFactor?: number;
  /**
   * p: How many training steps on end may pass without a new best loss. A whole number from 0 to 10000; 200 by default.
   * Only with `schedule: true` and `scheduleKind: "plateau"`.
   */
  plateauPatience?: number;
  /**
   * ϑ: A loss is a new best only if it is lower by more than this share. A number from 1e-8 to 0.5; 0.0001 by default.
   * Only with `schedule: true` and `scheduleKind: "plateau"`.
   */
  plateauThreshold?: number;
  /**
   * How many training steps after a fall are not counted as bad. A whole number from 0 to 10000; 0 by default. Only
   * with `schedule: true` and `scheduleKind: "plateau"`.
   */
  plateauCooldown?: number;
  /**
   * η*: The learning rate does not fall below this. A number from 0 to 0.1; 0 by default. Only with `schedule: true`
   * and `scheduleKind: "plateau"`.
   */
  plateauMinimum?: number;
}
