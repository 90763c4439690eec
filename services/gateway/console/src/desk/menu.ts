/** The pages at the desk that are in the menu, for whom; where they are many, in groups. */
import { is, type Role } from '@/session'

export interface Entry {
  to: string
  title: string
  group: 'watch' | 'act' | 'settings'
  roles: Role[]
}

export interface Group {
  name: Entry['group']
  pages: Entry[]
}

const SUPERVISORS: Role[] = ['supervisor', 'district_supervisor']
const MOST = 6 // pages that stand side by side without being grouped

const ENTRIES: Entry[] = [
  { to: '/wall', title: 'page.wall', group: 'watch', roles: SUPERVISORS },
  {
    to: '/cases',
    title: 'page.cases',
    group: 'watch',
    roles: ['intake_clerk', 'reviewer', 'dispatcher', 'callback_clerk', 'supervisor', 'district_supervisor'],
  },
  { to: '/measures', title: 'page.measures', group: 'watch', roles: SUPERVISORS },
  { to: '/ranking', title: 'page.ranking', group: 'watch', roles: SUPERVISORS },
  { to: '/cases/new', title: 'page.register', group: 'act', roles: ['intake_clerk'] },
  { to: '/rulings', title: 'page.rulings', group: 'act', roles: SUPERVISORS },
  { to: '/orders', title: 'page.orders', group: 'act', roles: SUPERVISORS },
  { to: '/refusals', title: 'page.refusals', group: 'act', roles: SUPERVISORS },
  { to: '/undelivered', title: 'page.undelivered', group: 'act', roles: [...SUPERVISORS, 'dispatcher'] },
  { to: '/settings/responsibility', title: 'page.responsibility', group: 'settings', roles: [...SUPERVISORS, 'administrator', 'dispatcher'] },
  { to: '/settings/limits', title: 'page.limits', group: 'settings', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/settings/calendar', title: 'page.calendar', group: 'settings', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/settings/people', title: 'page.people', group: 'settings', roles: [...SUPERVISORS, 'administrator'] },
  { to: '/parked', title: 'page.parked', group: 'settings', roles: ['administrator'] },
]

export function menu(): Entry[] {
  return ENTRIES.filter((entry) => is(...entry.roles))
}

/** The same in groups; none where the pages are few. */
export function groups(): Group[] {
  const pages = menu()
  if (pages.length <= MOST) return []
  const names = [...new Set(pages.map((page) => page.group))]
  return names.map((name) => ({ name, pages: pages.filter((page) => page.group === name) }))
}
