/** The slip that a resident saves: number, tracking code and the same as a QR code, drawn in this browser. */
import { encode } from 'uqr'
import { inFours } from '@/open/tracking'

const WIDTH = 720 // pixels
const HEIGHT = 1020
const SIDE = 520 // of the QR code

interface Words {
  title: string
  number: string
  code: string
  warning: string
  where: string
}

/** The modules of a tracking code's QR code. */
export function modules(code: string): boolean[][] {
  return encode(code, { ecc: 'M', border: 2 }).data
}

/** A picture of the slip. */
export async function drawn(code: string, words: Words): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const pen = canvas.getContext('2d')!
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  pen.fillStyle = '#1a2733'
  pen.textAlign = 'center'
  write(pen, 40, 80, words.title)
  write(pen, 28, 135, words.number)
  const rows = modules(code)
  const size = SIDE / rows.length
  rows.forEach((row, y) => row.forEach((black, x) => black && pen.fillRect((WIDTH - SIDE) / 2 + x * size, 165 + y * size, size + 0.5, size + 0.5)))
  write(pen, 28, 745, words.code)
  const fours = inFours(code)
  write(pen, 44, 805, fours.slice(0, 14))
  write(pen, 44, 865, fours.slice(15))
  write(pen, 24, 930, words.warning)
  write(pen, 24, 970, words.where)
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), 'image/png'))
}

function write(pen: CanvasRenderingContext2D, size: number, at: number, words: string): void {
  pen.font = `${size >= 40 ? 'bold ' : ''}${size}px system-ui, 'Noto Sans CJK SC', 'PingFang SC', sans-serif`
  pen.fillText(words, WIDTH / 2, at, WIDTH - 40)
}
