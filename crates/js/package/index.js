// Loads the WebAssembly of this package and hands out its functions; index.d.ts has their documentation.
// The same file serves browsers (by fetch, from beside this module) and Node (from the disk).
import load, * as core from "./vanishing_core.js";

let loading;
let isLoaded = false;

/** Loads the WebAssembly; see index.d.ts. */
export default function init(options = {}) {
  // A second call waits for the first; after a failure it tries again.
  loading ??= loadFrom(options.wasm ?? new URL("./vanishing_core_bg.wasm", import.meta.url)).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadFrom(wasm) {
  const isAddress = typeof wasm === "string" || wasm instanceof URL;
  try {
    await load({ module_or_path: isAddress && String(wasm).startsWith("file:") ? await fromDisk(wasm) : wasm });
  } catch (cause) {
    const from = isAddress ? ` from ${wasm}` : "";
    throw new Error(`vanishing-core could not load its WebAssembly${from}: ${cause.message ?? cause}`, { cause });
  }
  isLoaded = true;
}

async function fromDisk(address) {
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ "node:fs/promises");
  return readFile(new URL(address));
}

function ensureLoaded(name) {
  if (!isLoaded) {
    throw new Error(`vanishing-core is not loaded yet; expected \`await init()\` before the first call of ${name}`);
  }
}

function make(name, options) {
  ensureLoaded(name);
  return new core[name](options);
}

function call(name, options) {
  ensureLoaded(name);
  try {
    return core[name](options);
  } catch (cause) {
    // What does not fit is an Error with its sentence. A trap of WebAssembly has none: memory ran out.
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    throw new Error(`${name} did not come to an end; there may be too little memory for arrays of this size`, { cause });
  }
}

/** M^k for a symmetric matrix M. */
export function matrixPower(options) {
  return call("matrixPower", options);
}

/** The eigenvalues of a symmetric matrix. */
export function symmetricEigenvalues(options) {
  return call("symmetricEigenvalues", options);
}

/** The angle between M^k x and an eigenvector. */
export function alignment(options) {
  return call("alignment", options);
}

/** The probability that M^k x is aligned, over random x. */
export function alignmentProbability(options) {
  return call("alignmentProbability", options);
}

/** The norms of the gradients of a recurrent network at every time step. */
export function gradientNorms(options) {
  return call("gradientNorms", options);
}

/** A training run, some updates a call. */
export class Trainer {
  #run;

  constructor(options) {
    this.#run = make("Trainer", options);
  }

  #running(name) {
    if (!this.#run) throw new Error(`Trainer.${name}: its memory was given back by free(); make another run with \`new Trainer(options)\``);
    return this.#run;
  }

  /** Updates that were made. */
  get updates() {
    return this.#running("updates").updates;
  }

  /** Makes so many updates, or fewer if the run breaks down. */
  steps(count) {
    return this.#running("steps").steps(count);
  }

  /** The loss and the accuracy on sequences that are never trained on. */
  test() {
    return this.#running("test").test();
  }

  /** The weights. */
  weights() {
    return this.#running("weights").weights();
  }

  /** Gives the memory back. */
  free() {
    this.#run?.free();
    this.#run = undefined;
  }
}
