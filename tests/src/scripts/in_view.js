// What is drawn in every figure, and which of them can be seen: at least four fifths of the canvas in the window and under no bar.
window.__inView = () => {
  const bars = [...document.querySelectorAll(".top-bar, .dock")].map((bar) => bar.getBoundingClientRect());
  const all = [...document.querySelectorAll("figure[data-figure] > canvas")].map((canvas) => {
    const box = canvas.getBoundingClientRect();
    if (!box.width || !box.height || !canvas.width || !canvas.height) return null;
    let top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
    for (const bar of bars) {
      if (bar.right <= box.left || bar.left >= box.right || bar.bottom <= top || bar.top >= bottom) continue;
      if (bar.top <= top + 1) top = bar.bottom; else bottom = bar.top;
    }
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let number = canvas.width * 31 + canvas.height;
    for (let at = 0; at < data.length; at += 20) number = (Math.imul(number, 31) + data[at] + data[at + 1] * 7 + data[at + 2] * 13) | 0;
    return { slug: canvas.parentElement.dataset.figure, number, seen: (bottom - top) / box.height >= 0.8 };
  });
  return all.filter((figure) => figure);
};
// Presses the preset of that number, after scrolling to it as a reader would.
window.__reach = (index) => {
  const link = document.querySelectorAll("a[data-preset]")[index];
  for (const fold of document.querySelectorAll("details.fold[open]")) if (!fold.contains(link)) fold.open = false;
  for (let fold = link.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  link.scrollIntoView({ block: "center", behavior: "instant" });
  return link.id || link.textContent.replace(/\s+/g, " ").trim();
};
window.__press = (index) => {
  window.__before = Object.fromEntries(window.__inView().map((figure) => [figure.slug, figure.number]));
  document.querySelectorAll("a[data-preset]")[index].click();
};
// The figures in view that are not what they were.
window.__changed = () => window.__inView().filter((figure) => figure.seen && figure.number !== window.__before[figure.slug]).map((figure) => figure.slug);
