/** Every page, and who may open it. A page is loaded when it is first opened. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { loadNames } from '@/api/names'
import { is, token, type Role } from '@/session'
import { t } from '@/texts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The name of the page, a key of the texts. */
    title: string
    /** Who may open it; nobody named means everybody, also without an account. */
    roles?: Role[]
  }
}

const SUPERVISORS: Role[] = ['supervisor', 'district_supervisor']
const DESK: Role[] = ['intake_clerk', 'reviewer', 'dispatcher', 'callback_clerk', ...SUPERVISORS]
const STAFF: Role[] = [...DESK, 'officer', 'department_head', 'administrator']

// without an account
const open: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('@/open/OpenFrame.vue'),
    children: [
      { path: '/login', component: () => import('@/open/LogIn.vue'), meta: { title: 'page.login' } },
      { path: '/report', component: () => import('@/open/ReportPage.vue'), meta: { title: 'page.report' } },
      { path: '/follow', component: () => import('@/open/FollowPage.vue'), meta: { title: 'page.follow' } },
      { path: '/notices', component: () => import('@/open/NoticesPage.vue'), meta: { title: 'page.notices' } },
    ],
  },
]

// of the officer on a phone
const OFFICERS: Role[] = ['officer', 'department_head']
const phone: RouteRecordRaw[] = [
  { path: '/phone', component: () => import('@/phone/Waiting.vue'), meta: { title: 'page.waiting', roles: OFFICERS } },
  { path: '/phone/assignments/:id', component: () => import('@/phone/Assignment.vue'), props: true, meta: { title: 'page.assignment', roles: OFFICERS } },
  { path: '/phone/records', component: () => import('@/phone/Records.vue'), meta: { title: 'page.records', roles: ['officer'] } },
  { path: '/phone/records/:id', component: () => import('@/phone/Record.vue'), props: true, meta: { title: 'page.record', roles: ['officer'] } },
  { path: '/phone/queue', component: () => import('@/phone/Queue.vue'), meta: { title: 'page.queue', roles: OFFICERS } },
]

// of clerks, reviewers, dispatchers and call-back clerks
const clerk: RouteRecordRaw[] = [
  { path: '/cases/new', component: () => import('@/desk/register/RegisterPage.vue'), meta: { title: 'page.register', roles: ['intake_clerk'] } },
  { path: '/cases/:caseId/form', component: () => import('@/desk/DispatchForm.vue'), props: true, meta: { title: 'page.form', roles: DESK } },
]

// of supervisors and administrators
const supervisor: RouteRecordRaw[] = [
  { path: '/wall', component: () => import('@/desk/supervision/WallPage.vue'), meta: { title: 'page.wall', roles: SUPERVISORS } },
  { path: '/measures', component: () => import('@/desk/supervision/MeasuresPage.vue'), meta: { title: 'page.measures', roles: SUPERVISORS } },
  { path: '/ranking', component: () => import('@/desk/supervision/RankingPage.vue'), meta: { title: 'page.ranking', roles: SUPERVISORS } },
  { path: '/rulings', component: () => import('@/desk/supervision/RulingsPage.vue'), meta: { title: 'page.rulings', roles: SUPERVISORS } },
  { path: '/refusals', component: () => import('@/desk/supervision/RefusalsPage.vue'), meta: { title: 'page.refusals', roles: SUPERVISORS } },
  { path: '/orders', component: () => import('@/desk/supervision/OrdersPage.vue'), meta: { title: 'page.orders', roles: SUPERVISORS } },
  { path: '/undelivered', component: () => import('@/desk/supervision/UndeliveredPage.vue'), meta: { title: 'page.undelivered', roles: [...SUPERVISORS, 'dispatcher'] } },
  { path: '/settings/responsibility', component: () => import('@/desk/settings/ResponsibilityPage.vue'), meta: { title: 'page.responsibility', roles: [...SUPERVISORS, 'administrator', 'dispatcher'] } },
  { path: '/settings/limits', component: () => import('@/desk/settings/LimitsPage.vue'), meta: { title: 'page.limits', roles: STAFF } },
  { path: '/settings/calendar', component: () => import('@/desk/settings/CalendarPage.vue'), meta: { title: 'page.calendar', roles: STAFF } },
  { path: '/settings/people', component: () => import('@/desk/settings/PeoplePage.vue'), meta: { title: 'page.people', roles: [...SUPERVISORS, 'administrator'] } },
  { path: '/parked', component: () => import('@/desk/settings/ParkedPage.vue'), meta: { title: 'page.parked', roles: ['administrator'] } },
]

// of everybody at the desk
const desk: RouteRecordRaw[] = [
  { path: '/cases', component: () => import('@/desk/CaseList.vue'), meta: { title: 'page.cases', roles: DESK } },
  { path: '/cases/:caseId', component: () => import('@/desk/CasePage.vue'), props: true, meta: { title: 'page.case', roles: DESK } },
  { path: '/me', component: () => import('@/me/MyPage.vue'), meta: { title: 'page.me', roles: STAFF } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: home },
    ...open,
    { path: '/', component: () => import('@/phone/PhoneFrame.vue'), children: phone },
    { path: '/', component: () => import('@/desk/DeskFrame.vue'), children: [...clerk, ...supervisor, ...desk] },
    { path: '/:rest(.*)*', component: () => import('@/open/NoSuchPage.vue'), meta: { title: 'page.missing' } },
  ],
})

/** Where the person's work is. */
export function home(): string {
  if (!token.value) return '/login'
  if (is(...SUPERVISORS)) return '/wall'
  if (is('administrator')) return '/settings/responsibility'
  return is(...DESK) || !is(...OFFICERS) ? '/cases' : '/phone'
}

router.beforeEach((to) => {
  const roles = to.meta.roles
  if (!roles) return true
  if (!token.value) return { path: '/login', query: { then: to.fullPath } }
  return is(...roles) || home() === to.path ? true : home()
})

router.afterEach((to) => {
  document.title = `${t(to.meta.title)} · ${t('system')}`
  void loadNames()
})
