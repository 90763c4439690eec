/** Light or dark: as the machine says, until somebody chooses. */
import { ref, watchEffect } from 'vue'

const PLACE = 'whistle.dark'

const preferred = matchMedia('(prefers-color-scheme: dark)')

export const dark = ref(localStorage.getItem(PLACE) ? localStorage.getItem(PLACE) === 'yes' : preferred.matches)

export function chooseDark(chosen: boolean): void {
  dark.value = chosen
  localStorage.setItem(PLACE, chosen ? 'yes' : 'no')
}

watchEffect(() => document.documentElement.classList.toggle('dark', dark.value))
