/** What people read, in Chinese (default) and English; what codes are called comes from the services. */
import { computed, watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import { shell } from '@/texts/shell'

export type Language = 'zh' | 'en'

const PLACE = 'whistle.language'

export const texts = createI18n({
  legacy: false,
  locale: localStorage.getItem(PLACE) === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh: { ...shell.zh }, en: { ...shell.en } },
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
