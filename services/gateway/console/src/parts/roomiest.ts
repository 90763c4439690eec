/** Where an area's name has most room: in the middle of the longest line from west to east that lies inside it. */
import type { Feature, Position } from 'geojson'

const LINES = 9 // so many are looked at, from south to north

export function roomiest(area: Feature): [number, number] {
  const { geometry } = area
  const rings: Position[][] = geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : geometry.type === 'Polygon' ? geometry.coordinates : []
  const heights = rings.flat().map(([, northing]) => northing ?? 0)
  const [south, north] = [Math.min(...heights), Math.max(...heights)]
  let found: { at: [number, number]; length: number } = { at: [0, south], length: -1 }
  for (let line = 1; line <= LINES; line++) {
    const northing = south + ((north - south) * line) / (LINES + 1)
    const borders = rings.flatMap((ring) => crossings(ring, northing)).sort((a, b) => a - b)
    // Between the first and the second border it is inside, between the second and the third outside, and so on.
    for (let one = 0; one + 1 < borders.length; one += 2) {
      const [west, east] = [borders[one] ?? 0, borders[one + 1] ?? 0]
      if (east - west > found.length) found = { at: [(west + east) / 2, northing], length: east - west }
    }
  }
  return found.at
}

/** The eastings at which a border crosses this line. */
function crossings(ring: Position[], northing: number): number[] {
  return ring.slice(1).flatMap((to, at) => {
    const [[x = 0, y = 0], [u = 0, v = 0]] = [ring[at] ?? [], to]
    return y > northing === v > northing ? [] : [x + ((northing - y) / (v - y)) * (u - x)]
  })
}
