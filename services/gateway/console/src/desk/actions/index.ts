/** The actions on a case: in which states, for whom, and the form of each. The services decide; this only spares vain attempts. */
import type { Component } from 'vue'
import type { Schemas } from '@/api/types'
import { closure } from '@/desk/actions/closure'
import { dispatch } from '@/desk/actions/dispatch'
import { intake } from '@/desk/actions/intake'
import { supervision } from '@/desk/actions/supervision'
import { is, type Role } from '@/session'

type Case = Schemas['SupervisionCaseView']

export interface Action {
  /** A key of the texts. */
  name: string
  roles: Role[]
  when: (of: Case) => boolean
  /** Takes `case`, and emits `done` when it has happened. */
  form: Component
  /** Seldom needed: only its name is shown until somebody opens it. */
  folded?: true
}

const ACTIONS: Action[] = [...intake, ...dispatch, ...closure, ...supervision]

/** All actions that the reader's roles have at all. */
export function actions(): Action[] {
  return ACTIONS.filter((action) => is(...action.roles))
}

export function offered(of: Case): Action[] {
  return actions().filter((action) => action.when(of))
}
