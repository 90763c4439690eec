/** Where it is: the phone's own position, asked for once when its holder wants it, or a place shown on the map. */
import { ref } from 'vue'

const PATIENCE = 15_000 // milliseconds

export interface Position {
  longitude: number
  latitude: number
  /** In metres; null for what was shown on the map. */
  accuracy: number | null
}

export function usePosition() {
  const point = ref<Position | null>(null)
  const finding = ref(false)
  const failed = ref(false)

  function find(): void {
    finding.value = true
    failed.value = false
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        point.value = { longitude: coords.longitude, latitude: coords.latitude, accuracy: coords.accuracy }
        finding.value = false
      },
      () => {
        failed.value = true
        finding.value = false
      },
      { enableHighAccuracy: true, timeout: PATIENCE },
    )
  }

  function forget(): void {
    point.value = null
  }

  function show(shown: { longitude: number; latitude: number }): void {
    point.value = { ...shown, accuracy: null }
    failed.value = false
  }

  return { point, finding, failed, find, show, forget }
}
