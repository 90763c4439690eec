/** Where the phone is, asked for once when its holder wants it. */
import { ref } from 'vue'

const PATIENCE = 15_000 // milliseconds

export interface Position {
  longitude: number
  latitude: number
  accuracy: number
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

  return { point, finding, failed, find, forget }
}
