/** The rows of the list of cases: page by page, each kept fresh, none lost when the first page is loaded again. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { answer, api } from '@/api/client'
import { useFresh, type Fresh } from '@/api/fresh'
import { onChange } from '@/api/live'
import { Problem } from '@/api/problem'
import type { Schemas } from '@/api/types'

export type Case = Schemas['SupervisionCaseItemView']
type Page = Schemas['SupervisionCasePageView']

export interface Filters {
  state?: string
  category?: string
  area?: string
  text?: string
  overdue?: boolean
  open?: boolean
}

export const COLUMNS = ['number', 'state', 'summary', 'category', 'area', 'departments', 'limits', 'since'] as const
export const PAGE = 100

export function casesPage(filters: Filters, after?: string, limit = PAGE): Promise<Page> {
  return answer(api.GET('/api/supervision/cases', { params: { query: { ...filters, after, limit } } }))
}

export interface Rows extends Omit<Fresh<Page>, 'data'> {
  rows: Ref<Case[]>
  next: Ref<string | null>
  more: () => Promise<void>
}

export function useCaseRows(filters: Ref<Filters>): Rows {
  const rows = shallowRef<Case[]>([])
  const next = ref<string | null>(null)
  const { data, problem, loading, load } = useFresh(() => casesPage(filters.value), [filters])
  let shown = ''
  let bringing = false

  watch(data, (page) => {
    if (!page) return
    const asked = JSON.stringify(filters.value)
    const first = new Set(page.items.map((one) => one.id))
    const later = asked === shown && rows.value.length > PAGE ? rows.value.slice(PAGE).filter((one) => !first.has(one.id)) : []
    if (!later.length) next.value = page.next
    rows.value = [...page.items, ...later]
    shown = asked
  })

  async function more(): Promise<void> {
    if (!next.value || bringing) return
    bringing = true
    try {
      const page = await casesPage(filters.value, next.value)
      const had = new Set(rows.value.map((one) => one.id))
      rows.value = [...rows.value, ...page.items.filter((one) => !had.has(one.id))]
      next.value = page.next
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
    } finally {
      bringing = false
    }
  }

  // Pages after the first are not loaded again: of what is shown there, each case that changed is.
  let alive = true
  onScopeDispose(() => (alive = false))
  onChange((change) => {
    if (change.event === 'case' && rows.value.findIndex((one) => one.id === change.case) >= PAGE) void bring(change.case)
  })

  async function bring(id: string): Promise<void> {
    const found = await answer(api.GET('/api/supervision/cases/{case_id}', { params: { path: { case_id: id } } })).catch(() => null)
    if (!found || !alive) return
    const { state, state_since, summary, parts, overdue_since, supervised, escalated, clocks } = found
    const limits = clocks.filter((one) => !one.assignment_id && ['running', 'paused'].includes(one.state))
    rows.value = rows.value.map((one) => (one.id === id ? { ...one, state, state_since, summary, parts, overdue_since, supervised, escalated, limits } : one))
  }

  return { rows, next, problem, loading, load, more }
}
