// What stands open beneath a figure: its numbers as a table, the code that makes them.
import { make } from "./controls.mjs";

/** Shows what is open, and nothing else. `button` makes a button of an action and its words. */
export function showSheet(place, { table, code, actions }, button) {
  place.replaceChildren();
  if (code !== null) {
    const tools = ["Copy code", "Save as .py"].map((words, i) => button({ action: actions[i], words }));
    place.append(make("div", { class: "taken" }, ...tools), scrolled("pre", "code", "Code", code));
  }
  if (table !== null) place.append(scrolled("div", "cells", "Table", tableOf(table)));
}

/** An element that scrolls by itself, also by keys, which are then none of the notebook's. */
function scrolled(name, kind, label, ...children) {
  const made = make(name, { class: kind, tabindex: "0", role: "region", "aria-label": label }, ...children);
  made.addEventListener("keydown", (event) => event.stopPropagation());
  return made;
}

function tableOf({ caption, headings, rows }) {
  const row = (name, attributes, cells) => make("tr", {}, ...cells.map((text) => make(name, attributes, text)));
  const head = make("thead", {}, row("th", { scope: "col" }, headings));
  return make("table", {}, make("caption", {}, caption), head, make("tbody", {}, ...rows.map((cells) => row("td", {}, cells))));
}
