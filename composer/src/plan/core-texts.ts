import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { roomFolder } from '../house.ts'

/** Every text of core that an app shows: core's own German is whole. */
export const coreTexts = (app: 'admin' | 'store'): ReadonlySet<string> =>
  new Set(
    (['ui', app] as const).flatMap((room) => {
      const text = readFileSync(join(roomFolder(room), 'src/locales/de.json'), 'utf8')
      return Object.keys(JSON.parse(text) as Record<string, unknown>) // our own file
    }),
  )
