// Runs one of the root's commands under the pinned Node, after installing what is missing.
// Plain JavaScript without dependencies: this file alone must run on the machine's own Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const isWindows = process.platform === 'win32'

/** The commands of package.json, each a list of programs; every one gets a chance, the first failure is the exit status. */
const commands = {
  start: startStandard,
  test: (args) => test(args, {}),
  'test:long': (args) => test(args, { COMPOSE_TEST_LONG: '1' }),
  check,
  bench: (args) => node(['test/bench/bench.ts', ...args]),
  format: () => tool('oxfmt', []),
  pack,
}

if (Number.parseInt(process.versions.node, 10) < 20) {
  refuse(
    `BitcartCC Compose starts with Node 20 or later, and this is Node ${process.versions.node}.`,
    ['Install a newer Node, https://nodejs.org, and run the command again.'],
  )
}
const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (command === undefined) {
  process.stderr.write(`usage: node composer/bootstrap.mjs ${Object.keys(commands).join('|')}\n`)
  process.exit(2)
}
await install()
process.exit(await command(args))

async function startStandard(args) {
  const compose = join('composer', 'compose.mjs')
  // The lock of this working tree is nobody's promise: a newer Node of ours may write it anew.
  const selection = 'dist-templates/selections/standard.yaml'
  const status = await node([compose, 'build', selection, '--relock'])
  return status === 0 ? node([compose, 'start', 'dist/standard', ...args]) : status
}

async function check() {
  const statuses = [
    ['format', await tool('oxfmt', ['--check', '.'])],
    ['lint', await tool('oxlint', ['--type-aware', '--deny-warnings'])],
    ['types', await tool('turbo', ['run', 'typecheck', '--output-logs=errors-only'])],
  ]
  for (const [what, status] of statuses) {
    process.stdout.write(`  ${status === 0 ? '✓' : '✗'} ${what}\n`)
  }
  return statuses.some(([, status]) => status !== 0) ? 1 : 0
}

/** Writes compose and core as the npm packages they are published as, into `packages/` or the folder named. */
async function pack([folder = 'packages']) {
  const ours = ['--filter', './core/*', '--filter', './composer']
  const status = await tool('pnpm', ['-r', ...ours, 'pack', '--pack-destination', resolve(folder)])
  if (status === 0) process.stdout.write(`${folder}\n`)
  return status
}

async function test(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-report-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const status = await tool('vitest', ['run', ...reporters, ...args], env)
    const { passed, failed, skipped } = counts(file, status)
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
    if (status !== 0) return status
    return failed > 0 || passed === 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Counts tests; a test file that could not run, and a run that broke off, count as one failure each. */
function counts(file, status) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter(
    (result) =>
      result.status === 'failed' && !result.assertionResults.some((one) => one.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Installs exactly what the lockfile says; a mark made from it says that this was done to the end. */
async function install() {
  const mark = join(root, 'node_modules', '.installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted && existsSync(bin)) {
    return requirePinnedNode()
  }
  rmSync(mark, { force: true })
  const began = Date.now()
  process.stderr.write('Installing what is missing … ')
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pnpm = ['--yes', packageManager, 'install', '--frozen-lockfile']
  const { status, output } = await quiet(isWindows ? 'npx.cmd' : 'npx', pnpm)
  if (status !== 0) {
    process.stderr.write(`\n${output}\n`)
    refuse('What BitcartCC Compose needs could not be installed.', [
      'Read the lines above; most often the npm registry could not be reached. Then run the command again.',
    ])
  }
  process.stderr.write(`done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
  await requirePinnedNode()
  writeFileSync(mark, wanted)
}

/** Without the pinned Node everything would run on the machine's own, without a word. */
async function requirePinnedNode() {
  const { status, output } = await quiet('node', ['-p', 'process.versions.node'])
  const [major = 0, minor = 0] = output.trim().split('.').map(Number)
  if (status === 0 && (major > 24 || (major === 24 && minor >= 12))) return
  refuse(
    `BitcartCC Compose runs on Node 24.12 or later; the pinned one is missing, and this is Node ${output.trim()}.`,
    [
      'Remove node_modules and run the command again,',
      'or, where npm has no Node 24 for this machine, install Node 24 and run the command again.',
    ],
  )
}

function node(args) {
  return run('node', args, {})
}

function tool(name, args, env = {}) {
  return run(name, args, env)
}

/** Runs a program in the root with our tools first in PATH; passes signals on and gives its exit status. */
function run(program, args, env) {
  const child = spawn(program, args, { ...options(env), stdio: 'inherit' })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return ended(child).finally(() => {
    for (const signal of signals) process.off(signal, forward)
  })
}

async function quiet(program, args) {
  const child = spawn(program, args, {
    ...options({ CI: '1', npm_config_update_notifier: 'false' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return { status: await ended(child), output }
}

function options(env) {
  const quietTools = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`
  // On Windows programs of npm are scripts, which only a shell starts.
  return { cwd: root, env: { ...process.env, ...quietTools, ...env, PATH: path }, shell: isWindows }
}

function ended(child) {
  const signalBase = 128
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`)
      resolve(127)
    })
    child.once('close', (status, signal) => resolve(status ?? signalBase + (numbers[signal] ?? 0)))
  })
}

function refuse(says, fix) {
  process.stderr.write(`\n✗ ${says}\n\n  Fix: ${fix.join('\n       ')}\n`)
  process.exit(1)
}
