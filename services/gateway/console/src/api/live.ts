/**
 * What changed just now, as the gateway tells it (server-sent events).
 *
 * While the stream is away, listeners are told every fifteen seconds to look for themselves; when it is back they are told once more, as
 * something may have been missed.
 */
import { computed, onScopeDispose, ref, watch } from 'vue'
import { headers } from '@/api/client'
import { is, token } from '@/session'

export interface Change {
  event: 'case' | 'looking' | 'resync'
  case: string
  state: string
  login: string
}

type Listener = (change: Change) => void

const POLL = 15_000 // milliseconds
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 15_000

export const connected = ref(false)
/** Whether there is a list of cases of which this person hears; nobody else asks for the stream. */
export const followed = computed(() => is('intake_clerk', 'reviewer', 'dispatcher', 'callback_clerk', 'supervisor', 'district_supervisor', 'officer'))

const listeners = new Set<Listener>()
let running: AbortController | null = null
let last = ''

/** Hear of changes until the component that asked is gone. */
export function onChange(listener: Listener): void {
  listeners.add(listener)
  if (!running && token.value && followed.value) void listen()
  onScopeDispose(() => listeners.delete(listener))
}

watch(token, (held) => {
  running?.abort()
  running = null
  if (held && followed.value && listeners.size) void listen()
})

setInterval(() => {
  if (!connected.value && token.value && document.visibilityState === 'visible') tell({ event: 'resync' })
}, POLL)

async function listen(): Promise<void> {
  const mine = (running = new AbortController())
  for (let pause = FIRST_PAUSE; !mine.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      await read(mine.signal, () => {
        pause = FIRST_PAUSE
      })
    } catch {
      // Whatever ended it, the stream is asked for again.
    }
    connected.value = false
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())))
  }
}

async function read(signal: AbortSignal, began: () => void): Promise<void> {
  const asked = { ...headers('GET'), Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) }
  const response = await fetch('/api/live', { headers: asked, signal, cache: 'no-store' })
  if (response.status === 403) return new Promise((_, reject) => signal.addEventListener('abort', reject)) // has no list of cases
  if (!response.ok || !response.body) throw new Error(String(response.status))
  connected.value = true
  began()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let kept = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (kept + value).split('\n\n')
    kept = blocks.pop() ?? ''
    for (const block of blocks) heard(block)
  }
}

function heard(block: string): void {
  const lines = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
  last = lines.get('id') ?? last
  const event = lines.get('event')
  if (event) tell({ event: event as Change['event'], ...(JSON.parse(lines.get('data') || '{}') as object) })
}

function tell(change: Partial<Change>): void {
  for (const listener of listeners) listener({ event: 'resync', case: '', state: '', login: '', ...change })
}
