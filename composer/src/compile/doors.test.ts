import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { roomFolder } from '../house.ts'
import { doorsOf } from './doors.ts'

test('each module of the SDK and of the kit that plugins run is a door, so that there is one of it', () => {
  const modules = (['sdk', 'ui'] as const).flatMap((room) => {
    const text = readFileSync(join(roomFolder(room), 'package.json'), 'utf8')
    const { exports } = JSON.parse(text) as { exports: object } // npm's own format
    return Object.keys(exports).map((each) => `@bitcartcc/${room}${each.slice(1)}`)
  })
  const without = (surface: 'server' | 'admin') =>
    modules.filter((module) => !doorsOf(surface).includes(module))
  expect({ server: without('server'), admin: without('admin') }).toEqual({
    server: [
      '@bitcartcc/sdk/vue',
      '@bitcartcc/sdk/names', // for core and the composer
      '@bitcartcc/sdk/wiring', // the server's is types
      '@bitcartcc/sdk/slots', // types
      '@bitcartcc/sdk/rights', // for core and the composer, as are the next two
      '@bitcartcc/sdk/problem',
      '@bitcartcc/sdk/embedded',
      '@bitcartcc/sdk/plugin.schema.json', // data
      '@bitcartcc/ui',
      '@bitcartcc/ui/style.css',
    ],
    admin: [
      '@bitcartcc/sdk/server',
      '@bitcartcc/sdk/manifest',
      '@bitcartcc/sdk/names',
      '@bitcartcc/sdk/slots',
      '@bitcartcc/sdk/resources', // a page needs its types; who checks a value with it brings a copy
      '@bitcartcc/sdk/rights',
      '@bitcartcc/sdk/problem',
      '@bitcartcc/sdk/embedded',
      '@bitcartcc/sdk/plugin.schema.json',
      '@bitcartcc/ui/style.css', // core brings it
    ],
  })
})
