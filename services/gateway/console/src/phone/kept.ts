/** Data that stays fresh, and without network is what was seen last, with the time of that. */
import { onScopeDispose, ref, watch, type Ref, type WatchSource } from 'vue'
import { useFresh, type Fresh } from '@/api/fresh'
import type { Change } from '@/api/live'
import { Problem } from '@/api/problem'
import { store } from '@/phone/store'
import { sent } from '@/phone/queue'
import { person } from '@/session'

const AWAY = [0, 502, 503, 504]

/** Whether nobody answered, so that what was kept is the best there is. */
function away(error: unknown): boolean {
  return error instanceof Problem && AWAY.includes(error.status)
}

/** `since` is when the data was seen, null if it is fresh. */
export function useKept<T>(
  name: () => string,
  ask: () => Promise<T>,
  of: WatchSource[] = [],
  concerns?: (change: Change) => boolean,
): Fresh<T> & { since: Ref<number | null> } {
  const since = ref<number | null>(null)

  async function askOrRecall(): Promise<T> {
    const key = `${person.value?.id} ${name()}`
    try {
      const data = await ask()
      since.value = null
      await (await store()).put('kept', { at: Date.now(), data }, key).catch(() => {}) // a full phone still shows what is fresh
      return data
    } catch (error) {
      const old = away(error) ? await (await store()).get('kept', key) : undefined
      if (!old) throw error
      since.value = old.at
      return old.data as T
    }
  }

  const fresh = useFresh(askOrRecall, of, concerns)
  const again = (): void => void fresh.load()
  addEventListener('online', again)
  onScopeDispose(() => removeEventListener('online', again))
  watch(sent, again)
  return { ...fresh, since }
}

/** Forget all that was seen, as whoever takes the phone next must not. */
export async function forget(): Promise<void> {
  await (await store()).clear('kept')
}
