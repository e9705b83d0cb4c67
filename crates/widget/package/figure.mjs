// One figure of Vanishing Point, drawn in the page itself: a module in the format of anywidget.
//
// | key of the model | |
// |---|---|
// | `figure` | its slug |
// | `query` | the parameters of an address; follows what the reader does |
// | `parameters` | the same as an object, at the start |
// | `weights`, `weights_name` | the bytes of a safetensors file, and its name |
// | `run`, `run_losses`, `run_about` | a training run that was measured elsewhere: 32-bit floats, and what they are |
// | `csv`, `code` | written: the numbers, and the code in Python that computes them anew, where there is some |
// | `summary`, `notices` | written: what is seen, what could not be taken |
// | `verdict`, `learning` | written: what the gradient and the loss of that run do |
import { Controls, make } from "./controls.mjs";
import { program } from "./program.mjs";
import { showSheet } from "./sheets.mjs";
import { followTheme, isDark } from "./theme.mjs";

// A sheet that is adopted, and no element: pages may forbid styles within them.
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`{{style}}`);
/** Milliseconds: between two words to the model while something moves, and of rest before numbers are sent. */
const PACE = 100;
const REST = 250;
/** Pixels for each CSS pixel: the renderer places everything on whole pixels. */
const scale = () => Math.min(Math.max(devicePixelRatio, 2), 3);

const bytes = (value) => {
  if (!value) return null;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
};

class View {
  #figure = null;
  #about = null;
  #model;
  #host;
  #root;
  #ends = [];
  #ended = false;
  #pending = new Map();
  #asked = 0;
  #animate = false;
  #works = false;
  #timers = {};
  #unsent = {};

  constructor(Figure, model, host) {
    this.#model = model;
    this.#host = host;
    this.#root = host.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [STYLE];
    const begin = () => this.#begin(Figure);
    begin();
    this.#follow("change:figure", begin);
    this.#follow("change:query", () => this.#do((figure) => figure.set(this.#model.get("query") ?? "")));
    this.#follow("change:weights", () => this.#do((figure) => this.#open(figure)));
    // They change together, and a model may say so one after the other.
    for (const part of ["run", "run_losses", "run_about"]) this.#follow(`change:${part}`, () => this.#showSoon());
  }

  /** Ends everything; the element is the page's again. */
  end() {
    this.#ended = true;
    this.#stop();
    this.#ends.splice(0).forEach((end) => end());
  }

