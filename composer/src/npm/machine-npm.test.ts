import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { machineNpmrc } from './machine-npm.ts'

const folder = mkdtempSync(join(tmpdir(), 'compose-npmrc-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('settings of the machine’s npm are found without npm, those of a workspace are not looked at', () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const ours = join(folder, 'node_modules/.bin')
  const bin = join(folder, 'usr/bin')
  for (const each of [ours, bin, join(folder, 'usr/etc')]) mkdirSync(each, { recursive: true })
  for (const each of [ours, bin]) writeFileSync(join(each, npm), '')
  const PATH = [ours, bin].join(delimiter)
  const before = machineNpmrc({ PATH })
  writeFileSync(join(folder, 'usr/etc/npmrc'), '')
  expect([
    before,
    machineNpmrc({ PATH }),
    machineNpmrc({ PATH, npm_config_globalconfig: '/told' }),
    machineNpmrc({}),
  ]).toEqual([undefined, join(folder, 'usr/etc/npmrc'), '/told', undefined])
})
