/** What the officers of a record can do, in which states; as services/enforcement/domain/transitions.py has it. */
import type { Schemas } from '@/api/types'
import type { Entry } from '@/phone/queue'

export type EnforcementRecord = Schemas['EnforcementRecordView']

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

export const OPEN = ['opened', 'nothing_found', 'violation_found', 'ordered', 'rectified', 'not_rectified']
/** Officers who must remain (行政处罚法 42). */
export const FEWEST = 2

export const DEEDS: Deed[] = [
  { action: 'record_check', path: 'checks', states: ['opened', 'nothing_found', 'violation_found'], main: ['opened'], visit: true },
  { action: 'order_rectification', path: 'orders', states: ['violation_found', 'not_rectified'], main: ['violation_found', 'not_rectified'] },
  { action: 'recheck', path: 'rechecks', states: ['ordered'], main: ['ordered'], visit: true },
  { action: 'conclude_record', path: 'conclusion', states: ['nothing_found', 'rectified'], main: ['nothing_found', 'rectified'] },
  { action: 'add_evidence', path: 'evidence', states: OPEN },
  { action: 'sign_record', path: 'evidence', states: OPEN },
  { action: 'recuse_officer', path: 'recusals', states: OPEN },
  { action: 'transfer_record', path: 'transfer', states: ['opened', 'violation_found', 'not_rectified'] },
]

/** Where a piece of evidence is reviewed. */
export function reviewOf(evidence: string): string {
  return `/api/enforcement/evidence/${evidence}/review`
}

/** The record once what waits to be sent has been done; the certificate of whoever takes over is known to the services only. */
export function foreseen(record: EnforcementRecord, waiting: Entry[]): EnforcementRecord {
  const coming = waiting.filter((one) => !one.refusal)
  const recusals = coming.filter((one) => one.action === 'recuse_officer').map((one) => one.body ?? {})
  const staying = record.officers.filter((one) => !recusals.some((recusal) => recusal.officer === one.id))
  const joining = recusals.flatMap(({ replacement }) => (typeof replacement === 'string' ? [{ id: replacement, certificate: '' }] : []))
  return { ...record, state: coming.reduce((before, one) => following(one) ?? before, record.state), officers: [...staying, ...joining] }
}

function following({ action, body }: Entry): EnforcementRecord['state'] | undefined {
  if (action === 'record_check') return body?.violation ? 'violation_found' : 'nothing_found'
  if (action === 'recheck') return body?.rectified ? 'rectified' : 'not_rectified'
  const ends: Record<string, EnforcementRecord['state']> = { order_rectification: 'ordered', conclude_record: 'concluded', transfer_record: 'transferred' }
  return ends[action]
}
