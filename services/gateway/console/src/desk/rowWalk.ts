/** j and k walk through the rows of a list, from link to link, so that Enter opens the one that has the focus. */
import type { Ref } from 'vue'
import { useKeys } from '@/keys'

/** In `box`, each row's own link is marked `data-row`. */
export function useRowWalk(box: Ref<HTMLElement | undefined>): void {
  function step(by: number): void {
    const links = [...(box.value?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])]
    const at = links.findIndex((one) => one === document.activeElement)
    const to = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]
    to?.focus()
    to?.scrollIntoView({ block: 'nearest' })
  }

  useKeys({ key: 'j', says: 'keys.next', does: () => step(1) }, { key: 'k', says: 'keys.previous', does: () => step(-1) })
}
