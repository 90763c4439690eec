/** What a service refused, in the reader's language (RFC 9457). */

export class Problem extends Error {
  constructor(
    /** HTTP's status; 0 if nobody answered. */
    readonly status: number,
    readonly slug: string,
    readonly title: string,
    readonly detail: string,
    /** What is wrong with which field, by its dotted path. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail || title)
  }
}

/** The problem that a body tells of, or one made from the status where it tells of none. */
export function problemOf(status: number, body: unknown): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<Said>
  const fields = Object.fromEntries((said.errors ?? []).map((error) => [error.field, error.message]))
  return new Problem(status, said.type?.replace('/problems/', '') ?? '', said.title ?? `HTTP ${status}`, said.detail ?? '', fields)
}

interface Said {
  type: string
  title: string
  detail: string
  errors: { field: string; message: string }[]
}
