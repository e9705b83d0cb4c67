// Answers the cases on standard input with the package whose folder is the first argument.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import "./answer_cases.js";

const core = await import(pathToFileURL(join(resolve(process.argv[2]), "index.js")));
const text = readFileSync(0, "utf8");
// Before it is loaded, every function says so.
try {
  core.symmetricEigenvalues({ matrix: [1], size: 1 });
} catch (error) {
  if (!error.message.includes("await init()")) throw error;
}
await Promise.all([core.default(), core.default()]);
process.stdout.write(globalThis.answerCases(core, text));
