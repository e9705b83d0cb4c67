// Whether the page around is dark: as it says itself, or as it looks.

let pixel = null;

/** Red, green, blue and alpha of any computed colour of CSS: browsers say `rgb(…)`, or `oklch(…)` where a page wrote that. */
function channels(colour) {
  if (colour.startsWith("rgb")) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return [red, green, blue, 255 * alpha];
  }
  pixel ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return pixel.getImageData(0, 0, 1, 1).data;
}

/** Whether what is behind an element is dark. */
export function isDark(element) {
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  for (let at = element.parentNode; at; at = at.parentNode ?? at.host) {
    if (at instanceof ShadowRoot) at = at.host;
    if (!(at instanceof Element)) continue;
    const [red, green, blue, alpha] = channels(getComputedStyle(at).backgroundColor);
    if (alpha > 127) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  // Nothing is painted: the page is as dark as the browser makes it.
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  return schemes.includes("dark") && (!schemes.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Calls `changed` whenever the page around may have another theme; returns what ends that. */
export function followTheme(changed) {
  const later = () => {
    changed();
    // Colours may fade.
    setTimeout(changed, 400);
  };
  const watch = new MutationObserver(later);
  const system = matchMedia("(prefers-color-scheme: dark)");
  for (const element of [document.documentElement, document.body]) watch.observe(element, { attributes: true });
  system.addEventListener("change", later);
  return () => {
    watch.disconnect();
    system.removeEventListener("change", later);
  };
}
