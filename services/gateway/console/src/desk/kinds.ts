/** The kinds of whistle and what they are called; they are the town's own, and loaded when first shown. */
import { shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import type { Schemas } from '@/api/types'
import { language } from '@/texts'

export type Kind = Schemas['DirectoryKindView']

const known = shallowRef<Kind[]>([])
let asked = false

export function kinds(): Kind[] {
  if (!asked) {
    asked = true
    answer(api.GET('/api/directory/limits'))
      .then((found) => (known.value = found.kinds))
      .catch(() => (asked = false)) // codes are shown until it can be loaded
  }
  return known.value
}

export function kindName(code: string): string {
  const found = kinds().find((one) => one.code === code)
  return (language.value === 'en' && found?.name_en) || found?.name || code
}

export function isEmergency(code: string): boolean {
  return kinds().some((one) => one.code === code && one.emergency)
}
