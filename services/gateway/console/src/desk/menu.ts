/** The pages at the desk that are in the menu, for whom. */
import { is, type Role } from '@/session'

interface Entry {
  to: string
  title: string
  roles: Role[]
}

const ENTRIES: Entry[] = [
  {
    to: '/cases',
    title: 'page.cases',
    roles: ['intake_clerk', 'reviewer', 'dispatcher', 'callback_clerk', 'supervisor', 'district_supervisor'],
  },
  { to: '/cases/new', title: 'page.register', roles: ['intake_clerk'] },
]

export function menu(): Entry[] {
  return ENTRIES.filter((entry) => is(...entry.roles))
}
