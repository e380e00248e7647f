import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface Surface {
  readonly name: string
  readonly bytes: number
  readonly gzipBytes: number
}

const surfaces: Readonly<Record<string, readonly string[]>> = {
  server: ['server.js', 'program.js', 'validators.js', 'chunks/**/*'],
  admin: ['public/admin/**/*'],
  store: ['public/store/**/*'],
  everything: ['**/*'],
}
const compressed = /\.(gz|br|map)$/

/** Gives the size of each surface of a distribution; files that are only another's compressed form are left out. */
export async function surfacesOf(folder: string): Promise<readonly Surface[]> {
  return Promise.all(
    Object.entries(surfaces).map(async ([name, patterns]) => {
      let [bytes, gzipBytes] = [0, 0]
      for await (const file of glob([...patterns], { cwd: folder })) {
        const path = join(folder, file)
        if (compressed.test(file) || !(await stat(path)).isFile()) continue
        const content = await readFile(path)
        bytes += content.byteLength
        gzipBytes += gzipSync(content).byteLength
      }
      return { name, bytes, gzipBytes }
    }),
  )
}
