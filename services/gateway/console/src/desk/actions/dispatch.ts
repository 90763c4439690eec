/** Actions on a case: what dispatch decides. */
import { defineAsyncComponent } from 'vue'
import type { Action } from '@/desk/actions'

export const dispatch: Action[] = [
  {
    name: 'act.correct',
    roles: ['dispatcher'],
    when: (of) => ['awaiting', 'dispatched'].includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/CorrectSummons.vue')),
  },
  {
    name: 'act.add',
    roles: ['dispatcher'],
    when: (of) => ['dispatched', 'in_progress', 'rework'].includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/AddSupport.vue')),
  },
]
