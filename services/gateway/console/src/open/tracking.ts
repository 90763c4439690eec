/** The tracking code on its way from the report to the page that follows it: in memory only, never in an address. */
let handed = ''

export function hand(code: string): void {
  handed = code
}

/** What was handed over, once. */
export function taken(): string {
  const code = handed
  handed = ''
  return code
}

/** As people read and write it: in fours. */
export function inFours(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1 ')
}
