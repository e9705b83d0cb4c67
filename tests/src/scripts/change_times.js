const measures = performance.getEntriesByType("measure").sort((one, other) => one.startTime - other.startTime);
const times = [];
for (const { name, duration } of measures) {
  if (name === "update") times.push(duration);
  else if (name.startsWith("draw:") && times.length) times[times.length - 1] += duration;
}
return times;
