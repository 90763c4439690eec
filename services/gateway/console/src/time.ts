/** Times as people here read them (Asia/Shanghai), and one clock for every countdown on the page. */
import { onScopeDispose, ref, type Ref } from 'vue'
import { language, t } from '@/texts'

const ZONE = 'Asia/Shanghai'

const now = ref(Date.now())
let watching = 0
let ticking: ReturnType<typeof setInterval> | undefined

/** The present in milliseconds, every second, as long as somebody shows it. */
export function useNow(): Ref<number> {
  if (!watching++) {
    now.value = Date.now()
    ticking = setInterval(() => {
      now.value = Date.now()
    }, 1_000)
  }
  onScopeDispose(() => {
    if (!--watching) clearInterval(ticking)
  })
  return now
}

/** Day and minute. */
export function when(at: string | null | undefined): string {
  if (!at) return ''
  const options: Intl.DateTimeFormatOptions = { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false }
  return new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en-GB', options).format(new Date(at))
}

/** A length of time in its two largest units. */
export function lasting(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000)
  const [days, hours, left] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60]
  if (days) return t('time.days', { days, hours })
  if (hours) return t('time.hours', { hours, minutes: left })
  return minutes ? t('time.minutes', { minutes }) : t('time.seconds', { seconds: Math.floor(Math.abs(milliseconds) / 1_000) })
}
