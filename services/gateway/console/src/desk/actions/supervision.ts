/** Actions on a case: what supervision decides, and what supervisors decide at dispatch. */
import { defineAsyncComponent } from 'vue'
import type { Action } from '@/desk/actions'
import { taking, toUrge, worked } from '@/desk/actions/supervision/parts'

export const supervision: Action[] = [
  {
    name: 'sup.urge.name',
    roles: ['supervisor', 'district_supervisor'],
    when: (of) => toUrge(of).length > 0,
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/UrgeForm.vue')),
  },
  {
    name: 'sup.order.name',
    roles: ['supervisor', 'district_supervisor'],
    when: worked,
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/OrderForm.vue')),
  },
  {
    name: 'sup.release.name',
    roles: ['supervisor', 'reviewer'],
    when: (of) => ['in_progress', 'suspended', 'to_verify', 'call_back'].includes(of.state) && taking(of).some((part) => part.reported_at),
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/ReleaseForm.vue')),
  },
  {
    name: 'sup.excuse.name',
    roles: ['supervisor', 'dispatcher'],
    when: (of) => ['dispatched', 'in_progress', 'rework'].includes(of.state) && toUrge(of).some((part) => part.part === 'support'),
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/ExcuseForm.vue')),
  },
  {
    name: 'sup.suspend.name',
    roles: ['district_supervisor'],
    when: (of) => of.state === 'in_progress',
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/SuspendForm.vue')),
  },
  {
    name: 'sup.resume.name',
    roles: ['district_supervisor'],
    when: (of) => of.state === 'suspended',
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/SuspendForm.vue')),
  },
  {
    name: 'sup.refuse.name',
    roles: ['supervisor'],
    when: (of) => worked(of) && taking(of).some((part) => !part.reported_at),
    form: defineAsyncComponent(() => import('@/desk/actions/supervision/RefuseForm.vue')),
  },
]
