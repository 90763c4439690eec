/** The service worker: the shell, and what codes are called, also without network. Whatever is about a case it leaves alone. */

interface Waiting extends Event {
  waitUntil: (until: Promise<unknown>) => void
}
interface Asked extends Waiting {
  request: Request
  respondWith: (answer: Promise<Response>) => void
}
interface Told extends Waiting {
  data: { keep: string[] }
}

const here = self as unknown as {
  addEventListener: <E extends Event>(type: string, listener: (event: E) => void) => void
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
}

const KEPT = 'whistle.shell'
const PAGE = '/'
const NAMES = /^\/api\/(texts$|directory\/(categories|departments|areas)$)/
const ALWAYS = [PAGE, '/icon.svg', '/manifest.webmanifest']

here.addEventListener<Waiting>('install', (event) => event.waitUntil(here.skipWaiting()))
here.addEventListener<Waiting>('activate', (event) => event.waitUntil(here.clients.claim()))

here.addEventListener<Told>('message', (event) => event.waitUntil(keep(event.data.keep)))

here.addEventListener<Asked>('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(freshest(request, PAGE))
  else if (pathname.startsWith('/assets/')) event.respondWith(kept(request))
  else if (NAMES.test(pathname) || ALWAYS.includes(pathname)) event.respondWith(freshest(request, request.url))
})

/** Keep these, and no assets of an earlier build. */
async function keep(assets: string[]): Promise<void> {
  const cache = await caches.open(KEPT)
  await cache.addAll([...ALWAYS, ...assets])
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/assets/') && !assets.includes(pathname)) await cache.delete(request)
  }
}

/** From the network; what was kept where there is none. */
async function freshest(request: Request, as: string): Promise<Response> {
  const cache = await caches.open(KEPT)
  try {
    const found = await fetch(request)
    if (found.ok) await cache.put(as, found.clone())
    return found
  } catch (error) {
    const old = await cache.match(as, { ignoreVary: true })
    if (old) return old
    throw error
  }
}

/** What is named after its content never changes. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT)
  const old = await cache.match(request, { ignoreVary: true })
  if (old) return old
  const found = await fetch(request)
  if (found.ok) await cache.put(request, found.clone())
  return found
}
