/** The assignments of a case as dispatch has them: with versions, and who was let off the site. */
import { answer, api } from '@/api/client'
import { useFresh, type Fresh } from '@/api/fresh'
import { whole } from '@/api/names'
import type { Schemas } from '@/api/types'

export type Assignment = Schemas['DispatchAssignmentView']

export function useAssignments(caseId: () => string): Fresh<Assignment[]> {
  return useFresh(
    async () => {
      const found = await whole((after) => answer(api.GET('/api/dispatch/assignments', { params: { query: { case_id: caseId(), after } } })))
      return found.map((one) => one.assignment)
    },
    [caseId],
    (change) => change.case === caseId(),
  )
}
