/** What people read, in Chinese (default) and English; what codes are called comes from the services. */
import { computed, watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import { clerk } from '@/texts/clerk'
import { officer } from '@/texts/officer'
import { resident } from '@/texts/resident'
import { shell } from '@/texts/shell'
import { supervisor } from '@/texts/supervisor'
import type { Nested } from '@/texts/pair'

export type Language = 'zh' | 'en'

const PLACE = 'whistle.language'

const AREAS = [shell, clerk, officer, supervisor, resident]

/** All areas' texts; the names of pages, which every area has, put together. */
function said(language: Language): Nested {
  const all = AREAS.map((area) => area[language] as Nested)
  return { ...Object.assign({}, ...all), page: Object.assign({}, ...all.map((one) => one.page)) }
}

export const texts = createI18n({
  legacy: false,
  locale: localStorage.getItem(PLACE) === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh: said('zh'), en: said('en') },
})

export const t = texts.global.t
export const language = computed<Language>({
  get: () => texts.global.locale.value as Language,
  set: (chosen) => {
    texts.global.locale.value = chosen
    localStorage.setItem(PLACE, chosen)
  },
})

watchEffect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})
