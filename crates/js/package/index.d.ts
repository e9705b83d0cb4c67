/**
 * Gradients of recurrent networks, powers of symmetric matrices, and the alignment that these bring.
 *
 * Call {@link init} once; then every function takes one object of options and returns one plain object, at once. Arrays
 * come back as `Float64Array`, row by row. Options are copied and never changed.
 *
 * What does not fit (a shape, NaN or infinity among given numbers, a size of 0, an option that does not exist) is an
 * `Error` whose message is one sentence with the name of the thing and the shape that was expected. A network that
 * overflows is no error: the results say so.
 *
 * The same input gives the same bits in every browser, in Node, and in the program that this package is part of.
 *
 * @example
 * import init, { symmetricEigenvalues } from "vanishing-core";
 * await init();
 * symmetricEigenvalues({ matrix: [2, 1, 1, 2], size: 2 }).eigenvalues; // 3, 1
 *
 * @packageDocumentation
 */

/** Numbers to give: a typed array, or an ordinary flat array. A matrix stands row by row. */
export type Numbers =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | readonly number[];

/** Where the WebAssembly comes from. */
export interface InitOptions {
  /**
   * The address, the bytes, a response or a compiled module; by default `vanishing_core_bg.wasm` beside `index.js`. For
   * bundlers that move files, and for workers that are handed a compiled module.
   */
  wasm?: string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;
}

/**
 * Loads the WebAssembly, once: further calls return the same promise. Everything else is ready when it is fulfilled.
 *
 * In a browser it is fetched, in Node read from the disk.
 *
 * @throws an `Error` (the promise is rejected) with the address that could not be loaded; a later call tries again.
 * @example
 * import init, { gradientNorms } from "./vanishing-core/index.js";
 * await init();
 */
export default function init(options?: InitOptions): Promise<void>;

/** Numbers of any size as a sign and a logarithm: sign * 10^log10Abs. */
export interface SignedLogarithms {
  /** -1, 0 or 1. */
  sign: Int8Array;
  /** log10 of the magnitude; -Infinity for zero. */
  log10Abs: Float64Array;
}

/** See {@link matrixPower}. */
export interface MatrixPowerOptions {
  /** M: size * size finite numbers, row by row, symmetric (up to rounding, which is evened out). */
  matrix: Numbers;
  /** The number of rows, at least 1. */
  size: number;
  /** k: a whole number from 0 to 10^12. */
  power?: number;
  /**
   * Several k, in any order, in the place of `power`: the matrix is decomposed and squared once for all of them. The result is then a
   * {@link MatrixPowersResult}.
   */
  powers?: Numbers;
}

/** See {@link matrixPower}, of `powers`: the same as for each k alone, one after the other in the order given. */
export interface MatrixPowersResult {
  /** The matrices M^k / 2^exponent, size * size numbers each. */
  matrix: Float64Array;
  /** The power of two of each, a whole number. */
  exponent: Float64Array;
  /** log10 of each 2^exponent. */
  log10Scale: Float64Array;
  /** log10 of the largest magnitude among the entries of each M^k; -Infinity for the zero matrix. */
  log10MaxAbs: Float64Array;
  /** λ_i of M, by falling magnitude. */
  eigenvalues: Float64Array;
  /** λ_i^k, `size` of them for each k. */
  eigenvaluePowers: SignedLogarithms;
  /** The eigenvalues of each multiplied matrix M^k, `size` of them for each k. */
  measuredEigenvalues: SignedLogarithms;
}

/** See {@link matrixPower}. */
export interface MatrixPowerResult {
  /** M^k / 2^exponent, row by row; its largest entry is of the order of 1. */
  matrix: Float64Array;
  /** The power of two, a whole number. */
  exponent: number;
  /** log10 of 2^exponent. */
  log10Scale: number;
  /** log10 of the largest magnitude among the entries of M^k; -Infinity for the zero matrix. */
  log10MaxAbs: number;
  /** λ_i of M, by falling magnitude. */
  eigenvalues: Float64Array;
  /** λ_i^k, from the eigenvalues of M, in the same order. */
  eigenvaluePowers: SignedLogarithms;
  /**
   * The eigenvalues of the multiplied matrix M^k, by falling magnitude. Those that are smaller than about 1e-16 of the
   * largest are rounding.
   */
  measuredEigenvalues: SignedLogarithms;
}

