/** Filters of a page under a name, kept in this browser for whoever is logged in. */
import { ref, type Ref } from 'vue'
import { person } from '@/session'

export interface Saved {
  name: string
  query: Record<string, string>
}

export function useSavedFilters(page: string): { saved: Ref<Saved[]>; save: (one: Saved) => void; remove: (name: string) => void } {
  const place = `whistle.filters.${person.value?.id ?? ''}.${page}`
  const saved = ref<Saved[]>(JSON.parse(localStorage.getItem(place) ?? '[]') as Saved[])

  function keep(now: Saved[]): void {
    saved.value = now
    localStorage.setItem(place, JSON.stringify(now))
  }

  return {
    saved,
    save: (one) => keep([...saved.value.filter((other) => other.name !== one.name), one]),
    remove: (name) => keep(saved.value.filter((one) => one.name !== name)),
  }
}
