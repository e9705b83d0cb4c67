// Keeps what the console, uncaught errors and failed downloads say, for the tests to ask about. It stands before every
// script of the page, and its list lasts as long as the tab, also over navigations. An uncaught error is kept with the
// page on which it happened, when, and from where it was thrown: what cannot be repeated must be explained by its traces.
{
  const key = "harness-console";
  const record = (kind, parts) => {
    const text = parts.map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part))).join(" ");
    const list = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    list.push(`${kind}: ${text}`);
    sessionStorage.setItem(key, JSON.stringify(list));
  };
  for (const kind of ["error", "warn", "assert"]) {
    const original = console[kind].bind(console);
    console[kind] = (...parts) => {
      if (kind !== "assert" || !parts[0]) record(`console.${kind}`, parts);
      original(...parts);
    };
  }
  const traces = (error) => {
    const memory = globalThis.wasmBindings?.initSync().memory.buffer.byteLength ?? 0;
    const since = Math.round(performance.now());
    const ready = document.documentElement?.dataset.ready === "true" ? "live" : "not live";
    return `on "${location.search}", ${ready}, ${since} ms after the navigation, memory ${memory} bytes, ${error?.stack ?? "no stack"}`;
  };
  // A page that is left while one of its files comes may be told that the file did not load (WebKit does so); by the time
  // that this is kept, such a page is gone.
  const afterMs = 300;
  addEventListener("error", (event) => {
    const source = event.target?.src ?? event.target?.href;
    if (source) {
      const where = `on "${location.search}"${self === top ? "" : " in a frame"}, ${Math.round(performance.now())} ms after the navigation`;
      setTimeout(() => record("error", [`${source} did not load ${where}`]), afterMs);
      return;
    }
    record("error", [`${event.message} (${event.filename}:${event.lineno}) ${traces(event.error)}`]);
  }, true);
  addEventListener("unhandledrejection", (event) => record("unhandled rejection", [event.reason, traces(event.reason)]));
  const NativeWorker = globalThis.Worker;
  if (NativeWorker) {
    globalThis.Worker = class extends NativeWorker {
      constructor(...parts) {
        super(...parts);
        globalThis.__workers = (globalThis.__workers ?? 0) + 1;
        this.addEventListener("error", (event) => record("worker", [event.message]));
      }
    };
  }
  // When the page says that it is live, in milliseconds since the navigation began.
  const observer = new MutationObserver(() => {
    if (document.documentElement.dataset.ready !== "true") return;
    globalThis.__readyTime = performance.now();
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
}