/**
 * M^k for a symmetric matrix M, by repeated squaring, without overflow.
 *
 *     M^k = matrix * 2^exponent,   M^k v_i = λ_i^k v_i
 *
 * @throws an `Error` with one sentence when the matrix does not fit its size, is not finite, or is not symmetric.
 * @example
 * matrixPower({ matrix: [2, 1, 1, 2], size: 2, power: 3 });
 * // matrix * 2^exponent is [14, 13, 13, 14]; eigenvaluePowers are 27 and 1, as signs and log10
 */
export function matrixPower(options: MatrixPowerOptions & { power: number }): MatrixPowerResult;
/** M^k for several k at once: see above. */
export function matrixPower(options: MatrixPowerOptions & { powers: Numbers }): MatrixPowersResult;

/** See {@link symmetricEigenvalues}. */
export interface SymmetricEigenvaluesOptions {
  /** M: size * size finite numbers, row by row, symmetric (up to rounding, which is evened out). */
  matrix: Numbers;
  /** The number of rows, at least 1. */
  size: number;
}

/** See {@link symmetricEigenvalues}. */
export interface SymmetricEigenvaluesResult {
  /** λ_i by falling magnitude. Their errors are about 1e-16 of the largest. */
  eigenvalues: Float64Array;
}

/**
 * The eigenvalues of a symmetric matrix.
 *
 * @throws an `Error` with one sentence when the matrix does not fit its size, is not finite, or is not symmetric.
 * @example
 * symmetricEigenvalues({ matrix: [2, 1, 1, 2], size: 2 }); // { eigenvalues: Float64Array [3, 1] }
 */
export function symmetricEigenvalues(options: SymmetricEigenvaluesOptions): SymmetricEigenvaluesResult;

/** See {@link alignment}: either `matrix` with `size`, or `eigenvalues`. */
export interface AlignmentOptions {
  /**
   * M: size * size finite numbers, row by row, symmetric. Its eigenvectors are computed, so each c_i has an error of about
   * 1e-16 ‖x‖: a start that has no part along an eigenvector is taken for one that has this much, and k steps let it grow by
   * |λ_i / λ_j|^k beside the rest. Give `eigenvalues` and the coefficients instead where a part is to be exactly 0.
   */
  matrix?: Numbers;
  /** λ_i, in any order, instead of the matrix: everything is then exact in the eigenbasis. */
  eigenvalues?: Numbers;
  /** The number of rows, at least 1; with `eigenvalues` it may be left out. */
  size?: number;
  /** x, `size` numbers: with `matrix` in the same coordinates, with `eigenvalues` the coefficients c_i = <x, v_i>. */
  start: Numbers;
  /**
   * How many x there are in `start`, one after the other; 1 by default. The matrix is decomposed once for all of them: a thousand
   * starts of 64 numbers take a small part of the time of a thousand calls.
   */
  starts?: number;
  /** The powers k: whole numbers from 0 to 10^12, in any order. */
  powers: Numbers;
  /**
   * Which eigenvector is meant, as an index from 0: into `eigenvalues` as given, or into those of the matrix by falling
   * magnitude. By default that of the largest magnitude.
   */
  target?: number;
}

/**
 * See {@link alignment}. Arrays have one entry for each power, for the first start and then for the next; NaN where M^k x = 0 has no
 * direction.
 */
export interface AlignmentResult {
  /** θ_k in radians between M^k x and the line of v, 0 to π/2. */
  angle: Float64Array;
  /** The angle to +v in radians, 0 to π: with a negative eigenvalue it alternates. */
  signedAngle: Float64Array;
  /** The angle in radians to the span of all eigenvectors whose eigenvalue has the largest magnitude. */
  dominantSpaceAngle: Float64Array;
  /** log10 tan θ_k, exact where the angle itself underflows; -Infinity: aligned exactly, Infinity: orthogonal. */
  log10Tan: Float64Array;
  /** log10 of the Euclidean norm of M^k x; -Infinity where M^k x = 0. */
  log10Norm: Float64Array;
  /** λ_i, in the order of `coefficients` and `target`. */
  eigenvalues: Float64Array;
  /** c_i = <x, v_i>, `size` of them for each start. */
  coefficients: Float64Array;
  /** The index of v. */
  target: number;
}

