// The controls of a figure: native inputs, as on the page. `told` is what the program says of a control.

/** An element with attributes, and texts or elements within. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The rows of controls. `hand` is told what a hand does: `slide(key, position, done)` and `input(key, text, done)`. */
export class Controls {
  #rows = new Map();
  #typing = null;

  constructor(place, keys, hand) {
    this.place = place;
    this.keys = keys;
    this.hand = hand;
  }

  /** Makes controls that are new, and brings the others up to date. */
  update(controls) {
    const order = (told) => this.keys.indexOf(told.key);
    for (const told of [...controls].sort((a, b) => order(a) - order(b))) {
      if (!this.#rows.has(told.key)) this.#rows.set(told.key, this.#build(told));
      this.#write(this.#rows.get(told.key), told);
    }
  }

  #build(told) {
    const id = `control-${told.key}`;
    const { input, number } = told.kind === "menu" ? { input: this.#menu(told, id) } : this.#field(told, id);
    const label = make("label", { for: id }, make("span", { class: "name" }, told.label));
    if (told.symbol) label.append(" ", make("var", {}, told.symbol));
    const row = make("div", { class: "control", "data-kind": told.kind, "data-control": told.key }, label, input);
    if (number) row.append(number);
    if (told.help) {
      row.append(make("p", { class: "help", id: `${id}-help` }, told.help, make("span", { class: "range" }, told.range)));
      input.setAttribute("aria-describedby", `${id}-help`);
    }
    this.place.append(row);
    return { row, input, number };
  }

  #menu(told, id) {
    const options = told.choices.map(({ slug, label }) => make("option", { value: slug }, label));
    const menu = make("select", { id, "data-param": told.key }, ...options);
    menu.addEventListener("change", () => this.hand.input(told.key, menu.value, true));
    return menu;
  }

  #field(told, id) {
    const { key, kind } = told;
    const type = { slider: "range", number: "number", checkbox: "checkbox" }[kind];
    const input = make("input", { id, type, "data-param": key, autocomplete: "off" });
    if (kind === "checkbox") {
      input.addEventListener("change", () => this.hand.input(key, input.checked ? "1" : "0", true));
      return { input };
    }
    if (kind === "number") {
      input.addEventListener("change", () => this.hand.input(key, input.value, true));
      return { input };
    }
    input.addEventListener("input", () => this.hand.slide(key, input.valueAsNumber, false));
    input.addEventListener("change", () => this.hand.slide(key, input.valueAsNumber, true));
    const number = make("input", {
      type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", enterkeyhint: "done",
      "data-number": key, "aria-label": `${told.label}, exact value`,
    });
    number.addEventListener("input", () => (this.#typing = key));
    number.addEventListener("change", () => {
      this.#typing = null;
      this.hand.input(key, number.value, true);
    });
    number.addEventListener("blur", () => (this.#typing = null));
    return { input, number };
  }

  #write({ row, input, number }, told) {
    row.hidden = !told.shown;
    for (const field of [input, number]) if (field) field.disabled = told.locked;
    if (told.kind === "checkbox") {
      input.checked = told.checked;
      return;
    }
    if (told.kind === "slider") {
      // Ends before the position: a browser moves a position that lies outside.
      for (const name of ["min", "max", "step"]) input.setAttribute(name, told[name]);
      input.value = told.position;
      const place = told.max > told.min ? (told.position - told.min) / (told.max - told.min) : 0;
      input.style.setProperty("--place", place);
      if (told.log || told.unit) input.setAttribute("aria-valuetext", `${told.text} ${told.unit}`.trim());
    } else {
      if (told.kind === "number") for (const name of ["min", "max"]) input.setAttribute(name, told[name]);
      input.value = told.text;
    }
    if (number && this.#typing !== told.key) number.value = told.text;
  }
}
