/** Something that is done to a service: whether it is under way, what was refused, whether somebody was quicker. */
import { ref, type Ref } from 'vue'
import { Problem } from '@/api/problem'

export interface Doing {
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  /** Whether somebody changed the thing meanwhile: what was typed stays, what is shown is loaded again. */
  stale: Ref<boolean>
  /** Whether it was done. */
  run: (what: () => Promise<unknown>) => Promise<boolean>
}

export function useDoing(again: () => Promise<unknown> = () => Promise.resolve()): Doing {
  const busy = ref(false)
  const problem = ref<Problem | null>(null) as Ref<Problem | null>
  const stale = ref(false)

  async function run(what: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    problem.value = null
    stale.value = false
    try {
      await what()
      return true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      stale.value = error.slug === 'stale-version'
      if (stale.value) await again()
      else problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, stale, run }
}
