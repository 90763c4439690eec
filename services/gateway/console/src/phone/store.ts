/** What the phone keeps without network: the answers last seen, and the commands that wait to be sent. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Entry } from '@/phone/queue'

interface Store extends DBSchema {
  kept: { key: string; value: { at: number; data: unknown } }
  queue: { key: number; value: Entry }
}

let opened: Promise<IDBPDatabase<Store>> | undefined

export function store(): Promise<IDBPDatabase<Store>> {
  opened ??= openDB<Store>('whistle.phone', 1, {
    upgrade(database) {
      database.createObjectStore('kept')
      database.createObjectStore('queue', { keyPath: 'id', autoIncrement: true })
    },
  })
  return opened
}
