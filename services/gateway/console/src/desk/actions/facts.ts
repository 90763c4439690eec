/** A case as the service that decides has it, with the version that a command names; fresh by itself, and one for all forms of the page. */
import { effectScope, onScopeDispose, ref, type EffectScope } from 'vue'
import { answer, api } from '@/api/client'
import { useFresh, type Fresh } from '@/api/fresh'

/** How often something was done in this page: what is shown is loaded again, also where no event tells of it. */
export const done = ref(0)

const shared = new Map<string, { scope: EffectScope; fresh: unknown; users: number }>()

export function useIntakeCase(id: string) {
  return useShared('intake', id, () => answer(api.GET('/api/intake/cases/{case_id}', { params: { path: { case_id: id } } })))
}

export function useDispatchCase(id: string) {
  return useShared('dispatch', id, () => answer(api.GET('/api/dispatch/cases/{case_id}', { params: { path: { case_id: id } } })))
}

export function useClosureCase(id: string) {
  return useShared('closure', id, () => answer(api.GET('/api/closure/cases/{case_id}', { params: { path: { case_id: id } } })))
}

/** Kept as long as a form shows it: what one form has changed, all others know as soon as it does. */
function useShared<T>(service: string, id: string, ask: () => Promise<T>): Fresh<T> {
  const key = `${service} ${id}`
  let one = shared.get(key)
  if (!one) {
    const scope = effectScope(true)
    one = { scope, fresh: scope.run(() => useFresh(ask, [done], (change) => change.case === id)), users: 0 }
    shared.set(key, one)
  }
  const { scope, fresh } = one
  one.users++
  onScopeDispose(() => {
    if (--one.users) return
    scope.stop()
    shared.delete(key)
  })
  return fresh as Fresh<T>
}
