/** Files: sent with their progress, and shown although an image's address carries no token. */
import { headers } from '@/api/client'
import { Problem, problemOf } from '@/api/problem'
import { t } from '@/texts'

/** Send a file as the whole body; `progress` hears the share that has gone out, 0 to 1. The answer's data, or a `Problem`. */
export function send<T>(path: string, file: Blob, progress: (share: number) => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.responseType = 'json'
    for (const [name, value] of Object.entries(headers('POST'))) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', file.type)
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0)
    request.onload = () => {
      if (request.status < 400) resolve(request.response as T)
      else reject(problemOf(request.status, request.response))
    }
    request.onerror = () => reject(new Problem(0, 'offline', t('offline.title'), t('offline.detail')))
    request.send(file)
  })
}

/** The bytes at an address that only people with a token may read. */
export async function fetched(path: string): Promise<Blob> {
  const response = await fetch(path, { headers: headers('GET') })
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null))
  return response.blob()
}

/** Let the browser save what lies at this address under a name. */
export async function save(path: string, name: string): Promise<void> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await fetched(path))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
