/** Actions on a case: what closure decides. */
import { defineAsyncComponent } from 'vue'
import type { Action } from '@/desk/actions'

export const closure: Action[] = [
  {
    name: 'act.verify',
    roles: ['intake_clerk', 'supervisor'],
    when: (of) => of.state === 'to_verify',
    form: defineAsyncComponent(() => import('@/desk/actions/VerifyCase.vue')),
  },
  {
    name: 'act.callback',
    roles: ['callback_clerk'],
    when: (of) => of.state === 'call_back',
    form: defineAsyncComponent(() => import('@/desk/actions/CallBack.vue')),
  },
  {
    name: 'act.unreachedclose',
    roles: ['supervisor'],
    when: (of) => of.state === 'call_back',
    form: defineAsyncComponent(() => import('@/desk/actions/CloseUnreached.vue')),
  },
  {
    name: 'act.evaluate',
    roles: ['intake_clerk', 'supervisor'],
    when: (of) => of.state === 'closed' && of.parts.some((part) => part.reported_at),
    form: defineAsyncComponent(() => import('@/desk/actions/EvaluateDepartments.vue')),
  },
  {
    name: 'act.publish',
    roles: ['callback_clerk', 'supervisor'],
    when: (of) => ['closed', 'archived'].includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/PublishOutcome.vue')),
    folded: true,
  },
  {
    name: 'act.appeal',
    roles: ['callback_clerk'],
    when: (of) => ['closed', 'archived'].includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/RecordAppeal.vue')),
    folded: true,
  },
]
