import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { writeArchive } from '../archive/write-archive.ts'
import { catalogCommand } from '../commands/catalog.ts'
import { lockedCommits, pin } from '../lock/index.ts'
import type { Locked } from '../model/lock.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from './index.ts'

type Files = ReadonlyMap<string, string>
interface SourceUnderTest {
  /** Lays a plugin's files out in an empty folder, as this source has them; gives the lines of the selection that name it. */
  readonly offer: (world: string, files: Files) => string | Promise<string>
  /** Files as they stand in the source after the lock: what an operator may damage. */
  readonly damage: (world: string) => void
  /** What a damage is told as; undefined where a source may change. */
  readonly toldAs: string | undefined
  /** Its files lie somewhere else, until a lock brings them. */
  readonly isAfar: boolean
}

const manifestText = (version: string): string =>
  `name: loyalty\nversion: ${version}\ntitle: Loyalty\ndescription: Points.\nauthor: A shop\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes: { migrations: ./migrations }\n`
const files: Files = new Map([
  ['plugin.yaml', manifestText('2.1.0')],
  ['package.json', '{ "name": "loyalty", "type": "module" }\n'],
  ['locales/ä.json', '{}\n'],
  ['migrations/0001_points.sql', 'CREATE TABLE p_loyalty.points (id bigint PRIMARY KEY);\n'],
])

/** What every source of plugins promises, whatever it is made of. */
function describeSource(name: string, source: SourceUnderTest): void {
  describe(`a source: ${name}`, () => {
    let world = ''
    beforeEach(() => void (world = mkdtempSync(join(tmpdir(), 'compose-source-'))))
    afterEach(() => rmSync(world, { recursive: true, force: true }))

    const lockOf = async (): Promise<Locked> => {
      const selection = await readSelection(join(world, 'selection.yaml'))
      const cacheDir = join(world, 'cache')
      const catalog = await readCatalog(selection, {
        cacheDir,
        commits: lockedCommits(selection),
      })
      return pin(selection, resolve(selection, catalog), {
        isFrozen: false,
        cacheDir,
        out: join(world, 'dist'),
      })
    }
    const offer = async (offered: Files) => {
      const lines = await source.offer(world, offered)
      writeFileSync(join(world, 'selection.yaml'), `distribution: x\ncore: ^1.0.0\n${lines}\n`)
    }
    /** The codes of what is refused, by whoever offers or by the lock. */
    const refusal = async (offered?: Files) =>
      (offered ? offer(offered).then(lockOf) : lockOf()).then(
        () => 'accepted',
        (error: unknown) =>
          error instanceof Refused ? error.problems.map(({ code }) => code).join() : String(error),
      )

    test('its files are pinned by one hash, the same from every source', async () => {
      await offer(files)
      const { plugins, lock } = await lockOf()
      const [loyalty] = plugins
      const folder = loyalty?.release.folder ?? ''
      expect({
        tree: loyalty?.tree,
        files: [...(loyalty?.files.keys() ?? [])],
        texts: [...files].map(([path]) => readFileSync(join(folder, path), 'utf8')),
        migrations: Object.keys(lock.migrations).filter((id) => id.startsWith('loyalty/')),
      }).toEqual({
        tree: 'h1:lDTF5K4rZqoHJWKbpsTUUg0V8jEzroSSfxTUw0EfKdk=',
        files: [...files.keys()].toSorted(),
        texts: [...files.values()],
        migrations: ['loyalty/0001_points'],
      })
    })

    test('to choose versions its code is neither asked for nor unpacked', async () => {
      await offer(files)
      const selection = await readSelection(join(world, 'selection.yaml'))
      asked.length = 0
      const cacheDir = join(world, 'cache')
      const { plugins } = resolve(selection, await readCatalog(selection, { cacheDir }))
      expect({
        chosen: plugins.map(({ release }) => release.version),
        code: asked.filter((path) => /\.(tgz|bitcartcc)$/.test(path)),
        unpacked: existsSync(plugins[0]?.release.folder ?? '') && source.isAfar,
      }).toEqual({ chosen: ['2.1.0'], code: [], unpacked: false })
    })

    test('the second lock is the first', async () => {
      await offer(files)
      const first = await lockOf()
      writeFileSync(join(world, 'selection.lock'), first.lockText)
      expect((await lockOf()).lockText).toBe(first.lockText)
    })

    test('tests, dotfiles and npm packages are no part of it', async () => {
      await offer(new Map([...files, ['test/points.test.ts', ''], ['api/points.test.ts', '']]))
      expect((await lockOf()).plugins[0]?.files.size).toBe(files.size)
    })

    test.each(['assets/more.zip', 'api/.wh.routes.ts', 'con.js', 'build/addon.node'])(
      'it may not hold %s',
      async (path) => {
        const code = await refusal(new Map([...files, [path, 'x']]))
        // A dotfile of a folder is no part of the plugin, so nobody has to fear it.
        const isPassedOver = code === 'accepted' && path.includes('/.')
        expect(isPassedOver || /^lock\/unsafe-(archive|folder)$/.test(code)).toBe(true)
        expect(existsSync(join(world, 'cache/archives')) && code !== 'accepted').toBe(false)
      },
    )

    test('a manifest that is not readable is a problem', async () => {
      const twice = new Map([...files, ['plugin.yaml', `${manifestText('2.1.0')}name: twice\n`]])
      expect(await refusal(twice)).toBe('sources/not-yaml')
    })

    test('bytes that change under a lock are told of', async () => {
      await offer(files)
      writeFileSync(join(world, 'selection.lock'), (await lockOf()).lockText)
      source.damage(world)
      const told = source.toldAs === undefined ? (await lockOf()).changes : await refusal()
      expect(told).toEqual(source.toldAs ?? ['loyalty 2.1.0: other files'])
    })
  })
}

