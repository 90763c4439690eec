/** Actions on a case: what closure decides. */
import type { Action } from '@/desk/actions'

export const closure: Action[] = []
