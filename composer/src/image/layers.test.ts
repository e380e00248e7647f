import { expect, test } from 'vitest'
import { layersOf, type NamedTree } from './layers.ts'
import { fileOwners } from './owners.ts'
import { shop, text } from './test-support.ts'

const plugins = ['csv-import', 'ratings']
const listed = (layers: readonly NamedTree[]) =>
  Object.fromEntries(layers.map(({ name, tree }) => [name, [...tree.keys()]]))

test('every file is laid with its owner, and what joins them on top', () => {
  const runtime = new Map([['usr/local/bin/node', { ...text('node'), isProgram: true }]])
  expect(listed(layersOf({ files: shop, plugins, runtime, room: 10 }))).toEqual({
    runtime: ['usr/local/bin/node', 'app', 'data'],
    vendor: ['app/chunks/pglite.wasm', 'app/chunks/vendor-BBBBBBBB.js'],
    core: [
      'app/chunks/core-AAAAAAAA.js',
      'app/migrations/core/0001_core.sql',
      'app/public/admin/assets/core-HHHHHHHH.css',
      'app/public/admin/assets/inter-IIIIIIII.woff2',
    ],
    'csv-import': ['app/chunks/csv-import-CCCC-CCC.js', 'app/chunks/vendor-csv-DDDDDDDD.js'],
    ratings: [
      'app/chunks/ratings-EEEEEEEE.js',
      'app/migrations/ratings/0001_votes.sql',
      'app/public/admin/assets/ratings-GGGGGGGG.js',
      'app/public/admin/assets/ratings-GGGGGGGG.js.gz',
    ],
    distribution: [
      'app/.dockerignore',
      'app/.env.example',
      'app/Dockerfile',
      'app/distribution.json',
      'app/docker-compose.yml',
      'app/migrations/plan.json',
      'app/proxy/Caddyfile',
      'app/public/admin/assets/admin-FFFFFFFF.js',
      'app/public/admin/index.html',
      'app/server.js',
      'app/services/status.js',
    ],
  })
})

test('a library that two plugins load, and nobody else, lies on top', () => {
  const files = new Map([
    ...shop,
    ['chunks/ratings-EEEEEEEE.js', Buffer.from('import "./vendor-csv-DDDDDDDD.js"')],
  ])
  expect(fileOwners(files, plugins).get('chunks/vendor-csv-DDDDDDDD.js')).toBeUndefined()
})

test('a library of a plugin that core loads as well is vendor, and so is what that one loads', () => {
  const files = new Map([
    ...shop,
    ['chunks/core-AAAAAAAA.js', Buffer.from('import "./vendor-csv-DDDDDDDD.js"')],
    ['chunks/vendor-csv-DDDDDDDD.js', Buffer.from('import("./vendor-part-JJJJJJJJ.js")')],
    ['chunks/vendor-part-JJJJJJJJ.js', Buffer.from('part')],
  ])
  const owners = fileOwners(files, plugins)
  expect([
    owners.get('chunks/vendor-csv-DDDDDDDD.js'),
    owners.get('chunks/vendor-part-JJJJJJJJ.js'),
  ]).toEqual(['vendor', 'vendor'])
})

test('a part of a plugin that is loaded on demand is its own, whatever its name', () => {
  const files = new Map([
    ...shop,
    ['chunks/ratings-EEEEEEEE.js', Buffer.from('import("./Chart-JJJJJJJJ.js")')],
    ['chunks/Chart-JJJJJJJJ.js', Buffer.from('chart')],
  ])
  expect(fileOwners(files, plugins).get('chunks/Chart-JJJJJJJJ.js')).toBe('ratings')
})

test('a plugin may be named as a layer of ours', () => {
  const files = new Map(
    ['chunks/distribution-AAAAAAAA.js', 'chunks/runtime-AAAAAAAA.js', 'server.js'].map(
      (path) => [path, Buffer.from(path)] as const,
    ),
  )
  const named = ['distribution', 'runtime']
  const layers = layersOf({ files, plugins: named, runtime: new Map(), room: 10 })
  expect(layers.map(({ name, tree }) => [name, tree.size])).toEqual([
    ['runtime', 2],
    ['distribution', 1],
    ['runtime', 1],
    ['distribution', 1],
  ])
})

test('where there is no room for a layer a plugin, the smallest share one; nothing is lost or there twice', () => {
  const many = Array.from({ length: 30 }, (_, at) => `plugin-${String(at).padStart(2, '0')}`)
  const files = new Map(
    many.map((name, at) => [`chunks/${name}-AAAAAAAA.js`, Buffer.alloc(100 + at)] as const),
  )
  const layers = layersOf({ files, plugins: many, runtime: new Map(), room: 12 })
  expect(layers.map(({ name }) => name)).toEqual(['runtime', ...many.slice(-7), 'plugins'])
  const paths = layers.slice(1).flatMap(({ tree }) => [...tree.keys()])
  expect(paths.toSorted()).toEqual([...files.keys()].map((path) => `app/${path}`).toSorted())
})
