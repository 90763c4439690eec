/** How it stands in each grid, by the worst of its open cases. */
import { areas } from '@/api/names'
import type { Schemas } from '@/api/types'

type Case = Schemas['SupervisionCaseItemView']

export type Level = 'overdue' | 'stuck' | 'open' | 'calm'
export const LEVELS: Level[] = ['overdue', 'stuck', 'open', 'calm']

export interface Grid {
  code: string
  level: Level
  cases: number
  overdue: number
  stuck: number
}

const GRID_DEPTH = 4 // district, street, community, grid: the parts of an area's code
const STUCK = ['rework', 'suspended', 'awaiting', 'returned']

export function gridOf(area: string): string {
  return area.split('.').slice(0, GRID_DEPTH).join('.')
}

/** Those with open cases first, the worst first; a case whose place is no grid stands under its own area. */
export function grids(open: Case[], below: string): Grid[] {
  const found = new Map<string, Grid>()
  for (const [code, area] of areas)
    if (area.level === 'grid' && inside(code, below)) found.set(code, { code, level: 'calm', cases: 0, overdue: 0, stuck: 0 })
  for (const one of open) {
    const code = gridOf(one.area)
    const grid = found.get(code) ?? { code, level: 'calm', cases: 0, overdue: 0, stuck: 0 }
    grid.cases++
    if (one.overdue_since) grid.overdue++
    if (STUCK.includes(one.state) || one.parts.some((part) => part.state === 'disputed')) grid.stuck++
    grid.level = grid.overdue ? 'overdue' : grid.stuck ? 'stuck' : 'open'
    found.set(code, grid)
  }
  return [...found.values()].sort((a, b) => b.overdue - a.overdue || b.stuck - a.stuck || b.cases - a.cases || a.code.localeCompare(b.code))
}

function inside(code: string, below: string): boolean {
  return !below || code === below || code.startsWith(`${below}.`)
}
