// Calls the functions of the JavaScript package for the tests, in a browser as in Node: JSON in, JSON out.
//
// In: a list of {call, options}. A list of numbers in the options stays an array; {"Float64Array": [...]} and the other
// typed arrays become one; "NaN", "Infinity", "-Infinity" and "undefined" stand for what JSON does not have.
// Out: a list of {result} or {error: {name, message}}, with numbers beyond JSON and typed arrays told in the same way.
globalThis.answerCases = (core, text) => {
  const words = { NaN, Infinity, "-Infinity": -Infinity, undefined };
  const read = (value) => {
    if (typeof value === "string") return Object.hasOwn(words, value) ? words[value] : value;
    if (Array.isArray(value)) return value.map(read);
    if (value === null || typeof value !== "object") return value;
    const [[key, content] = []] = Object.entries(value);
    if (/^(Big)?(Int|Uint|Float)\d+Array$/.test(key)) return new globalThis[key](content.map(read));
    return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, read(value)]));
  };
  const write = (value) => {
    if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);
    if (ArrayBuffer.isView(value)) return { [value.constructor.name]: Array.from(value, write) };
    if (Array.isArray(value)) return value.map(write);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, write(value)]));
  };
  // A class: made, run for some updates, and asked for all it knows.
  const train = ({ options, steps }) => {
    const trainer = new core.Trainer(options);
    const report = trainer.steps(steps);
    const answer = { report, test: trainer.test(), weights: trainer.weights(), updates: trainer.updates };
    trainer.free();
    return answer;
  };
  // The same after its memory was given back, twice: one property or method is asked for.
  const freed = (name) => {
    const trainer = new core.Trainer({ hiddenSize: 2, sequenceLength: 2, batchSize: 1 });
    trainer.free();
    trainer.free();
    return typeof trainer[name] === "function" ? trainer[name](1) : trainer[name];
  };
  const special = { Trainer: train, freed };
  const answer = ({ call, options }) => {
    try {
      return { result: write((special[call] ?? core[call])(read(options))) };
    } catch (error) {
      return { error: { name: error.name, message: error.message } };
    }
  };
  return JSON.stringify(JSON.parse(text).map(answer));
};
