/** Data that stays fresh: loaded, and loaded again whenever something it shows has changed. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { onChange, type Change } from '@/api/live'
import { Problem } from '@/api/problem'

const TOGETHER = 150 // milliseconds in which changes are loaded together

export interface Fresh<T> {
  data: Ref<T | null>
  problem: Ref<Problem | null>
  /** Whether nothing has come yet, or it is being loaded for another `of`. */
  loading: Ref<boolean>
  load: () => Promise<void>
}

/** `ask` brings the data, at once and whenever one of `of` changes; `concerns` says which changes elsewhere matter (default: all). */
export function useFresh<T>(
  ask: () => Promise<T>,
  of: WatchSource[] = [],
  concerns: (change: Change) => boolean = () => true,
): Fresh<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>
  const problem = ref<Problem | null>(null) as Ref<Problem | null>
  const loading = ref(true)
  let asked = 0
  let soon: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const found = await ask()
      if (mine !== asked) return
      data.value = found
      problem.value = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (mine === asked) problem.value = error
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  onChange((change) => {
    if (change.event === 'looking' || (change.event === 'case' && !concerns(change))) return
    clearTimeout(soon)
    soon = setTimeout(() => void load(), TOGETHER)
  })
  onScopeDispose(() => clearTimeout(soon))
  watch(of, () => {
    loading.value = true
    void load()
  })
  void load()
  return { data, problem, loading, load }
}
