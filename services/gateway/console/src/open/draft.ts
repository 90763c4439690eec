/** A report that was begun, kept in this browser until it is sent: never a name, a telephone number or a photo. */
export interface Draft {
  category: string
  address: string
  description: string
  home: boolean
  ongoing: boolean
}

const PLACE = 'whistle.report'
const EMPTY: Draft = { category: '', address: '', description: '', home: false, ongoing: false }

export function keptDraft(): Draft {
  const kept = localStorage.getItem(PLACE)
  return { ...EMPTY, ...(kept === null ? {} : (JSON.parse(kept) as Partial<Draft>)) }
}

export function keepDraft(draft: Draft): void {
  if (Object.values(draft).some(Boolean)) localStorage.setItem(PLACE, JSON.stringify(draft))
  else localStorage.removeItem(PLACE)
}

export function forgetDraft(): void {
  localStorage.removeItem(PLACE)
}
