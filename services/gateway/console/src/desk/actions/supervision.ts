/** Actions on a case: what supervision decides. */
import type { Action } from '@/desk/actions'

export const supervision: Action[] = []
