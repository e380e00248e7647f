import { crc32, deflateSync } from 'node:zlib'

/** Gives a PNG of a soft gradient with a disc in it, `size` pixels wide and high. */
export function pngPicture(size: number): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 3))
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isInside = Math.hypot(x - size / 2, y - size / 2) < size / 4
      const shade = Math.round((40 * (x + y)) / (2 * size))
      const at = y * (1 + size * 3) + 1 + x * 3
      rows[at] = isInside ? 244 : 224 - shade
      rows[at + 1] = isInside ? 240 : 196 - shade
      rows[at + 2] = isInside ? 234 : 178 - shade
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const whole = Buffer.alloc(8 + named.length)
  whole.writeUInt32BE(content.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), 4 + named.length)
  return whole
}
