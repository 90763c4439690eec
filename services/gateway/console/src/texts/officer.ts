/** What the officer's pages say. */
import { pair } from '@/texts/pair'

export const officer = pair({ page: {} }, { page: {} })
