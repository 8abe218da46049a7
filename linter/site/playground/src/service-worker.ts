/// <reference lib="webworker" />
// Keeps every file of the playground, so that it starts fast and without a network.

// The build replaces them: all files, and a hash of their contents.
declare const ASSETS: readonly string[];
declare const VERSION: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = `tightship-playground ${worker.registration.scope} `;
const ACTIVATE = "activate";
const CACHE = PREFIX + VERSION;

worker.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forget(), worker.clients.claim()]));
});

worker.addEventListener("message", ({ data }) => {
  if (data === ACTIVATE) void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(worker.registration.scope)) return;
  event.respondWith(answer(request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const url = (path: string): string => new URL(path, worker.registration.scope).href;
  // The server is asked whether what the browser has is still right, so that no file of an
  // older version comes into a newer one.
  await cache.addAll(ASSETS.map((path) => new Request(url(path), { cache: "no-cache" })));
}

async function forget(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  // All files of a page are of one version. A newer one takes over when a page begins and
  // no other is open: the empty page loads itself again, from the newer version.
  const { waiting } = worker.registration;
  if (request.mode === "navigate" && waiting && (await worker.clients.matchAll()).length < 2) {
    waiting.postMessage(ACTIVATE);
    return new Response("", { headers: { Refresh: "0" } });
  }
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
