/** What is being registered: kept while it is typed, so that nothing is lost by a reload, a power cut or a new login. */
import { reactive, ref, watch, type Ref } from 'vue'
import type { Point } from '@/parts/GridMap.vue'
import { person } from '@/session'

export interface Draft {
  category: string
  address: string
  point: Point | null
  home: boolean
  ongoing: boolean
  description: string
  tried: string
  channel: 'walk_in' | 'phone' | 'patrol' | 'department'
  attachments: string[]
  reporter: { name: string; phone: string; address: string }
}

interface Kept {
  at: number
  draft: Omit<Draft, 'reporter'>
}

const DAY = 86_400_000 // milliseconds in which sent photos may still be named

const place = () => `whistle.register.${person.value?.id ?? ''}`

function empty(): Draft {
  const reporter = { name: '', phone: '', address: '' }
  return { category: '', address: '', point: null, home: false, ongoing: false, description: '', tried: '', channel: 'walk_in', attachments: [], reporter }
}

/** The draft, when the one that was found was kept (null for none), and how to begin anew. */
export function useDraft(): { draft: Draft; found: Ref<number | null>; discard: () => void } {
  const draft = reactive(empty())
  const found = ref<number | null>(null)

  const kept = read<Kept>(localStorage)
  if (kept && Date.now() - kept.at < DAY) {
    Object.assign(draft, kept.draft)
    found.value = kept.at
  }
  // Who complained stays in this tab only: nobody else who uses this machine shall find them.
  Object.assign(draft.reporter, read<Draft['reporter']>(sessionStorage))

  watch(draft, () => {
    const { reporter, ...rest } = draft
    if (JSON.stringify(draft) === JSON.stringify(empty())) return forget()
    localStorage.setItem(place(), JSON.stringify({ at: Date.now(), draft: rest }))
    sessionStorage.setItem(place(), JSON.stringify(reporter))
  })

  function discard(): void {
    Object.assign(draft, empty())
    found.value = null
    forget()
  }

  return { draft, found, discard }
}

function forget(): void {
  localStorage.removeItem(place())
  sessionStorage.removeItem(place())
}

function read<T>(from: Storage): T | null {
  const text = from.getItem(place())
  return text === null ? null : (JSON.parse(text) as T)
}
