// The program, which is packed into this file: compressed, in base64, and known by its hash.
const PROGRAM = "{{program}}";
const SHARED = Symbol.for("vanishing-figure {{version}}");

async function compiled() {
  const packed = Uint8Array.from(atob(PROGRAM), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

let started = null;

/** The class of figures. A page with many copies of this module compiles the program once. */
export function program() {
  started ??= (async () => {
    globalThis[SHARED] ??= compiled();
    await wasm_bindgen({ module_or_path: await globalThis[SHARED] });
    return wasm_bindgen.Figure;
  })();
  return started;
}
