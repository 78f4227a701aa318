// Opens the app without a network. Keeps the app's own files and nothing else:
// what people entered lives in IndexedDB, what the service answers is never kept here.
const name = "anfang-__VERSION__";
const files = __FILES__;
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files)));
});
self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});
self.addEventListener("activate", (event) => {
  const claim = () => self.clients.claim();
  event.waitUntil(
    caches
      .keys()
      .then((all) => Promise.all(all.filter((old) => old !== name).map((old) => caches.delete(old))))
      .then(claim, claim),
  );
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || /^\/(api|docs)\//.test(url.pathname)) return;
  const key = event.request.mode === "navigate" && url.pathname === "/" ? "/" : event.request;
  // Failing or full storage must not block a working network.
  const kept = caches
    .open(name)
    .then((cache) => cache.match(key))
    .catch(() => undefined);
  event.respondWith(kept.then((answer) => answer || fetch(event.request)));
});
