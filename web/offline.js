// Keeps one version of the page, all of it or nothing: every file is checked against its hash when it is fetched, so that what
// is kept never mixes two versions. A newer version waits until no window shows this one.
const VERSION = "{{version}}";
const FILES = {{files}};
const CACHE = "vanishing-point " + VERSION;

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    const request = ([file, integrity]) => new Request(file, { integrity, cache: "reload" });
    await cache.addAll(FILES.map(request));
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("vanishing-point ") && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    // What stands behind "?" is the state of the page, not another file.
    return (await cache.match(origin + pathname, { ignoreSearch: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