/** Lays files out below a folder. */
function layOut(folder: string, laid: Files): void {
  for (const [path, text] of laid) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const archived = (files: ReadonlyMap<string, string>) =>
  writeArchive(new Map([...files].map(([path, text]) => [path, Buffer.from(text)])))
/** The last byte of the last file is another one; its checksum is true to neither. */
function damageArchive(file: string): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf('PRIMARY KEY')
  bytes[at] = bytes[at] === 0x50 ? 0x51 : 0x50
  writeFileSync(file, bytes)
}
const appendTo = (file: string) => writeFileSync(file, `${readFileSync(file, 'utf8')} `)

describeSource('a folder of plugin folders', {
  offer(world, files) {
    layOut(join(world, 'shelf/loyalty'), files)
    return 'sources: [{ folder: ./shelf }]\nplugins: { loyalty: ^2.0.0 }'
  },
  damage: (world) => appendTo(join(world, 'shelf/loyalty/package.json')),
  toldAs: undefined,
  isAfar: false,
})

describeSource('a folder that a plugin names', {
  offer(world, files) {
    layOut(join(world, 'mine'), files)
    return 'plugins: { loyalty: { path: ./mine } }'
  },
  damage: (world) => appendTo(join(world, 'mine/package.json')),
  toldAs: undefined,
  isAfar: false,
})

describeSource('an archive that a plugin names', {
  offer(world, files) {
    writeFileSync(join(world, 'loyalty.bitcartcc'), archived(files))
    return 'plugins: { loyalty: { archive: ./loyalty.bitcartcc } }'
  },
  damage: (world) => damageArchive(join(world, 'loyalty.bitcartcc')),
  toldAs: 'lock/other-bytes',
  isAfar: true,
})

// Any web server will do: this one gives the files below the temporary folder, and notes what it is asked for.
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  const path = join(tmpdir(), decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname))
  if (!existsSync(path)) return void response.writeHead(404).end()
  response.end(readFileSync(path))
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
})
afterAll(() => server.close())
const silent = { print: () => {}, tell: () => {} }

