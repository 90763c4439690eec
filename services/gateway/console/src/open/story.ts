/** A resident's case as a plain story: what two services answer about it, put together into steps. */
import type { Schemas } from '@/api/types'

export type Registered = Schemas['IntakeFollowedView']
export type Settled = Schemas['ClosureFollowedView']

export type Step = 'registered' | 'community' | 'whistled' | 'departments' | 'verified' | 'answer' | 'closed' | 'ended'

export interface Told {
  step: Step
  state: 'done' | 'now' | 'later'
}

const WHISTLE: Step[] = ['registered', 'community', 'whistled', 'departments', 'verified', 'answer', 'closed']
const COMMUNITY: Step[] = ['registered', 'community', 'answer', 'closed']
const ENDED: Step[] = ['registered', 'community', 'ended']

// Which step a status stands at.
const AT: Record<string, Step> = {
  draft: 'community',
  returned: 'community',
  under_review: 'whistled',
  summoning: 'departments',
  awaiting: 'departments',
  dispatched: 'departments',
  in_progress: 'departments',
  suspended: 'departments',
  rework: 'departments',
  to_verify: 'verified',
  call_back: 'answer',
  closed: 'closed',
  archived: 'closed',
  refused: 'ended',
  redirected: 'ended',
  void: 'ended',
  merged: 'ended',
}

/** The status that counts: closure knows first of what it decides, intake hears of it a moment later. */
export function statusOf(registered: Registered, settled: Settled | null): string {
  const behind: Record<string, string[]> = { call_back: ['rework', 'closed'], to_verify: ['call_back'], closed: ['rework'], archived: ['rework'] }
  return settled && behind[registered.status]?.includes(settled.state) ? settled.state : registered.status
}

export function told(registered: Registered, settled: Settled | null): Told[] {
  const status = statusOf(registered, settled)
  const at = AT[status] ?? 'community'
  const own = settled !== null && !registered.departments.length && settled.done.some((one) => !one.department)
  const steps = at === 'ended' ? ENDED : own ? COMMUNITY : WHISTLE
  const now = steps.indexOf(own && at === 'departments' ? 'community' : at)
  return steps.map((step, place) => ({ step, state: place < now || step === 'closed' && place === now ? 'done' : place === now ? 'now' : 'later' }))
}
