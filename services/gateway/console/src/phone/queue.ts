/**
 * Commands on their way to the services: written down first, sent in their order for each assignment, gone once answered.
 *
 * Each has one Idempotency-Key from the beginning, so that sending it again does nothing twice. What is refused stays, and holds up what
 * comes after it for the same assignment, until it is sent anew or discarded.
 */
import { computed, ref, shallowRef } from 'vue'
import { headers, unchanged } from '@/api/client'
import { Problem, problemOf } from '@/api/problem'
import { uuid } from '@/api/uuid'
import { store } from '@/phone/store'
import { end, person, token } from '@/session'

export interface Command {
  /** What it does, a key of the texts below officer.do. */
  action: string
  /** Of which assignment: its commands keep their order. */
  thing: string
  /** What people call the thing. */
  about: string
  path: string
  body: Record<string, unknown> | null
  /** Refused if another version is there by then; left out while others wait before it. */
  version?: number
  /** A file to be sent first; the command names it as `upload_id`. */
  file?: File
  /** Not worth telling if refused. */
  quiet?: boolean
}

export interface Refusal {
  status: number
  slug: string
  title: string
  detail: string
  fields: Record<string, string>
}

export interface Entry extends Command {
  id: number
  by: string
  at: number
  key: string
  fileKey: string
  refusal: Refusal | null
}

const PAUSE = 15_000 // milliseconds between attempts
const PATIENCE = 60_000
const BUSY = [401, 429, 502, 503, 504] // no word about the command itself

export const entries = shallowRef<Entry[]>([])
export const sending = ref(0)
/** How often something was sent: what is shown is loaded again. */
export const sent = ref(0)
export const online = ref(navigator.onLine)

export const waiting = computed(() => entries.value.filter((one) => !one.quiet))

const answers = new Map<number, unknown>()
let running: Promise<void> | null = null

export function of(thing: string): Entry[] {
  return waiting.value.filter((one) => one.thing === thing)
}

/** The commands of whoever is logged in, in their order. */
async function mine(): Promise<Entry[]> {
  const all = await (await store()).getAll('queue')
  entries.value = all.filter((one) => one.by === person.value?.id)
  return entries.value
}

/** Write it down and try at once. The answer, or null if it waits; a refusal is thrown, and then nothing waits. */
export async function submit<T>(command: Command): Promise<T | null> {
  const others = (await mine()).some((one) => one.thing === command.thing)
  const written: Omit<Entry, 'id'> = { ...command, by: person.value?.id ?? '', at: Date.now(), key: uuid(), fileKey: uuid(), refusal: null }
  if (others || !navigator.onLine) delete written.version // it will have changed by what goes before
  const id = await (await store()).add('queue', written as Entry)
  await flush()
  const left = await (await store()).get('queue', id)
  if (!left) return answers.get(id) as T
  if (!left.refusal) return null
  await discard(id)
  throw refused(left.refusal)
}

export function refused(said: Refusal): Problem {
  return new Problem(said.status, said.slug, said.title, said.detail, said.fields)
}

/** Send a refused command anew, perhaps with other words. */
export async function redo(entry: Entry, body: Entry['body']): Promise<void> {
  const again: Entry = { ...entry, body, key: uuid(), refusal: null }
  delete again.version
  await (await store()).put('queue', again)
  await flush()
}

export async function discard(id: number): Promise<void> {
  await (await store()).delete('queue', id)
  await mine()
  void flush()
}

/** Send all that can be sent. */
export async function flush(): Promise<void> {
  while (running) await running
  running = alone().finally(() => {
    running = null
  })
  await running
}

/** One page of this browser at a time, where it can tell (only behind TLS). */
async function alone(): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('whistle.queue', run)
  else await run()
}

async function run(): Promise<void> {
  for (let next = first(await mine()); next && token.value; next = first(await mine())) {
    sending.value = next.id
    const heard = await attempt(next).finally(() => {
      sending.value = 0
    })
    if (!heard) return
  }
}

/** The first one with nothing refused before it. */
function first(all: Entry[]): Entry | undefined {
  const held = new Set(all.filter((one) => one.refusal).map((one) => one.thing))
  return all.find((one) => !held.has(one.thing))
}

/** Whether somebody answered. */
async function attempt(entry: Entry): Promise<boolean> {
  const kept = await store()
  try {
    answers.set(entry.id, await deliver(entry))
    await kept.delete('queue', entry.id)
    sent.value++
  } catch (error) {
    if (!(error instanceof Problem)) return false
    if (BUSY.includes(error.status)) {
      if (error.status === 401) end()
      return false
    }
    const { status, slug, title, detail, fields } = error
    if (entry.quiet) await kept.delete('queue', entry.id)
    else await kept.put('queue', { ...entry, refusal: { status, slug, title, detail, fields: { ...fields } } })
  }
  await mine()
  return true
}

async function deliver(entry: Entry): Promise<unknown> {
  const file = entry.file
  if (!file) return post(entry.path, entry.key, entry.body && JSON.stringify(entry.body), 'application/json', entry.version)
  const to = `/api/enforcement/uploads?name=${encodeURIComponent(file.name)}`
  const upload = (await post(to, entry.fileKey, file, file.type || 'application/octet-stream')) as { id: string }
  return post(entry.path, entry.key, JSON.stringify({ ...entry.body, upload_id: upload.id }), 'application/json', entry.version)
}

async function post(path: string, key: string, body: BodyInit | null, type: string, version?: number): Promise<unknown> {
  const said = { ...headers('POST'), 'Idempotency-Key': key, ...(body === null ? {} : { 'Content-Type': type }), ...(version === undefined ? {} : unchanged(version)) }
  const response = await fetch(path, { method: 'POST', headers: said, body, signal: AbortSignal.timeout(PATIENCE) })
  const told: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemOf(response.status, told)
  return told
}

function hear(): void {
  online.value = navigator.onLine
  if (online.value) void flush()
}

addEventListener('online', hear)
addEventListener('offline', hear)
setInterval(() => {
  if (entries.value.length && navigator.onLine) void flush()
}, PAUSE)
