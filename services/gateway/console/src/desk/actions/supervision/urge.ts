/** 催办: of a case one assignment, or every department that still has something to do; the names of those who were told. */
import { answer, api } from '@/api/client'
import { departmentName } from '@/api/names'

export async function urge(caseId: string, text: string, assignmentId: string | null = null): Promise<string> {
  const said = { params: { path: { case_id: caseId } }, body: { text, assignment_id: assignmentId } }
  const { items } = await answer(api.POST('/api/supervision/cases/{case_id}/urgings', said))
  return items.map((one) => departmentName(one.department)).join('、')
}
