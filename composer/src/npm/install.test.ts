import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { NpmLock } from '../model/lock.ts'
import { nameOf } from './install.ts'

test('the packages of the first build, as pnpm locked them, are those of the next, as selection.lock has them', () => {
  const asPnpmWrites = `lockfileVersion: '9.0'
settings:
  autoInstallPeers: false
importers:
  .: {}
  plugins/mail:
    dependencies:
      nodemailer:
        specifier: 10.6.1
        version: 10.6.1
`
  const asLocked = `{
  "importers": {
    ".": {},
    "plugins/mail": { "dependencies": { "nodemailer": { "specifier": "10.6.1", "version": "10.6.1" } } }
  },
  "lockfileVersion": "9.0",
  "settings": { "autoInstallPeers": false }
}`
  const [first, next] = [asPnpmWrites, asLocked].map((text) => nameOf(parse(text) as NpmLock, [])) // both as they are written
  expect(next).toBe(first)
})
