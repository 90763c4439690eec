/** How a form does what it is for: busy meanwhile, what was refused shown, what was typed kept when somebody else was quicker. */
import { ref, type Ref } from 'vue'
import { Problem } from '@/api/problem'

export interface Command {
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  /** Whether the last attempt was refused because somebody changed the case meanwhile. */
  stale: Ref<boolean>
  /** Whether it was done. */
  run: (does: () => Promise<unknown>) => Promise<boolean>
}

/** `reload` brings what stands now, after somebody else was quicker. */
export function useCommand(reload: () => Promise<void> = async () => {}): Command {
  const busy = ref(false)
  const problem = ref<Problem | null>(null) as Ref<Problem | null>
  const stale = ref(false)

  async function run(does: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    stale.value = false
    try {
      await does()
      return true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
      stale.value = error.slug === 'stale-version' || error.slug === 'illegal-transition'
      if (stale.value) await reload()
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, stale, run }
}
