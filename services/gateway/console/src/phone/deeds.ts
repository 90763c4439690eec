/** What the officers of a record can do, in which states; as services/enforcement/domain/transitions.py has it. */
import type { Entry } from '@/phone/queue'

export interface Deed {
  /** A key of the texts below officer.do. */
  action: string
  /** Below the record's address. */
  path: string
  states: string[]
  main?: string[]
  /** The officers who were there, where, and what they found. */
  visit?: boolean
}

const OPEN = ['opened', 'nothing_found', 'violation_found', 'ordered', 'rectified', 'not_rectified']

export const DEEDS: Deed[] = [
  { action: 'record_check', path: 'checks', states: ['opened', 'nothing_found', 'violation_found'], main: ['opened'], visit: true },
  { action: 'order_rectification', path: 'orders', states: ['violation_found', 'not_rectified'], main: ['violation_found', 'not_rectified'] },
  { action: 'recheck', path: 'rechecks', states: ['ordered'], main: ['ordered'], visit: true },
  { action: 'conclude_record', path: 'conclusion', states: ['nothing_found', 'rectified'], main: ['nothing_found', 'rectified'] },
  { action: 'add_evidence', path: 'evidence', states: OPEN },
  { action: 'sign_record', path: 'evidence', states: OPEN },
  { action: 'transfer_record', path: 'transfer', states: ['opened', 'violation_found', 'not_rectified'] },
]

/** The state once what waits to be sent has been done. */
export function foreseen(state: string, waiting: Entry[]): string {
  return waiting.reduce((before, one) => (one.refusal ? before : (following(one) ?? before)), state)
}

function following({ action, body }: Entry): string | undefined {
  if (action === 'record_check') return body?.violation ? 'violation_found' : 'nothing_found'
  if (action === 'recheck') return body?.rectified ? 'rectified' : 'not_rectified'
  return { order_rectification: 'ordered', conclude_record: 'concluded', transfer_record: 'transferred' }[action]
}
