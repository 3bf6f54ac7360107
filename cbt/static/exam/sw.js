// The service worker: keeps the exam screen itself on this computer, so that it loads without a line.
//
// The server writes `EXAM_SHELL` before this text: the version of the whole set and its paths. The set comes as one answer and is
// kept under its version, so its files always belong together; papers and answers are not here but in the page's own database.

const { version: VERSION, files: FILES, pages: PAGES, pack: PACK } = self.EXAM_SHELL;
const CACHE = `cbt-exam-${VERSION}`;
const OWN = new Set(FILES);
const CARRIED = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"];
const LANGUAGE = "X-Cbt-Language";
const LINE_END = 10;

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy());
});

// The waiting page asks: for the words in its language, and to take over at once, which no exam that runs would want.
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(answer(event.data).then((done) => port?.postMessage(done), () => port?.postMessage(null)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGES.includes(pathname)) event.respondWith(page(request, pathname));
    else if (pathname === "/" || pathname.startsWith("/exam/")) event.respondWith(fetch(request).catch(() => Response.redirect(PAGES[0], 302)));
  } else if (OWN.has(pathname)) event.respondWith(file(event, pathname));
});

/** Fetch the whole set and keep it. */
async function fill() {
  const response = await fetch(PACK, { cache: "no-store", credentials: "same-origin" });
  if (!response.ok) throw new Error(`no shell: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { version, language, files } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(LINE_END))));
  if (version !== VERSION) throw new Error("another version");
  let place = bytes.indexOf(LINE_END) + 1;
  const cache = await caches.open(CACHE);
  const headers = Object.fromEntries(CARRIED.map((name) => [name, response.headers.get(name)]).filter(([, value]) => value !== null));
  const put = ([path, type, length]) => {
    const body = bytes.slice(place, place += length);
    return cache.put(path, new Response(body, { headers: { ...headers, "Content-Type": type, [LANGUAGE]: language } }));
  };
  await Promise.all(files.map(put));
  return language;
}

async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("cbt-exam-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function answer({ ask, language }) {
  if (ask === "take-over") return self.skipWaiting();
  if (ask !== "shell") return null;
  const kept = await caches.match(PAGES[0], { cacheName: CACHE });
  return kept?.headers.get(LANGUAGE) === language ? language : fill();
}

async function page(request, pathname) {
  return await caches.match(pathname, { cacheName: CACHE }) ?? fetch(request);
}

/** Files of the set for pages of the set; all other pages get theirs from the server, which may be newer. */
async function file(event, pathname) {
  const client = await self.clients.get(event.clientId);
  const own = client !== undefined && PAGES.includes(new URL(client.url).pathname);
  return own ? await caches.match(pathname, { cacheName: CACHE }) ?? fetch(event.request) : fetch(event.request);
}
