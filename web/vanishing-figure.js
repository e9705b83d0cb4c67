// <vanishing-figure figure="gradient-norms" cell="lstm" gain="1.5"></vanishing-figure>
//
// One figure of Vanishing Point with its controls, in a frame. Every attribute is a parameter of the page, `figure` names
// one figure or several. Events: `ready` and `change` (detail: the query), `error` (detail: a sentence). Properties:
// `query` (what is set now), `data` (a promise of the figure's numbers as CSV). `set("gain=1.2")` changes parameters.
// What stands within the element is seen until this script is there: browsers take a module from another origin only if
// its server allows it, and a script that was refused cannot say so itself.
const HOME = new URL(".", import.meta.url);
const TYPE = "vanishing-point";
// Of an element, not of the page.
const OWN = new Set(["figure", "class", "id", "style", "hidden", "slot", "title", "lang", "dir", "part", "height"]);

class VanishingFigure extends HTMLElement {
  static observedAttributes = ["figure"];
  #frame = null;
  #query = "";
  #asked = [];
  #watch = null;
  #changes = null;

  get query() { return this.#query; }

  get data() {
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#post({ data: (this.getAttribute("figure") ?? "").split(",")[0].trim() });
    });
  }

  set(query) { this.#post({ set: String(query) }); }

  connectedCallback() {
    this.replaceChildren();
    this.style.display ||= "block";
    this.style.minHeight ||= (this.getAttribute("height") ?? "420") + "px";
    addEventListener("message", this.#hear);
    // A page with many figures starts those that are near.
    this.#watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#start();
    }, { rootMargin: "50%" });
    this.#watch.observe(this);
    this.#changes = new MutationObserver((records) => {
      const names = new Set(records.map((record) => record.attributeName).filter((name) => !OWN.has(name)));
      if (names.size) this.set([...names].map((name) => [name, this.getAttribute(name) ?? ""]).map(pair).join("&"));
    });
    this.#changes.observe(this, { attributes: true });
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear);
    this.#watch?.disconnect();
    this.#changes?.disconnect();
    this.#frame?.remove();
    this.#frame = null;
  }

  attributeChangedCallback() {
    if (this.#frame) this.#frame.src = this.#address();
  }

  #address() {
    const parameters = [...this.attributes].filter(({ name }) => !OWN.has(name)).map(({ name, value }) => [name, value]);
    const all = [["only", this.getAttribute("figure") ?? ""], ...parameters];
    return new URL("index.html?" + all.map(pair).join("&"), HOME).href;
  }

  #start() {
    if (this.#frame) return;
    this.#watch.disconnect();
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "Figure: " + (this.getAttribute("figure") ?? "");
    frame.style.cssText = "display:block;width:100%;border:0;height:" + this.style.minHeight;
    frame.src = this.#address();
    this.#frame = frame;
    // The parser may have been slower than the script.
    this.replaceChildren(frame);
  }

  #post(message) { this.#frame?.contentWindow?.postMessage({ type: TYPE, ...message }, HOME.origin); }

  #hear = ({ source, origin, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== HOME.origin || data?.type !== TYPE) return;
    if (data.event === "height") {
      const height = Number(data.height);
      if (height > 0 && height < 20000) this.#frame.style.height = height + "px";
    } else if (data.event === "data") {
      this.#asked.splice(0).forEach((resolve) => resolve(String(data.csv)));
    } else if (["ready", "change"].includes(data.event)) {
      this.#query = String(data.query);
      this.dispatchEvent(new CustomEvent(data.event, { detail: this.#query }));
    } else if (data.event === "error") {
      this.dispatchEvent(new CustomEvent("error", { detail: String(data.message) }));
    }
  };
}

const pair = ([name, value]) => encodeURIComponent(name) + "=" + encodeURIComponent(value);

customElements.define("vanishing-figure", VanishingFigure);
