/** Who is logged in. Token and person stay in this browser until they log out or the token expires. */
import { computed, ref } from 'vue'
import type { Schemas } from '@/api/types'

export type Session = Schemas['DirectorySessionView']
export type Role = 'intake_clerk' | 'reviewer' | 'dispatcher' | 'officer' | 'department_head' | 'supervisor' | 'district_supervisor' | 'callback_clerk' | 'administrator'

const PLACE = 'whistle.session'

const session = ref<Session | null>(remembered())

export const person = computed(() => session.value?.person ?? null)
export const token = computed(() => session.value?.token ?? '')

/** Whether the person has one of these roles. */
export function is(...roles: Role[]): boolean {
  return roles.some((role) => (person.value?.roles as string[] | undefined)?.includes(role))
}

export function begin(begun: Session): void {
  session.value = begun
  localStorage.setItem(PLACE, JSON.stringify(begun))
}

export function end(): void {
  session.value = null
  localStorage.removeItem(PLACE)
}

function remembered(): Session | null {
  const kept = localStorage.getItem(PLACE)
  const found = kept === null ? null : (JSON.parse(kept) as Session)
  return found && Date.parse(found.expires_at) > Date.now() ? found : null
}

// Another tab of this browser logged in or out.
addEventListener('storage', (event) => {
  if (event.key === PLACE) session.value = remembered()
})
