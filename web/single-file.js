// Unpacks the whole page from the text beside it: its body, its looks, its program and the program of its workers. Nothing
// is fetched, so that the file opens from a disk, from an attachment, and in a frame that may run scripts and nothing else.
const ALPHABET = "{{alphabet}}";

// basE91: two characters for 13 or 14 bits.
function decode(text) {
  const values = new Int16Array(128).fill(-1);
  for (let i = 0; i < ALPHABET.length; i += 1) values[ALPHABET.charCodeAt(i)] = i;
  const bytes = new Uint8Array(Math.ceil(text.length * 14 / 16) + 1);
  let length = 0, first = -1, bits = 0, count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const value = values[text.charCodeAt(i)];
    if (value < 0) continue;
    if (first < 0) { first = value; continue; }
    const pair = first + value * 91;
    bits |= pair << count;
    count += (pair & 8191) > 88 ? 13 : 14;
    do { bytes[length++] = bits & 255; bits >>= 8; count -= 8; } while (count > 7);
    first = -1;
  }
  if (first >= 0) bytes[length++] = (bits | first << count) & 255;
  return bytes.subarray(0, length);
}

async function open() {
  const packed = document.getElementById("packed");
  if (typeof DecompressionStream !== "function") throw new Error("this browser cannot unpack it; a newer one can");
  const stream = new Blob([decode(packed.textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  packed.remove();
  const lengths = new Uint32Array(all.slice(0, 20).buffer);
  let at = 20;
  const part = (i) => all.subarray(at, at += lengths[i]);
  const text = (bytes) => new TextDecoder().decode(bytes);
  const [body, looks, program, worker, module] = [part(0), part(1), part(2), part(3), part(4)];
  const style = document.createElement("style");
  style.textContent = text(looks);
  document.head.append(style);
  document.body.innerHTML = text(body);
  const source = text(program);
  // Where a page has no origin (from a disk, in a sandbox) browsers start no worker from a module: there it is a plain script.
  const plain = source.replace(/^export (?=(async )?(function|class) )/gm, "").replace(/^export \{[^}]*\};?$/gm, "")
    .replaceAll("import.meta", "({ url: self.location.href })");
  window.vanishingWorker = URL.createObjectURL(new Blob([
    plain, "\nself.vanishingProgram = { default: __wbg_init, work, give };\n", text(worker),
  ], { type: "text/javascript" }));
  window.vanishingModule = await WebAssembly.compile(module);
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = source + "\nwindow.wasmBindings = { initSync, studies_hash, kill_worker };\n" +
    "__wbg_init({ module_or_path: window.vanishingModule }).catch((why) => window.vanishingFail(String(why)));\n";
  document.head.append(script);
  if (location.hash) setTimeout(() => document.querySelector(location.hash)?.scrollIntoView(), 500);
}

open().catch((why) => window.vanishingFail(why.message));