/**
 * The angle between M^k x and an eigenvector v of M, in logarithms: exact far below what multiplying could reach.
 *
 *     tan² θ_k = Σ_{i ≠ target} (λ_i / λ_target)^{2k} c_i² / c_target²,   c_i = <x, v_i>
 *
 * @throws an `Error` with one sentence when an array does not fit, is not finite, or the target is no index.
 * @example
 * alignment({ eigenvalues: [2, 1], start: [1, 1], powers: [0, 10] }).log10Tan; // 0 and -10 log10 2
 */
export function alignment(options: AlignmentOptions): AlignmentResult;

/** See {@link alignmentProbability}. */
export interface AlignmentProbabilityOptions {
  /** λ_i, in any order. */
  eigenvalues: Numbers;
  /** The powers k: whole numbers from 0 to 10^12, in any order. */
  powers: Numbers;
  /** What counts as aligned, from 0 on; see `metric`. */
  epsilon: number;
  /** "angle" (by default): θ <= epsilon, in radians; "cosine": |cos θ| >= 1 - epsilon; "sine": sin θ <= epsilon. */
  metric?: "angle" | "cosine" | "sine";
  /** Which eigenvector is meant, as an index of `eigenvalues`; by default that of the largest magnitude. */
  target?: number;
}

/** See {@link alignmentProbability}. Arrays have one entry for each power; NaN where M^k = 0. */
export interface AlignmentProbabilityResult {
  /** P. */
  probability: Float64Array;
  /** 1 - P, to full relative precision: 1e-300 where P rounds to 1. */
  complement: Float64Array;
  /** τ: aligned means tan θ <= τ. */
  tangent: number;
  /** The index of v. */
  target: number;
}

/**
 * The probability that M^k x is aligned with v, over x uniform on the unit sphere: exact for any spectrum.
 *
 *     P(tan θ_k <= τ) = (1/π) ∫ ds / cosh s · Π_{i ≠ target} (1 + b_i (1 + e^{2s}))^{-1/2},   b_i = (λ_i/λ_target)^{2k} / τ²
 *
 * @throws an `Error` with one sentence when the numbers are not finite, or epsilon is negative.
 * @example
 * alignmentProbability({ eigenvalues: [2, 1], powers: [0, 20], epsilon: 0.1 }).probability; // 0.0637 and 0.999994
 */
export function alignmentProbability(options: AlignmentProbabilityOptions): AlignmentProbabilityResult;

/** PyTorch's names of the tensors of layer 0, 1, ..., and the readout's. */
export type TensorName =
  | `${"weight" | "bias"}_${"ih" | "hh"}_l${number}${"" | "_reverse"}`
  | `weight_hr_l${number}${"" | "_reverse"}`
  | "weight_out"
  | "bias_out";

/**
 * Tensors as in PyTorch's `state_dict`, each flat and row by row; `gates` is 1 for rnn, 4 for lstm (in the order i, f,
 * g, o), 3 for gru (r, z, n).
 *
 * | name | shape |
 * |---|---|
 * | weight_ih_l0 | gates * hiddenSize by inputSize (by hiddenSize in the layers above) |
 * | weight_hh_l0 | gates * hiddenSize by hiddenSize |
 * | bias_ih_l0, bias_hh_l0 | gates * hiddenSize; zero if left out |
 * | weight_out | outputSize by hiddenSize; if left out, the output is the state of the top layer |
 * | bias_out | outputSize; zero if left out |
 *
 * With `bidirectional` each tensor of a layer also stands there with `_reverse`, for the direction backwards in time; the layers above
 * read 2 * hiddenSize numbers, and so does weight_out. With `projectionSize` P, weight_hr_l0 is P by hiddenSize, weight_hh_l0 gates *
 * hiddenSize by P, and what reads the states reads P numbers of each direction.
 */
export type Weights = { readonly [name in TensorName]?: Numbers };

