/** Actions on a case: what intake decides. */
import { defineAsyncComponent } from 'vue'
import type { Action } from '@/desk/actions'

const OPEN_AT_INTAKE = ['draft', 'returned']
const WHISTLED = ['whistled', 'awaiting', 'dispatched', 'in_progress', 'suspended', 'rework', 'to_verify', 'call_back']
const MAY_END = [...OPEN_AT_INTAKE, 'under_review', 'self_handled', ...WHISTLED]

export const intake: Action[] = [
  {
    name: 'act.review',
    roles: ['reviewer'],
    when: (of) => of.state === 'under_review',
    form: defineAsyncComponent(() => import('@/desk/actions/ReviewCase.vue')),
  },
  {
    name: 'act.confirm',
    roles: ['reviewer'],
    // An emergency has been whistled while the clock of its review still runs.
    when: (of) => of.whistled_at !== null && of.clocks.some((clock) => clock.name === 'review' && clock.state === 'running'),
    form: defineAsyncComponent(() => import('@/desk/actions/ConfirmEmergency.vue')),
  },
  {
    name: 'act.whistle',
    roles: ['intake_clerk'],
    when: (of) => OPEN_AT_INTAKE.includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/AskWhistle.vue')),
  },
  {
    name: 'act.complete',
    roles: ['intake_clerk'],
    when: (of) => OPEN_AT_INTAKE.includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/CompleteCase.vue')),
    folded: true,
  },
  {
    name: 'act.solve',
    roles: ['intake_clerk'],
    when: (of) => OPEN_AT_INTAKE.includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/SolveCase.vue')),
    folded: true,
  },
  {
    name: 'act.merge',
    roles: ['reviewer', 'supervisor'],
    when: (of) => MAY_END.includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/MergeCase.vue')),
    folded: true,
  },
  {
    name: 'act.void',
    roles: ['reviewer', 'supervisor'],
    when: (of) => MAY_END.includes(of.state),
    form: defineAsyncComponent(() => import('@/desk/actions/VoidCase.vue')),
    folded: true,
  },
]
