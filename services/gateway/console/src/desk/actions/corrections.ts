/** Corrections of a case beside those of somebody else: only what I changed is sent, and what they changed meanwhile is shown first. */
import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue'
import type { Schemas } from '@/api/types'

type Whole = Schemas['IntakeWholeCaseView']

export interface Fields {
  category: string
  address: string
  point: string
  description: string
  tried: string
  home: boolean
  ongoing: boolean
  name: string
  phone: string
  home_address: string
}

export interface Corrections {
  mine: Fields
  changed: ComputedRef<(keyof Fields)[]>
  /** What somebody else changed while I was typing; null for nothing. */
  theirs: Ref<(keyof Fields)[] | null>
  version: Ref<number>
  /** What stands now has been loaded. */
  found: (whole: Whole) => void
  /** I have seen what they changed: mine goes on top of it. */
  seen: () => void
}

export function fieldsOf(whole: Whole): Fields {
  const { place, reporter, description } = whole
  const { category, tried, home, ongoing } = whole.case
  const point = place.longitude === null || place.latitude === null ? '' : `${place.longitude},${place.latitude}`
  return {
    ...{ category, address: place.address, point, description, tried, home, ongoing },
    ...{ name: reporter?.name ?? '', phone: reporter?.phone ?? '', home_address: reporter?.address ?? '' },
  }
}

export function useCorrections(): Corrections {
  const nothing: Fields = { category: '', address: '', point: '', description: '', tried: '', home: false, ongoing: false, name: '', phone: '', home_address: '' }
  const mine = reactive({ ...nothing })
  const base = ref<Fields>({ ...nothing })
  const theirs = ref<(keyof Fields)[] | null>(null)
  const version = ref(0)
  let latest: Whole | null = null

  const names = Object.keys(nothing) as (keyof Fields)[]
  const changed = computed(() => names.filter((name) => mine[name] !== base.value[name]))

  function found(whole: Whole): void {
    const begun = version.value > 0
    latest = whole
    if (whole.case.version === version.value) return
    const now = fieldsOf(whole)
    if (begun && changed.value.length) theirs.value = names.filter((name) => now[name] !== base.value[name])
    else seen()
  }

  function seen(): void {
    if (!latest) return
    const now = fieldsOf(latest)
    const kept = Object.fromEntries(changed.value.map((name) => [name, mine[name]]))
    Object.assign(mine, now, kept)
    base.value = now
    version.value = latest.case.version
    theirs.value = null
  }

  return { mine, changed, theirs, version, found, seen }
}
