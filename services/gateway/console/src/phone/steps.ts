/** The steps of an assignment: in which states each can succeed. The services decide; this only spares vain attempts. */
import type { Schemas } from '@/api/types'
import type { Entry } from '@/phone/queue'

export type Assignment = Schemas['DispatchAssignmentView']

export interface Step {
  /** A key of the texts below officer.do. */
  action: string
  /** Below the assignment's address. */
  path: string
  states: string[]
  /** Whether it is what comes next, and not one of several things that can be done besides. */
  main?: boolean
  /** The field of the body that takes words. */
  text?: string
  place?: boolean
  /** Whether it asks for time. */
  time?: boolean
  when?: (of: Assignment) => boolean
}

const AT_MOST = 2 // extensions, of each at most half of the original limit

export const STEPS: Step[] = [
  { action: 'sign', path: 'signature', states: ['to_sign'], main: true },
  { action: 'report_in', path: 'report', states: ['signed'], main: true, place: true },
  { action: 'start', path: 'start', states: ['reported_in', 'rework'], main: true },
  { action: 'feed_back', path: 'feedback', states: ['in_progress'], main: true, text: 'measures' },
  { action: 'report_progress', path: 'progress', states: ['reported_in', 'in_progress'], text: 'text' },
  { action: 'dispute', path: 'dispute', states: ['to_sign'], text: 'legal_basis', when: (of) => of.dispute === null },
  { action: 'extend', path: 'extensions', states: ['signed', 'reported_in', 'in_progress', 'rework'], text: 'reason', time: true, when: mayExtend },
]

const FOLLOWS: Record<string, string> = { sign: 'signed', report_in: 'reported_in', start: 'in_progress', feed_back: 'fed_back', dispute: 'disputed' }

/** The state once all that waits to be sent has been done; what was refused does nothing. */
export function projected(state: string, waiting: Entry[]): string {
  return waiting.reduce((before, one) => (one.refusal ? before : (FOLLOWS[one.action] ?? before)), state)
}

/** Minutes of an extension at most. */
export function longest(of: Assignment): number {
  return Math.floor((of.limits[0]?.minutes ?? 0) / 2)
}

function mayExtend(of: Assignment): boolean {
  const pending = of.extensions.some((one) => one.granted === null)
  return !pending && of.overdue_at === null && of.extensions.filter((one) => one.granted).length < AT_MOST
}
