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
]

export function menu(): Entry[] {
  return ENTRIES.filter((entry) => is(...entry.roles))
}
