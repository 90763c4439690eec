/** The services that follow others, each with the same routes for what could not take effect. */
export const SERVICES = ['intake', 'dispatch', 'enforcement', 'closure', 'notice', 'supervision'] as const
export type Service = (typeof SERVICES)[number]

/** Where a service's messages are; typed as intake's, as all are alike (`shared/parked.py`). */
export function at(service: Service): '/api/intake/parked' {
  return `/api/${service}/parked` as '/api/intake/parked'
}

export function of<Tail extends '' | '/replay' | '/discard'>(service: Service, tail: Tail): `/api/intake/parked/{message_id}${Tail}` {
  return `/api/${service}/parked/{message_id}${tail}` as `/api/intake/parked/{message_id}${Tail}`
}
