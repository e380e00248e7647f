import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { roomFolder } from '../house.ts'
import { planSelection } from '../pipeline.ts'
import { readLocale } from '../read/locale-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'compose-locales-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const writePlugin = (name: string, contributes: string) =>
  write(
    `plugins/${name}/plugin.yaml`,
    `name: ${name}
version: 1.0.0
title: ${name}
description: Shows one thing.
author: BitcartCC
license: MIT
requires: { bitcartcc: ^1.0.0 }
contributes:
  ${contributes}
`,
  )

test('a plugin of texts translates core and others, and each app gets what it shows', async () => {
  writePlugin('kiosk', 'store.slots: [{ slot: page.footer.after, component: ./Foot.vue }]')
  write('plugins/kiosk/Foot.vue', '<template><p /></template>')
  writePlugin('post', 'locales: []')
  writePlugin(
    'french',
    `locales:
    - { language: fr, of: core, file: ./core.json }
    - { language: fr, of: kiosk, file: ./kiosk.json }
    - { language: fr, of: post, file: ./post.json }
    - { language: fr, of: not-selected, file: ./post.json }`,
  )
  write(
    'plugins/french/core.json',
    '{ "Close": "Fermer", "Add to cart": "Ajouter au panier", "Settings": "Réglages", "No such text": "Rien" }',
  )
  write('plugins/french/kiosk.json', '{ "Newspapers": "Journaux" }')
  write('plugins/french/post.json', '{ "E-mail": "Courriel" }')
  write(
    'selection.yaml',
    `distribution: shop
core: ^1.0.0
plugins: { french: ^1.0.0, kiosk: ^1.0.0, post: ^1.0.0 }
deployment: { images: tags }
`,
  )
  const { plan } = await planSelection(join(folder, 'selection.yaml'), { cwd: folder })
  expect(plan.notices).toEqual(['french 1.0.0, core.json:1: core shows no text "No such text"'])
  expect(plan.locales).toEqual(
    [
      { app: 'admin', owner: 'core', texts: { Close: 'Fermer', Settings: 'Réglages' } },
      { app: 'admin', owner: 'kiosk', texts: { Newspapers: 'Journaux' } },
      { app: 'admin', owner: 'post', texts: { 'E-mail': 'Courriel' } },
      {
        app: 'store',
        owner: 'core',
        texts: { 'Add to cart': 'Ajouter au panier', Close: 'Fermer' },
      },
      { app: 'store', owner: 'kiosk', texts: { Newspapers: 'Journaux' } },
    ].map((each) => ({ ...each, language: 'fr', from: ['french'] })),
  )
})

test.each(['ui', 'store', 'admin'] as const)('core’s own German of %s can be shown', (room) => {
  const text = readFileSync(join(roomFolder(room), 'src/locales/de.json'), 'utf8')
  expect(readLocale(text, 'de').faults).toEqual([])
})
