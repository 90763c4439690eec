/** A command from a form: busy while it is under way, refused with a problem that leaves the form as it is. */
import { ref, type Ref } from 'vue'
import { Problem } from '@/api/problem'
import { submit, type Command } from '@/phone/queue'

export interface Commanding {
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  go: (command: Command) => Promise<void>
}

/** `done` hears the answer, null if the command waits for the network; `stale` that somebody changed the thing meanwhile. */
export function useCommand<T>(done: (answer: T | null) => void, stale: () => void = () => {}): Commanding {
  const busy = ref(false)
  const problem = ref<Problem | null>(null) as Ref<Problem | null>

  async function go(command: Command): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      done(await submit<T>(command))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
      if (error.status === 409) stale()
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, go }
}
