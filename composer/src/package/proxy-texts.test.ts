import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proxyTexts } from './proxy-texts.ts'

const has = spawnSync('caddy', ['version']).status === 0
const word = has ? '' : ' (skipped: no caddy here)'

const deployment = (mode: 'one-domain' | 'multi-domain') =>
  ({ host: 'shop.example.com', mode, database: 'embedded', proxy: 'caddy' }) as const
const compose = { document: { services: { api: {} } }, origins: {}, files: [] }
const service = (name: string, auth: 'public' | 'admin', stripPrefix: boolean) => ({
  plugin: name,
  name,
  path: `/${name}`,
  port: 8080,
  stripPrefix,
  auth,
  permissions: [],
})
const services = [service('status', 'public', true), service('metrics', 'admin', false)]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-proxy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!has)(`the real Caddy takes what is made for it, in both modes${word}`, () => {
  for (const mode of ['one-domain', 'multi-domain'] as const) {
    const plan = { name: 'shop', deployment: deployment(mode), compose, services }
    writeFileSync(join(folder, 'Caddyfile'), proxyTexts(plan).get('proxy/Caddyfile') ?? '')
    const asked = ['adapt', '--adapter', 'caddyfile', '--config', 'Caddyfile', '--validate']
    const run = spawnSync('caddy', asked, { cwd: folder, encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
    const { apps } = JSON.parse(run.stdout) as {
      apps: { http: { servers: Record<string, { routes: { match: { host: string[] }[] }[] }> } }
    } // Caddy's own shape
    const hosts = Object.values(apps.http.servers).flatMap(({ routes }) =>
      routes.flatMap(({ match }) => match.flatMap(({ host }) => host)),
    )
    const headers = [
      ...run.stdout.matchAll(/"((?:Ref|Str|X-C|X-Fr)[A-Za-z-]+)":\["([^"]+)"\]/g),
    ].map(([, name, value]) => `${name}: ${value}`)
    expect([...new Set(headers)].toSorted()).toEqual([
      'Referrer-Policy: same-origin',
      'Strict-Transport-Security: max-age=31536000',
      'X-Content-Type-Options: nosniff',
      'X-Frame-Options: SAMEORIGIN',
    ])
    expect(hosts.toSorted()).toEqual(
      mode === 'one-domain' ? ['shop.example.com'] : ['admin.shop.example.com', 'shop.example.com'],
    )
  }
})

test('what a visitor claims to be forwarded is written anew for every way to the api', () => {
  for (const mode of ['one-domain', 'multi-domain'] as const) {
    const plan = {
      name: 'shop',
      deployment: { ...deployment(mode), proxy: 'nginx' as const },
      compose,
      services,
    }
    const text = proxyTexts(plan).get('proxy/nginx.conf') ?? ''
    // nginx forgets the headers of the server in a location that has its own.
    const blocks = text
      .split(/\n {2}location |server \{/)
      .filter((each) => each.includes('X-Forwarded-For'))
    expect(blocks.length).toBe(mode === 'one-domain' ? 3 : 6)
    for (const block of blocks)
      expect(block).toContain('proxy_set_header X-Forwarded-Host $http_host;')
  }
})
