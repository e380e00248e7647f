import { fork } from 'node:child_process'
import { flagsForAMoment } from '../cache/wasm.ts'

export interface ChildOptions {
  readonly timeoutMs: number
  readonly maxHeapMb: number
  /** Rights of Node's permission model, `--allow-fs-read=…`; without them the child has all. */
  readonly rights?: readonly string[]
}

/** How a child process ended without an answer. */
export class ChildFailed extends Error {
  readonly output: string
  readonly timedOut: boolean
  constructor(output: string, timedOut: boolean) {
    super(
      timedOut ? 'the child process took too long' : 'the child process ended without an answer',
    )
    this.output = output
    this.timedOut = timedOut
  }
}

/** Runs a module in a process of its own, without secrets: gives it one message and takes its one answer. */
export function runChild<Answer>(
  module: string,
  message: object,
  { timeoutMs, maxHeapMb, rights }: ChildOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(module, [], {
      execArgv: [
        `--max-old-space-size=${maxHeapMb}`,
        ...flagsForAMoment,
        ...(rights ? ['--permission', ...rights] : []),
      ],
      env: { NODE_ENV: 'production', TZ: 'UTC', NO_COLOR: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let output = ''
    let timedOut = false
    let answer: { value: Answer } | undefined
    child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.once('message', (value) => (answer = { value: value as Answer })) // our own module at the other end
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(timer)
      if (answer) resolve(answer.value)
      else reject(new ChildFailed(output, timedOut))
    })
    child.send(message)
  })
}
