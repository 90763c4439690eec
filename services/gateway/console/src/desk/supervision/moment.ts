/** Moments and months as fields of a form have them, in Asia/Shanghai wherever the browser stands. */

const EAST = 8 * 3_600_000 // Asia/Shanghai has had no other offset since 1991

/** What `datetime-local` holds, as the API takes it. */
export function moment(local: string): string {
  return `${local}:00+08:00`
}

/** So many days from now, as `datetime-local` holds it. */
export function inDays(days: number): string {
  return new Date(Date.now() + EAST + days * 86_400_000).toISOString().slice(0, 16)
}

export function thisMonth(): string {
  return inDays(0).slice(0, 7)
}

/** The months up to this one, the earliest first. */
export function monthsTo(month: string, count: number): string[] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return Array.from({ length: count }, (_, at) => new Date(Date.UTC(year, number - count + at, 1)).toISOString().slice(0, 7))
}
