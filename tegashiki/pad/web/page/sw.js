// Offline after the first load. The build fills in the version, which is made of all files'
// content, and the list of files; a new version replaces the old one as a whole.

const CACHE = `tegashiki-${"VERSION"}`;
const FILES = ["FILES"];
const FOLDER = "WASM";          // of the small library, or of the whole one

// (i8x16.relaxed_swizzle): with relaxed SIMD LiteRT.js loads one variant of its wasm, else the other.
const RELAXED = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0,
  65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11);
const LIBRARY = globalThis.WebAssembly?.validate(RELAXED) ? `${FOLDER}/litert_wasm_internal` : `${FOLDER}/litert_wasm_compat_internal`;

self.addEventListener("install", (event) => {
  // "no-cache": asks whether what the page has just fetched is still the newest, and does not fetch
  // it a second time
  event.waitUntil(caches.open(CACHE)
    .then((cache) => Promise.all([
      cache.addAll([".", ...FILES].map((file) => new Request(file, { cache: "no-cache" }))),
      cache.addAll([`${LIBRARY}.js`, `${LIBRARY}.wasm`]),      // large, and just loaded by the page
    ]))
    .then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("tegashiki-") && name !== CACHE)
      .map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  return await cache.match(request, { ignoreSearch: request.mode === "navigate" }) ?? fetch(request);
}
