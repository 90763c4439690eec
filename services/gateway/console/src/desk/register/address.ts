/** Which addresses the directory can find: those in which the name of a place occurs that it has, as `shared/places.py` reads them. */
import { areas } from '@/api/names'

/** Without blanks and other ways of writing the same: 3号楼, 3幢 and ３ 栋 are 3栋. */
function plain(address: string): string {
  return address.normalize('NFKC').replace(/\s+/g, '').replaceAll('号楼', '栋').replaceAll('幢', '栋')
}

export function knownAddresses(): string[] {
  return [...areas.values()].flatMap((one) => one.addresses)
}

export function findable(address: string): boolean {
  const spoken = plain(address)
  return knownAddresses().some((name) => spoken.includes(plain(name)))
}
