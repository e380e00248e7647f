import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Domain } from './domain.ts'
import { unfit } from './refusals.ts'
import { newId, type CoreDb, type World } from './world.ts'

const maxBytes = 5_000_000

export interface Files extends Pick<Domain['files'], 'read'> {
  /** Stores a picture and its row; the row with the transaction, the bytes beforehand. */
  add(db: CoreDb, bytes: Uint8Array): Promise<string>
  /** Takes the bytes away, once nothing points at them. */
  discard(id: string): Promise<void>
}

/** Uploads: a row each in the database, their bytes in the data folder. */
export function createFiles({ db, dataDir }: World): Files {
  const folder = join(dataDir, 'files')
  return {
    async read(id) {
      const row = await db
        .selectFrom('files')
        .select(['id', 'content_type'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return null
      try {
        return { bytes: await readFile(join(folder, row.id)), contentType: row.content_type }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null // fs throws errno errors
        throw error
      }
    },
    async add(within, bytes) {
      if (bytes.length > maxBytes) throw unfit('image', 'must have at most 5,000,000 bytes')
      const contentType = pictureType(bytes)
      if (!contentType) throw unfit('image', 'must be a PNG, JPEG, WebP or GIF')
      const id = newId()
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, `${id}.part`), bytes)
      await rename(join(folder, `${id}.part`), join(folder, id))
      await within
        .insertInto('files')
        .values({ id, content_type: contentType, size_bytes: bytes.length })
        .execute()
      return id
    },
    async discard(id) {
      await db.deleteFrom('files').where('id', '=', id).execute()
      await rm(join(folder, id), { force: true })
    },
  }
}

/** Path of a picture under the API's origin. */
export const imageUrlOf = (imageId: string | null) =>
  imageId === null ? null : `/api/files/${imageId}`

const magics: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/], // oxlint-disable-line no-control-regex -- the format's own bytes
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
]

/** Told by content: what the sender claims does not count. */
function pictureType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  return magics.find(([, magic]) => magic.test(start))?.[0]
}
