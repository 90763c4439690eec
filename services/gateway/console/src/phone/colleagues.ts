/** The officers of one's own department: what they are called, and who may enforce. Kept with what was seen last, and forgotten with it. */
import { computed, inject, provide, ref, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { answer, api } from '@/api/client'
import { whole } from '@/api/names'
import type { Schemas } from '@/api/types'
import { useKept } from '@/phone/kept'

export type Colleague = Schemas['DirectoryColleagueView']

export interface Colleagues {
  /** Who holds a certificate. */
  certified: ComputedRef<Colleague[]>
  /** What somebody is called; the login of whoever is of another department. */
  nameOf: (login: string) => string
}

const PLACE: InjectionKey<Ref<Colleague[] | null>> = Symbol('colleagues')

/** Ask for them, for all that stands in this component. */
export function provideColleagues(): void {
  const { data } = useKept(
    () => 'colleagues',
    () => whole((after) => answer(api.GET('/api/directory/colleagues', { params: { query: { after, limit: 200 } } }))),
    [],
    () => false,
  )
  provide(PLACE, data)
}

export function useColleagues(): Colleagues {
  const all = inject(PLACE, ref(null))
  return {
    certified: computed(() => (all.value ?? []).filter((one) => one.certified)),
    nameOf: (login) => all.value?.find((one) => one.id === login)?.name ?? login,
  }
}
