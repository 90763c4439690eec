/** The one way to the services: typed by their OpenAPI document, asked again where nobody answered. */
import createClient, { type Middleware } from 'openapi-fetch'
import { Problem, problemOf } from '@/api/problem'
import type { Paths } from '@/api/types'
import { uuid } from '@/api/uuid'
import { end, token } from '@/session'
import { language, t } from '@/texts'

const AWAY = [502, 503, 504]
const PAUSES = [300, 1_000, 3_000] // milliseconds before each further attempt

/** A request that nobody answered is sent again under the same Idempotency-Key, which does nothing twice. */
async function patiently(request: Request): Promise<Response> {
  for (const pause of PAUSES) {
    const answer = await fetch(request.clone()).catch(() => null)
    if (answer && !AWAY.includes(answer.status)) return answer
    if (!navigator.onLine) break
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return fetch(request)
}

const said: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers(request.method))) {
      if (!request.headers.has(name)) request.headers.set(name, value)
    }
    return request
  },
}

export const api = createClient<Paths>({ baseUrl: location.origin, fetch: patiently })
api.use(said)

/** What every request says: who asks, in which language, and for a command the key under which it is done once. */
export function headers(method: string): Record<string, string> {
  const always: Record<string, string> = { 'Accept-Language': language.value }
  if (token.value) always.Authorization = `Bearer ${token.value}`
  if (method !== 'GET') always['Idempotency-Key'] = uuid()
  return always
}

/** The answer's data; a refusal is thrown as `Problem`, and one for want of a valid token ends the session. */
export async function answer<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked.catch(() => {
    throw new Problem(0, 'offline', t('offline.title'), t('offline.detail'))
  })
  if (response.ok) return data as T
  if (response.status === 401) end()
  throw problemOf(response.status, error)
}

/** The header by which a command is refused if somebody changed the thing meanwhile. */
export function unchanged(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` }
}
