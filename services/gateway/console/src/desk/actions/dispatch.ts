/** Actions on a case: what dispatch decides. */
import type { Action } from '@/desk/actions'

export const dispatch: Action[] = []
