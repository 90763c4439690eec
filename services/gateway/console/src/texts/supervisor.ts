/** What the supervisor's pages say. */
import { pair } from '@/texts/pair'

export const supervisor = pair({ page: {} }, { page: {} })
