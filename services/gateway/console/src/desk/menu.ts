/** The pages at the desk that are in the menu, for whom. */
import { is, type Role } from '@/session'

interface Entry {
  to: string
  title: string
  roles: Role[]
}

const SUPERVISORS: Role[] = ['supervisor', 'district_supervisor']

const ENTRIES: Entry[] = [
  { to: '/wall', title: 'page.wall', roles: SUPERVISORS },
  {
    to: '/cases',
    title: 'page.cases',
    roles: ['intake_clerk', 'reviewer', 'dispatcher', 'callback_clerk', 'supervisor', 'district_supervisor'],
  },
  { to: '/cases/new', title: 'page.register', roles: ['intake_clerk'] },
  { to: '/rulings', title: 'page.rulings', roles: SUPERVISORS },
  { to: '/orders', title: 'page.orders', roles: SUPERVISORS },
  { to: '/refusals', title: 'page.refusals', roles: SUPERVISORS },
  { to: '/measures', title: 'page.measures', roles: SUPERVISORS },
  { to: '/ranking', title: 'page.ranking', roles: SUPERVISORS },
  { to: '/undelivered', title: 'page.undelivered', roles: [...SUPERVISORS, 'dispatcher'] },
  { to: '/settings/responsibility', title: 'page.responsibility', roles: [...SUPERVISORS, 'administrator', 'dispatcher'] },
  { to: '/settings/limits', title: 'page.limits', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/settings/calendar', title: 'page.calendar', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/settings/people', title: 'page.people', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/parked', title: 'page.parked', roles: ['administrator'] },
]

export function menu(): Entry[] {
  return ENTRIES.filter((entry) => is(...entry.roles))
}
