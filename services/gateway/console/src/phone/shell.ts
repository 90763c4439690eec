/** The pages themselves without network: a service worker keeps what this page has loaded. There is one behind TLS or on localhost only. */
import { renewNames } from '@/api/names'

export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const before = navigator.serviceWorker.controller
  await Promise.all(Object.values(import.meta.glob('./*.vue')).map((load) => load()))
  await navigator.serviceWorker.register('/sw.js')
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance.getEntriesByType('resource').map((one) => new URL(one.name))
  const keep = loaded.filter((one) => one.origin === location.origin && one.pathname.startsWith('/assets/')).map((one) => one.pathname)
  active?.postMessage({ keep: [...new Set(keep)] })
  if (before) return
  if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
  await renewNames() // the first ones came before there was anybody to keep them
}
