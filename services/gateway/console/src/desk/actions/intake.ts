/** Actions on a case: what intake decides. */
import type { Action } from '@/desk/actions'

export const intake: Action[] = []