/** How far back the gradient is followed (truncated backpropagation through time). */
export interface Truncation {
  /**
   * "chunks": the sequence is cut into chunks, as by `detach()`; "last": only the last steps, for a loss at the last
   * step; "sliding": each loss is followed back over its own window.
   */
  kind: "chunks" | "last" | "sliding";
  /** The number of steps, at least 1. */
  steps: number;
}

/** See {@link gradientNorms}. Arrays over time are time-major, as PyTorch's are by default: [t][sequence][feature]. */
export interface GradientNormsOptions {
  /** The cell of every layer: `nn.RNN`, `nn.LSTM` or `nn.GRU`. */
  cell: "rnn" | "lstm" | "gru";
  /** φ of the cell "rnn"; "tanh" by default. */
  activation?: "tanh" | "relu" | "sigmoid" | "linear";
  /** The weights. */
  weights: Weights;
  /** Features of an input, at least 1. */
  inputSize: number;
  /** Units of the state of each layer, at least 1. */
  hiddenSize: number;
  /** Features of the output; needed with `weight_out`, otherwise it is hiddenSize. */
  outputSize?: number;
  /** Number of layers; 1 by default. */
  layers?: number;
  /** Whether each layer also runs backwards in time; false by default. */
  bidirectional?: boolean;
  /**
   * proj_size of PyTorch's `nn.LSTM`: h_t = W_hr (o ⊙ tanh c_t) has so many numbers, fewer than hiddenSize. Without it h_t is not
   * projected.
   */
  projectionSize?: number;
  /** T, at least 1. */
  sequenceLength: number;
  /** B; 1 by default. */
  batchSize?: number;
  /** x: sequenceLength * batchSize * inputSize numbers. */
  inputs: Numbers;
  /**
   * h_0: layers * batchSize * hiddenSize numbers; zeros by default. With `bidirectional` each layer has its state forwards in time and then
   * that backwards; projected states start at zero.
   */
  hiddenStart?: Numbers;
  /** c_0 of the cell "lstm": the same. */
  cellStart?: Numbers;
  /**
   * The loss L, a sum over the batch, and over all times or at the last one alone:
   * "squared-error-...": scale * Σ ‖y - target‖²; "cross-entropy-...": scale * Σ -ln softmax(y)_class. Where an
   * output is beyond the range of double precision, L is Infinity, and gradients go on with exponents of their own.
   * With `bidirectional` the last output is that of each direction's own last step, as of PyTorch's `h_n`.
   */
  loss: "squared-error-last" | "squared-error-all" | "cross-entropy-last" | "cross-entropy-all";
  /** The factor before the sum; 1 by default. 1 / batchSize makes a mean over sequences. */
  lossScale?: number;
  /**
   * For a squared error the outputs that are wanted: batchSize * outputSize numbers, for cross-entropy batchSize
   * classes from 0 to outputSize - 1; for the losses over all times, that many for each time step.
   */
  targets: Numbers;
  /** How far back the gradient is followed; over the whole sequence by default. */
  truncation?: Truncation;
}

/**
 * What one layer saw; index t = 0 to T is the time of the state. Backwards in time a layer counts its own steps: step t reads x at T + 1 - t.
 */
export interface GradientNormsLayer {
  /** log10 ‖dL/dh_t‖, the total derivative, over the whole batch: T + 1 numbers. -Infinity: no gradient arrives. */
  log10HiddenGradientNorms: Float64Array;
  /** log10 ‖dL/dc_t‖ for the cell "lstm", otherwise null. */
  log10CellGradientNorms: Float64Array | null;
  /** h_0 to h_T: (T + 1) * batchSize * hiddenSize numbers; of projected states projectionSize. */
  hidden: Float64Array;
  /** c_0 to c_T for the cell "lstm", otherwise null. */
  cell: Float64Array | null;
  /** The same of the direction backwards in time, with `bidirectional`; otherwise, and within it, null. */
  reverse: GradientNormsLayer | null;
}

/** See {@link gradientNorms}. */
export interface GradientNormsResult {
  /** L. */
  loss: number;
  /** y_T: batchSize * outputSize numbers. */
  outputLast: Float64Array;
  /** One entry for each layer, from the bottom. */
  layers: GradientNormsLayer[];
  /** dL/dθ of each tensor that was given, in its shape; beyond the range of double precision zeros and infinities. */
  gradients: { [name in TensorName]?: Float64Array };
  /** log10 of the Euclidean norm of each of them, right at any size. */
  log10GradientNorms: { [name in TensorName]?: number };
  /** log10 of the Euclidean norm of all of them together. */
  log10GlobalNorm: number;
}

