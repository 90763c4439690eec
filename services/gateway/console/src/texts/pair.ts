/** One area's texts in both languages, which must say the same things. */
export interface Nested {
  [key: string]: string | Nested
}

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

export function pair<T extends Nested>(zh: T, en: Same<T>): { zh: T; en: T } {
  return { zh, en: en as T }
}
