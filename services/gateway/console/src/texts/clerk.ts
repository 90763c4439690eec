/** What the clerk's pages say. */
import { pair } from '@/texts/pair'

export const clerk = pair({ page: {} }, { page: {} })
