/** Keyboard shortcuts: one key each, outside of fields; `?` shows those of the page. */
import { onScopeDispose, reactive } from 'vue'

export interface Shortcut {
  key: string
  /** What it does, a key of the texts. */
  says: string
  does: () => void
}

export const shortcuts = reactive(new Set<Shortcut>())

/** Offer these until the component that asked is gone. */
export function useKeys(...offered: Shortcut[]): void {
  for (const one of offered) shortcuts.add(one)
  onScopeDispose(() => {
    for (const one of offered) shortcuts.delete(one)
  })
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return
  const found = [...shortcuts].findLast((one) => one.key === event.key)
  if (!found) return
  event.preventDefault()
  found.does()
})

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
