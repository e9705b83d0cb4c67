// Whether the page around is dark: as it says itself, or as it looks.

/** Whether what is behind an element is dark. */
export function isDark(element) {
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  for (let at = element.parentNode; at; at = at.parentNode ?? at.host) {
    if (at instanceof ShadowRoot) at = at.host;
    if (!(at instanceof Element)) continue;
    const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
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
