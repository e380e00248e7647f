#!/usr/bin/env node
// Starts compose under the Node it was made for. Plain JavaScript: this file alone must run on the machine's own Node.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import * as module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
/** As source in the workspace, as JavaScript where it was published. */
const source = join(here, 'src/bin.ts')
const program = existsSync(source) ? source : join(here, 'dist/bin.js')
const pinned = pinnedNode()

if (pinned !== undefined && pinned.version !== process.versions.node) run(pinned.file)
else if (isNewEnough(process.versions.node)) {
  useCompiledCode()
  await import(pathToFileURL(program).href)
} else {
  process.stderr.write(
    `\n✗ compose runs on Node 24.12 or later; none came with it for this machine, and this is Node ${process.versions.node}.\n\n` +
      '  Fix: Install Node 24, https://nodejs.org, and run the command again.\n',
  )
  process.exitCode = 1
}

/**
 * Takes what Node made of this program the last time: said by the program itself, it would come too late for the program's
 * first files, and a compiler of TypeScript would be loaded for them alone.
 */
function useCompiledCode() {
  const folder = join(here, 'node_modules/.cache/compiled-code')
  try {
    accessSync(folder, constants.W_OK)
    module.enableCompileCache(folder)
  } catch {
    // The first time, or somebody else's: the program finds a place for it.
  }
}

/** The Node that was installed along with compose, where npm has one for this machine. */
function pinnedNode() {
  const { platform, arch } = process
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`
  try {
    const require = module.createRequire(import.meta.url)
    const found = require.resolve(`${name}/package.json`)
    const file = join(dirname(found), 'bin', platform === 'win32' ? 'node.exe' : 'node')
    return { file, version: require(found).version }
  } catch {
    return undefined
  }
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 12)
}

/** Passes words, streams and signals on, and ends as the program does. */
function run(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
  child.once('close', (status, signal) => {
    const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }
    process.exitCode = status ?? 128 + (numbers[signal] ?? 0)
  })
}
