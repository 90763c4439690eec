import type { components, paths } from '@/api/schema'

export type Schemas = components['schemas']
export type Paths = paths
