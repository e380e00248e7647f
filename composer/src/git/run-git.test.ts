import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runGitAfar } from './run-git.ts'

const folder = mkdtempSync(join(tmpdir(), 'compose-git-'))
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder,
    stdio: 'pipe',
  })
const backend = join(git('--exec-path').toString().trim(), 'git-http-backend')
let failures = 0
let asked = 0

// git's own server, as a web server runs it, that is out of order for its first answers.
const server = createServer((request, response) => {
  asked += 1
  if (failures > 0) {
    failures -= 1
    response.writeHead(503).end()
    return
  }
  const { pathname, search } = new URL(request.url ?? '', 'http://127.0.0.1')
  const run = spawn(backend, [], {
    env: {
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  })
  request.pipe(run.stdin)
  const chunks: Buffer[] = []
  run.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  run.stdout.on('end', () => {
    const whole = Buffer.concat(chunks)
    const end = whole.indexOf('\r\n\r\n')
    for (const line of whole.subarray(0, end).toString().split('\r\n')) {
      const at = line.indexOf(':')
      const value = line.slice(at + 1).trim()
      if (line.startsWith('Status:')) response.statusCode = Number.parseInt(value, 10)
      else if (at > 0) response.setHeader(line.slice(0, at), value)
    }
    response.end(whole.subarray(end + 4))
  })
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

test('a server that is out of order for a moment is asked again, and one that says no is not', async () => {
  git('init', '--quiet', '--initial-branch=main', 'plugin')
  git('-C', 'plugin', 'commit', '--quiet', '--allow-empty', '--message=first')
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
  mkdirSync(join(folder, 'here'))
  const here = join(folder, 'here')
  git('-C', 'here', 'init', '--bare', '--quiet')
  const outcome = async (out: number, path: string) => {
    failures = out
    asked = 0
    const got = await runGitAfar(here, [
      'fetch',
      '--quiet',
      '--depth=1',
      '--',
      `${url}/${path}`,
      'main',
    ])
    return got.isDone ? 'done' : `${got.because} (asked ${asked} times)`.replace(url, 'URL')
  }
  expect([
    await outcome(2, 'plugin/.git'),
    await outcome(9, 'plugin/.git'),
    await outcome(0, 'none/.git'),
  ]).toEqual([
    'done',
    "git says: unable to access 'URL/plugin/.git/': The requested URL returned error: 503 (asked 3 times)",
    "git says: repository 'URL/none/.git/' not found (asked 1 times)",
  ])
})
