import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unpackedFolder, unpackInto } from './unpack.ts'

const files = new Map([
  ['plugin.yaml', Buffer.from('name: loyalty\n')],
  ['api/routes.ts', Buffer.from('export {}\n')],
])
let cache = ''
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), 'compose-unpack-'))))
afterEach(() => rmSync(cache, { recursive: true, force: true }))

test('one folder for the same bytes, whole, and nothing beside it', () => {
  const folder = unpackedFolder(cache, 'sha512-x')
  unpackInto(folder, files)
  unpackInto(folder, files)
  expect({
    entries: readdirSync(join(cache, 'archives')).length,
    routes: readFileSync(join(folder, 'api/routes.ts'), 'utf8'),
  }).toEqual({ entries: 1, routes: 'export {}\n' })
})

test('what was changed there since, or added, is replaced', () => {
  const folder = unpackedFolder(cache, 'sha512-x')
  unpackInto(folder, files)
  writeFileSync(join(folder, 'api/routes.ts'), 'stolen()\n')
  unpackInto(folder, files)
  const mended = readFileSync(join(folder, 'api/routes.ts'), 'utf8')
  symlinkSync('/etc/passwd', join(folder, 'api/more.ts'))
  unpackInto(folder, files)
  expect({ mended, api: readdirSync(join(folder, 'api')) }).toEqual({
    mended: 'export {}\n',
    api: ['routes.ts'],
  })
})
