/** Who of a case's departments still takes part in it, and who may be urged (催办). */
import type { Schemas } from '@/api/types'

type Case = Pick<Schemas['SupervisionCaseView'], 'state' | 'parts'>

const OVER = ['closed', 'archived', 'withdrawn', 'merged', 'void', 'refused', 'redirected', 'self_handled']
const DONE = ['fed_back', 'accepted']

export function taking(of: Case): Case['parts'] {
  return of.parts.filter((part) => !part.ended)
}

/** Whether somebody works on it. */
export function worked(of: Case): boolean {
  return !OVER.includes(of.state) && taking(of).length > 0
}

/** Those that still have something to do. */
export function toUrge(of: Case): Case['parts'] {
  return worked(of) ? taking(of).filter((part) => !DONE.includes(part.state)) : []
}