/**
 * One forward and one backward pass through a recurrent network with given weights: the norm of the gradient at every
 * time step, in double precision.
 *
 *     h_t, c_t = cell(W_ih x_t + b_ih, W_hh h_{t-1} + b_hh, c_{t-1}),   y_t = W_out h_t + b_out
 *     dL/dh_{t-1} = W_hhᵀ dL/d(W_hh h_{t-1} + b_hh) + what flows past W_hh + what the loss at t-1 adds
 *
 * A power of two travels back beside the vectors, so that norms like 1e-5000 are found as such; where the forward pass
 * itself overflows, it is repeated with a wider exponent. A tensor that is left out is no parameter: it has no gradient
 * and no part in the global norm.
 *
 * Source: Werbos, "Backpropagation through time: what it does and how to do it" (1990).
 *
 * @throws an `Error` with one sentence when a tensor is missing, unknown, not finite or of another shape, when a size is
 * 0, or when the pass might need more memory than WebAssembly has.
 * @example
 * // h_t = h_{t-1} / 2 over 100 steps, L = (h_T - 0)²: dL/dh_t halves with every step back.
 * const { layers } = gradientNorms({
 *   cell: "rnn", activation: "linear", inputSize: 1, hiddenSize: 1, sequenceLength: 100,
 *   weights: { weight_ih_l0: [0], weight_hh_l0: [0.5] },
 *   inputs: new Float64Array(100), hiddenStart: [1], loss: "squared-error-last", targets: [0],
 * });
 * layers[0].log10HiddenGradientNorms; // at t = 100: log10(2 h_T); at t = 0: 100 log10 2 less
 */
export function gradientNorms(options: GradientNormsOptions): GradientNormsResult;

import type { TrainerOptions } from "./trainer-options.js";
export type { TrainerOptions };

/** What some updates found, an entry for each; norms as base-10 logarithms. See {@link Trainer.steps}. */
export interface TrainerReport {
  /** The updates, counted from 0. */
  step: Float64Array;
  /** The loss of each batch, before its update. */
  loss: Float64Array;
  /** The share of right answers on it. */
  accuracy: Float64Array;
  /** The learning rate that was used. */
  learningRate: Float64Array;
  /** log10 ‖dL/dθ‖ as backpropagation gave it. */
  log10GradientNorm: Float64Array;
  /** log10 ‖dL/dθ‖ as the optimiser got it. */
  log10GradientNormAfter: Float64Array;
  /** log10 of the size of the update; -Infinity where it was left out, NaN where there was none any more. */
  log10UpdateNorm: Float64Array;
  /** Bytes of the buffers of the passes. */
  bytes: number;
  /** Time steps whose forward pass was made twice, in one update. */
  recomputedSteps: number;
  /** Where the run diverged, or null: no further update is possible then. */
  breakdown: { step: number; place: "state" | "loss" | "gradient" | "weights"; tensor: string | null } | null;
}

/**
 * A training run in single precision, some updates a call: the one of the page's laboratory, bit for bit.
 *
 * @throws an `Error` with one sentence for an option that does not exist or a value that is not allowed.
 * @example
 * // Updates per second.
 * const trainer = new Trainer({ task: "adding", sequenceLength: 100, hiddenSize: 64, optimizer: "adam", clipNorm: true });
 * const start = performance.now();
 * const { loss } = trainer.steps(200);
 * console.log(200e3 / (performance.now() - start), loss.at(-1));
 * trainer.free();
 */
export class Trainer {
  constructor(options?: TrainerOptions);
  /** Updates that were made. */
  readonly updates: number;
  /** Makes so many updates (0 to 1,000,000), or fewer if the run breaks down. */
  steps(count: number): TrainerReport;
  /** The loss and the share of right answers on sequences that are never trained on. */
  test(): { loss: number; accuracy: number };
  /** The weights by PyTorch's names, row by row. */
  weights(): { [name: string]: Float32Array };
  /** Gives the memory back; the run cannot be used any more, and says so. */
  free(): void;
}
