/** What the resident's pages say. */
import { pair } from '@/texts/pair'

export const resident = pair({ page: {} }, { page: {} })