describeSource('a catalogue on a web server', {
  async offer(world, files) {
    layOut(join(world, 'shelf/loyalty'), files)
    const command = {
      words: [join(world, 'shelf')],
      flags: { out: join(world, 'public'), frozen: false, json: false, quiet: true },
    }
    await catalogCommand({ ...command, ...silent })
    const url = `${base}/${basename(world)}/public`
    return `sources: [{ catalogue: ${url} }]\nplugins: { loyalty: ^2.0.0 }`
  },
  damage(world) {
    damageArchive(join(world, 'public/loyalty/loyalty-2.1.0.bitcartcc'))
    rmSync(join(world, 'cache/content'), { recursive: true })
  },
  toldAs: 'sources/other-bytes',
  isAfar: true,
})

/** Commits what lies in a folder, as an author would. */
function commitAll(folder: string): void {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder,
      stdio: 'pipe',
    })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--force', '--all')
  git('commit', '--quiet', '--message=all')
}

describeSource('a folder of a git repository', {
  offer(world, files) {
    layOut(join(world, 'work/plugins/loyalty'), files)
    commitAll(join(world, 'work'))
    return `plugins: { loyalty: { git: "file://${world}/work", revision: main, folder: plugins/loyalty } }`
  },
  damage(world) {
    const file = join(world, 'selection.lock')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"h1:lDTF', '"h1:xDTF'))
  },
  toldAs: 'lock/other-tree',
  isAfar: true,
})

/** A registry: what npm asks of one, for one package that lies in a folder below the temporary one. */
async function publish(world: string, files: Files): Promise<string> {
  const tarball = gzipSync(
    await packTar(
      [...files].map(([path, text]) => ({
        header: { name: `package/${path}`, size: Buffer.byteLength(text), type: 'file' as const },
        body: text,
      })),
    ),
  )
  const registry = `${base}/${basename(world)}/registry`
  const sum = createHash('sha512').update(tarball).digest('base64')
  layOut(join(world, 'registry'), new Map([['bitcartcc-plugin-loyalty', packument(registry, sum)]]))
  writeFileSync(join(world, 'registry/loyalty-2.1.0.tgz'), tarball)
  return registry
}
const packument = (registry: string, sum: string) =>
  JSON.stringify({
    name: 'bitcartcc-plugin-loyalty',
    versions: {
      '2.1.0': {
        bitcartcc: { name: 'loyalty', requires: { bitcartcc: '^1.0.0' } },
        dist: { tarball: `${registry}/loyalty-2.1.0.tgz`, integrity: `sha512-${sum}` },
      },
    },
    time: { '2.1.0': '2026-05-01T10:00:00.000Z' },
  })

describeSource('a package in an npm registry', {
  offer: async (world, files) =>
    `sources: [{ npm: "${await publish(world, files)}" }]\nnotAfter: 2026-06-01\nplugins: { loyalty: ^2.0.0 }`,
  damage(world) {
    appendTo(join(world, 'registry/loyalty-2.1.0.tgz'))
    rmSync(join(world, 'cache/content'), { recursive: true })
  },
  toldAs: 'sources/other-bytes',
  isAfar: true,
})

describeSource('an npm package that a plugin names', {
  offer: async (world, files) =>
    `sources: [{ npm: "${await publish(world, files)}" }]\nplugins: { loyalty: { npm: bitcartcc-plugin-loyalty, version: ^2.0.0 } }`,
  damage(world) {
    const file = join(world, 'selection.lock')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"h1:lDTF', '"h1:xDTF'))
  },
  toldAs: 'lock/other-tree',
  isAfar: true,
})

describeSource('an archive in a folder', {
  offer(world, files) {
    mkdirSync(join(world, 'shelf'))
    writeFileSync(join(world, 'shelf/loyalty-2.1.0.bitcartcc'), archived(files))
    return 'sources: [{ folder: ./shelf }]\nplugins: { loyalty: ^2.0.0 }'
  },
  damage: (world) => damageArchive(join(world, 'shelf/loyalty-2.1.0.bitcartcc')),
  toldAs: 'lock/other-bytes',
  isAfar: true,
})
