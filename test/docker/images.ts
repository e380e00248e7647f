import { createReadStream } from 'node:fs'
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/** A foreign image, made of what this machine has: nothing can be pulled where the tests run. */
interface Recipe {
  readonly tag: string
  /** Path in the image → program of this machine; the libraries it links come along. */
  readonly programs: Readonly<Record<string, string>>
  /** Programs of this machine whose libraries come along, without themselves. */
  readonly libraries?: readonly string[]
  /** Folders of this machine that come along as they are. */
  readonly folders?: readonly string[]
  /** Path in the image → text; executable where it begins with `#!`. */
  readonly files?: Readonly<Record<string, string>>
  /** Lines of a Dockerfile: ENV, CMD, … */
  readonly changes: readonly string[]
}

const passwd = [
  'root:x:0:0::/root:/bin/sh',
  'node:x:1000:1000::/home/node:/bin/sh',
  'postgres:x:999:999::/var/lib/postgresql:/bin/sh',
]
const group = ['root:x:0:', 'node:x:1000:', 'postgres:x:999:']
const shell = Object.fromEntries(
  ['sh', 'mkdir', 'chown', 'cat'].map((name) => [`/bin/${name}`, `/bin/${name}`]),
)

/** The base of the distribution's own image: Node as the workspace pins it. */
const node: Recipe = {
  tag: `node:${process.versions.node}-slim`,
  programs: { ...shell, '/usr/local/bin/node': process.execPath },
  changes: ['ENV PATH=/usr/local/bin:/usr/bin:/bin'],
}

/** What an image of `compose image` stands on: what Node links, and no Node. */
const base: Recipe = {
  tag: 'base:1',
  programs: {},
  libraries: [process.execPath],
  changes: ['ENV PATH=/usr/bin:/bin'],
}

/** Makes a cluster at its first start, as the image of that name does, and hears the network only when it is there. */
const startPostgres = `#!/bin/sh
set -e
data=/var/lib/postgresql/data
if [ ! -s $data/PG_VERSION ]; then
  mkdir -p $data && chown -R postgres:postgres /var/lib/postgresql
  echo "$POSTGRES_PASSWORD" >/tmp/password && chown postgres /tmp/password
  setpriv --reuid 999 --regid 999 --clear-groups initdb -D $data -U postgres -E UTF8 --locale=C \\
    --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password >/dev/null
  echo 'host all all all scram-sha-256' >>$data/pg_hba.conf
fi
exec setpriv --reuid 999 --regid 999 --clear-groups postgres -D $data -c 'listen_addresses=*' -c unix_socket_directories=/tmp
`

const postgres = (version: string): Recipe => {
  const bin = `/usr/lib/postgresql/${version}/bin`
  return {
    tag: 'postgres:18-alpine',
    programs: {
      ...shell,
      '/usr/bin/setpriv': '/usr/bin/setpriv',
      ...Object.fromEntries(
        ['postgres', 'initdb', 'pg_dump', 'pg_isready', 'pg_restore', 'psql'].map((name) => [
          `${bin}/${name}`,
          `${bin}/${name}`,
        ]),
      ),
    },
    folders: [
      `/usr/lib/postgresql/${version}/lib`,
      `/usr/share/postgresql/${version}`,
      '/usr/share/zoneinfo',
    ],
    files: { '/usr/bin/start-postgres': startPostgres },
    changes: [`ENV PATH=${bin}:/usr/bin:/bin PGHOST=/tmp`, 'CMD ["start-postgres"]'],
  }
}

const caddy: Recipe = {
  tag: 'caddy:2-alpine',
  programs: { ...shell, '/usr/bin/caddy': '/usr/bin/caddy' },
  changes: [
    'ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config HOME=/root',
    'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
  ],
}

/** Gives an engine the images that the generated docker-compose file names, as a registry would. */
export async function makeImages(engine: string): Promise<void> {
  const [version] = (await readdir('/usr/lib/postgresql')).toSorted((a, b) => Number(b) - Number(a))
  for (const recipe of [node, postgres(version ?? ''), caddy]) await makeImage(recipe, engine)
}

/** Saves the base of an image into a file, as an operator would. */
export async function saveBase(engine: string, file: string): Promise<void> {
  await makeImage(base, engine)
  await execa('docker', ['save', base.tag, '--output', file], { env: { DOCKER_HOST: engine } })
}

async function makeImage(
  { tag, programs, libraries = [], folders = [], files = {}, changes }: Recipe,
  engine: string,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'compose-image-'))
  const tree = join(work, 'root')
  try {
    const put = async (from: string, to: string) => {
      await mkdir(dirname(join(tree, to)), { recursive: true })
      await copyFile(await realpath(from), join(tree, to))
    }
    for (const [path, program] of Object.entries(programs)) {
      await put(program, path)
      for (const library of await librariesOf(program)) await put(library, library)
    }
    for (const program of libraries)
      for (const library of await librariesOf(program)) await put(library, library)
    for (const folder of folders) {
      await cp(folder, join(tree, folder), { recursive: true, verbatimSymlinks: true })
      for (const name of await readdir(folder))
        if (name.endsWith('.so'))
          for (const library of await librariesOf(join(folder, name))) await put(library, library)
    }
    const texts = {
      '/etc/passwd': `${passwd.join('\n')}\n`,
      '/etc/group': `${group.join('\n')}\n`,
      '/etc/nsswitch.conf': 'hosts: files dns\n',
      ...files,
    }
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(tree, path)), { recursive: true })
      await writeFile(join(tree, path), text)
      if (text.startsWith('#!')) await chmod(join(tree, path), 0o755)
    }
    await mkdir(join(tree, 'tmp'), { recursive: true })
    await chmod(join(tree, 'tmp'), 0o1777)
    const tar = join(work, 'image.tar')
    await execa('tar', ['-C', tree, '--owner=0', '--group=0', '-cf', tar, '.'])
    await execa('docker', ['import', ...changes.flatMap((each) => ['--change', each]), '-', tag], {
      input: createReadStream(tar),
      env: { DOCKER_HOST: engine },
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Absolute paths of the shared libraries a program links; none where it is static. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await execa('ldd', [program], { reject: false })
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path)
}