  #follow(name, heard) {
    const whileHere = () => this.#ended || heard();
    this.#call("on", name, whileHere);
    this.#ends.push(() => this.#call("off", name, whileHere));
  }

  /** Calls a method of the model. Pages without a kernel may lack it, or have it and refuse. */
  #call(name, ...values) {
    try {
      this.#model[name]?.(...values);
    } catch (why) {
      console.debug(`vanishing-figure: ${name} is not available here (${why.message})`);
    }
  }

  #stop() {
    cancelAnimationFrame(this.#asked);
    Object.values(this.#timers).forEach(clearTimeout);
    this.#timers = {};
    this.#asked = 0;
    this.unobserve?.();
    this.#figure?.free();
    this.#figure = null;
  }

  #begin(Figure) {
    this.#stop();
    const given = Object.entries(this.#model.get("parameters") ?? {}).map(([key, value]) =>
      `${encodeURIComponent(key.replaceAll("_", "-"))}=${encodeURIComponent(typeof value === "boolean" ? Number(value) : value)}`);
    const query = [this.#model.get("query") ?? "", ...given].filter(Boolean).join("&");
    try {
      this.#figure = new Figure(this.#model.get("figure") ?? "", query);
    } catch (why) {
      this.#root.replaceChildren(make("p", { class: "notices", role: "alert" }, String(why)));
      this.#tell("notices", [String(why)]);
      return;
    }
    this.#about = JSON.parse(this.#figure.about());
    this.#build();
    this.#open(this.#figure);
    this.#show(this.#figure);
    this.#figure.dark(isDark(this.#host));
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#figure.allow_motion();
    this.#observe();
    this.#flush();
  }

  #build() {
    const { slug, title, aspect, controls, buttons, taken, caption, lanes } = this.#about;
    const part = (name, attributes, ...children) => (this[name] = make("div", attributes, ...children));
    this.canvas = make("canvas", { role: "img", tabindex: "0", "aria-label": title });
    this.canvas.style.setProperty("--aspect", aspect);
    this.summary = make("span");
    const words = make("figcaption", {}, make("b", {}, title + "."), " ", this.summary);
    words.hidden = !caption;
    const button = ({ action, words }) => {
      const made = make("button", { type: "button", "data-action": action }, words);
      made.addEventListener("click", () => this.#do((figure) => figure.press(made.dataset.action)));
      return made;
    };
    this.buttons = buttons.map((one) => ({ ...one, element: button(one) }));
    part("lanes", { class: "lanes" });
    this.lanes.hidden = !lanes;
    part("rows", { class: "rows stacked" });
    part("words", { class: "words" });
    part("network", { class: "network" });
    part("notices", { class: "notices", role: "status" });
    part("sheet", { class: "sheet" });
    part("announcer", { class: "visually-hidden", "aria-live": "polite" });
    const transport = make("div", { class: "transport" }, ...this.buttons.map(({ element }) => element));
    transport.hidden = !buttons.length;
    const ways = make("div", { class: "taken" }, ...taken.map(button));
    const figure = make("figure", { "data-figure": slug }, this.canvas, words);
    const all = [figure, transport, this.lanes, this.rows, this.words, this.network, this.notices, ways, this.sheet, this.announcer];
    this.#root.replaceChildren(make("div", { class: "whole" }, ...all));
    this.button = button;
    this.controls = new Controls(this.rows, controls, {
      slide: (key, position, done) => this.#soon(key, (figure) => figure.slide(key, position, done), done),
      input: (key, text, done) => this.#do((figure) => figure.input(key, text, done)),
    });
    this.#listen();
  }

  #listen() {
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const on = (name, heard, options) => this.canvas.addEventListener(name, heard, options);
    on("pointermove", (event) => this.#soon("pointer", (figure) => figure.pointer("move", ...at(event))));
    on("pointerdown", (event) => {
      const told = this.#do((figure) => figure.pointer("down", ...at(event)));
      this.holds = told?.handled;
      if (told?.capture) this.canvas.setPointerCapture(event.pointerId);
    });
    on("pointerup", (event) => this.#do((figure) => figure.pointer("up", ...at(event))));
    for (const name of ["pointercancel", "pointerleave"]) on(name, () => this.#do((figure) => figure.pointer("leave", 0, 0)));
    // A finger that holds something does not scroll the page.
    on("touchstart", (event) => event.cancelable && this.holds && event.preventDefault(), { passive: false });
    on("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!this.#do((figure) => figure.key(event.key, event.shiftKey))?.handled) return;
      event.preventDefault();
      // Notebooks have keys of their own.
      event.stopPropagation();
    });
    for (const name of ["keydown", "keyup", "keypress"]) this.rows.addEventListener(name, (event) => event.stopPropagation());
  }

  #observe() {
    const sizes = new ResizeObserver(([{ contentRect }]) => {
      if (!this.#figure) return;
      const { width, height } = contentRect;
      const [wide, high] = [Math.round(width * scale()), Math.round(height * scale())];
      if (this.canvas.width !== wide || this.canvas.height !== high) {
        Object.assign(this.canvas, { width: wide, height: high });
        const context = this.canvas.getContext("2d");
        if (context) context.lineJoin = "round";
      }
      this.#figure.resize(width, height, scale());
      this.#flush();
    });
    const seen = new IntersectionObserver((entries) => {
      this.#do((figure) => figure.see(entries.at(-1).isIntersecting));
    }, { rootMargin: "25%" });
    sizes.observe(this.canvas);
    seen.observe(this.canvas);
    const ended = followTheme(() => this.#do((figure) => figure.dark(isDark(this.#host))));
    this.unobserve = () => [() => sizes.disconnect(), () => seen.disconnect(), ended].forEach((end) => end());
  }

  #open(figure) {
    const weights = bytes(this.#model.get("weights"));
    if (weights?.length) figure.open(this.#model.get("weights_name") || "network.safetensors", weights);
    else if (this.opened) figure.close();
    this.opened = Boolean(weights?.length);
    // A file does not say which activation was trained, but who gave it may have.
    const activation = new URLSearchParams(this.#model.get("query") ?? "").get("activation");
    if (this.opened && activation) figure.input("activation", activation, true);
  }

  #show(figure) {
    // A view of bytes may begin anywhere; numbers may not.
    const numbers = (key) => new Float32Array(bytes(this.#model.get(key))?.slice().buffer ?? 0);
    const [rows, losses] = [numbers("run"), numbers("run_losses")];
    if (rows.length) figure.show_run(JSON.stringify(this.#model.get("run_about") ?? {}), rows, losses);
  }

  #showSoon() {
    this.#timers.run ??= setTimeout(() => {
      delete this.#timers.run;
      this.#do((figure) => this.#show(figure));
    });
  }

  /** Does something with the figure at once; returns what is new. */
  #do(work) {
    if (!this.#figure) return null;
    this.#catchUp();
    work(this.#figure);
    return this.#flush();
  }

  /** Does something in the next frame; the newest of its kind replaces the one before. */
  #soon(kind, work, now = false) {
    this.#pending.set(kind, work);
    if (now) this.#do(() => {});
    else this.#ask();
  }

  #catchUp() {
    const works = [...this.#pending.values()];
    this.#pending.clear();
    works.forEach((work) => work(this.#figure));
  }

  #ask() {
    this.#asked ||= requestAnimationFrame((at) => this.#frame(at));
  }

  #frame(at) {
    this.#asked = 0;
    if (!this.#figure) return;
    this.#catchUp();
    if (this.#animate) this.#figure.frame(at);
    if (this.#works) this.#figure.work();
    this.#flush();
  }

  /** Shows what is new. */
  #flush() {
    const told = JSON.parse(this.#figure.told());
    if (told.theme) this.#host.dataset.theme = told.theme;
    if (told.redraw && this.canvas.width && this.canvas.height) this.#figure.draw(this.canvas);
    this.controls.update(told.controls);
    for (const { start, pause, on } of told.plays) {
      for (const { action, words, pauses, element } of this.buttons) {
        if (!pauses || action !== start) continue;
        element.dataset.action = on ? pause : start;
        element.textContent = on ? "Pause" : words;
      }
    }
    if (told.lanes) this.#showLanes(told.lanes);
    if (told.cursor) this.canvas.style.cursor = told.cursor;
    if (told.rows !== null) {
      this.canvas.toggleAttribute("data-rows", told.rows > 0);
      this.canvas.style.setProperty("--rows", told.rows);
    }
    if (told.label !== null) {
      this.canvas.setAttribute("aria-label", told.label);
      this.summary.textContent = told.label;
      this.#tell("summary", told.label);
      this.#tellNumbers();
    }
    // A run from elsewhere has none of this page's words.
    if (told.words && !this.#model.get("run")?.byteLength) this.#say(told.words.filter(Boolean));
    if (told.run) {
      const { verdict, learning, end, cost } = told.run;
      this.#say([verdict, learning, end, cost].filter(Boolean).map(asSentence));
      this.#tell("verdict", verdict ?? "");
      this.#tell("learning", learning ?? "");
    }
    if (told.network) this.network.textContent = told.network.open ? `${told.network.strip} ${told.network.spectrum}` : "";
    if (told.notices) {
      this.notices.replaceChildren(...told.notices.map((text) => make("p", {}, text)));
      this.#tell("notices", told.notices);
    }
    if (told.announce) this.announcer.textContent = told.announce;
    if (told.sheet) showSheet(this.sheet, told.sheet, this.button);
    if (told.copy) this.#copy(told.copy);
    if (told.download) save(told.download);
    if (told.query !== null) this.#tell("query", told.query);
    if (told.redraw) this.#tellNumbers();
    if (told.animate !== null) this.#animate = told.animate;
    this.#works = told.works;
    if (told.wantsSeed) {
      this.#figure.seed(crypto.getRandomValues(new Uint32Array(1))[0]);
      return this.#flush();
    }
    if (this.#animate || this.#works || this.#pending.size) this.#ask();
    return told;
  }

  async #copy(text) {
    let words = "The code was copied.";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      words = "This page may not copy: mark the code and copy it, or save it.";
    }
    this.announcer.textContent = words;
    this.sheet.querySelector("output")?.remove();
    this.sheet.firstElementChild?.append(make("output", {}, words));
  }

  #say(sentences) {
    this.words.replaceChildren(...sentences.map((words) => make("p", {}, words)));
  }

  #showLanes(lanes) {
    while (this.lanes.children.length > lanes.length) this.lanes.lastChild.remove();
    lanes.forEach(({ action, letter, name, state, selected }, i) => {
      const words = [["letter", letter], ["name", name], ["state", state]];
      if (!this.lanes.children[i]) this.lanes.append(this.button({ action, words: "" }));
      const lane = this.lanes.children[i];
      lane.setAttribute("aria-pressed", selected);
      lane.replaceChildren(...words.map(([kind, text]) => make("span", { class: kind }, text)));
    });
  }

  /** A word to the model, soon. */
  #tell(key, value) {
    this.#unsent[key] = value;
    this.#timers.tell ??= setTimeout(() => {
      delete this.#timers.tell;
      const news = Object.entries(this.#unsent);
      this.#unsent = {};
      if (this.#host.isConnected) news.forEach(([key, value]) => this.#call("set", key, value));
      if (news.length) this.#call("save_changes");
    }, PACE);
  }

  /** The numbers to the model, as soon as nothing has changed for a while. */
  #tellNumbers() {
    clearTimeout(this.#timers.numbers);
    this.#timers.numbers = setTimeout(() => {
      if (!this.#figure) return;
      this.#tell("csv", this.#figure.csv());
      this.#tell("code", this.#figure.code());
    }, REST);
  }
}

const asSentence = (words) => words[0].toUpperCase() + words.slice(1) + (words.endsWith(".") ? "" : ".");

function save({ name, kind, text }) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: kind })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function render({ model, el }) {
  const host = make("div", { class: "vanishing-figure" });
  el.append(host);
  const view = new View(await program(), model, host);
  return () => {
    view.end();
    host.remove();
  };
}

export default { render };
