/** A case as the service that decides has it, with the version that a command names; fresh by itself. */
import { answer, api } from '@/api/client'
import { useFresh } from '@/api/fresh'

export function useIntakeCase(id: string) {
  return useFresh(
    () => answer(api.GET('/api/intake/cases/{case_id}', { params: { path: { case_id: id } } })),
    [],
    (change) => change.case === id,
  )
}

export function useDispatchCase(id: string) {
  return useFresh(
    () => answer(api.GET('/api/dispatch/cases/{case_id}', { params: { path: { case_id: id } } })),
    [],
    (change) => change.case === id,
  )
}

export function useClosureCase(id: string) {
  return useFresh(
    () => answer(api.GET('/api/closure/cases/{case_id}', { params: { path: { case_id: id } } })),
    [],
    (change) => change.case === id,
  )
}
