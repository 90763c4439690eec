/** What is wrong with an imported table, row by row. */

export interface RowError {
  row: number | null
  column: string
  message: string
}

/** From the fields of a problem, `rows.<line>.<column>` or `file`, in the order of rows. */
export function errorsOf(fields: Readonly<Record<string, string>>): RowError[] {
  const found = Object.entries(fields).map(([place, message]) => {
    const [, line, column] = /^rows\.(\d+)(?:\.(.+))?$/.exec(place) ?? []
    return { row: line === undefined ? null : Number(line), column: column ?? (line === undefined ? place : ''), message }
  })
  return found.sort((a, b) => (a.row ?? -1) - (b.row ?? -1))
}
