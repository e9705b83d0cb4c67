const element = document.querySelector(arguments[0]);
if (!element) return null;
for (let outer = element.closest("details"); outer; outer = outer.parentElement?.closest("details")) outer.open = true;
element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
const { left, top, width, height } = element.getBoundingClientRect();
return width > 0 && height > 0 ? { left, top, width, height } : null;
