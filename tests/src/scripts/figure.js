const canvas = document.querySelector(arguments[0]);
const { width, height } = canvas;
const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
const pixels = new Uint32Array(data.buffer);
// FNV-1a over whole pixels.
let hash = 0x811c9dc5;
for (const pixel of pixels) hash = Math.imul(hash ^ pixel, 0x01000193);
return {
  picture: `${width}x${height}-${(hash >>> 0).toString(16)}`,
  is_blank: pixels.every((pixel) => pixel === pixels[0]),
  label: canvas.getAttribute("aria-label") ?? "",
};
