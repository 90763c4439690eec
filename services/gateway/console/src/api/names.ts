/** What codes are called: terms from the services' own texts; categories, departments and areas from the directory. */
import { reactive, ref, shallowReactive } from 'vue'
import { answer, api } from '@/api/client'
import type { Schemas } from '@/api/types'
import { token } from '@/session'
import { language } from '@/texts'

export type Category = Schemas['DirectoryCategoryView']
export type Department = Schemas['DirectoryDepartmentView']
export type Area = Schemas['DirectoryAreaView']

type Pair = Record<'zh' | 'en', string>

const told = ref<{ terms: Record<string, Pair>; labels: Record<string, Record<string, Pair>> }>({ terms: {}, labels: {} })
export const categories = shallowReactive(new Map<string, Category>())
export const departments = shallowReactive(new Map<string, Department>())
export const areas = shallowReactive(new Map<string, Area>())
const asked = reactive(new Set<string>())

/** How people call a state or an action; the code itself until the texts are there. */
export function term(code: string | null | undefined): string {
  return (code && told.value.terms[code]?.[language.value]) || code || ''
}

/** How people call a code of this sort: a role, an event, a clock, a channel (see `labels` in shared/web/texts.yaml). */
export function label(sort: string, code: string | null | undefined): string {
  return (code && told.value.labels[sort]?.[code]?.[language.value]) || code || ''
}

export function categoryName(code: string): string {
  const found = categories.get(code)
  return (language.value === 'en' && found?.name_en) || found?.name || code
}

export function departmentName(code: string): string {
  return departments.get(code)?.name ?? code
}

/** The names from the street down to this area. */
export function areaName(code: string): string {
  const parts = code.split('.')
  const names = parts.map((_, at) => areas.get(parts.slice(0, at + 1).join('.'))?.name)
  return names.slice(1).filter(Boolean).join(' ') || areas.get(code)?.name || code
}

/** Load what names need: terms and categories for anybody, departments and areas for who is logged in. */
export async function loadNames(): Promise<void> {
  const wanted = [once('terms', loadTerms), once('categories', loadCategories)]
  if (token.value) wanted.push(once('departments', loadDepartments), once('areas', loadAreas))
  await Promise.all(wanted)
}

/** Ask for them anew, as when a service worker has come that keeps them. */
export async function renewNames(): Promise<void> {
  asked.clear()
  await loadNames()
}

async function once(what: string, load: () => Promise<void>): Promise<void> {
  if (asked.has(what)) return
  asked.add(what)
  await load().catch(() => asked.delete(what)) // codes are shown until it can be loaded
}

async function loadTerms(): Promise<void> {
  const response = await fetch('/api/texts')
  if (response.ok) told.value = (await response.json()) as typeof told.value
}

async function loadCategories(): Promise<void> {
  for await (const one of every((after) => answer(api.GET('/api/directory/categories', { params: { query: { after } } }))))
    categories.set(one.code, one)
}

async function loadDepartments(): Promise<void> {
  for await (const one of every((after) => answer(api.GET('/api/directory/departments', { params: { query: { after } } }))))
    departments.set(one.code, one)
}

async function loadAreas(): Promise<void> {
  for await (const one of every((after) => answer(api.GET('/api/directory/areas', { params: { query: { after } } })))) areas.set(one.code, one)
}

/** All items of a list that comes in pages. */
export async function* every<T>(page: (after?: string) => Promise<{ items: T[]; next: string | null }>): AsyncGenerator<T> {
  for (let after: string | undefined; ; ) {
    const { items, next } = await page(after)
    yield* items
    if (next === null) return
    after = next
  }
}

/** The same as one list. */
export async function whole<T>(page: (after?: string) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const found: T[] = []
  for await (const one of every(page)) found.push(one)
  return found
}
