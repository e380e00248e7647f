import { Refused } from '@bitcartcc/sdk/problem'
import { withRoom } from './place/disk-problems.ts'
import type { StageEvent, StageName } from './stages.ts'

type OnStage = (event: StageEvent) => void
export type Stage = ReturnType<typeof stagesOf>

/** A stage that runs while others are told of. */
interface Begun<T> extends Clock {
  readonly result: Promise<T>
}

/** Begins a stage once its inputs are there. Its failure is told where its result is awaited. */
export function begun<const I extends readonly Promise<unknown>[], T>(
  inputs: I,
  run: (given: { -readonly [K in keyof I]: Awaited<I[K]> }) => T | Promise<T>,
  /** What it still waits for after it began; its time is counted from there on. */
  ready?: Promise<unknown>,
): Begun<T> {
  let time = clock()
  const begin = async () => {
    const given = await Promise.all(inputs)
    time = clock()
    ready?.then(
      () => (time = clock()),
      () => undefined,
    )
    try {
      return await run(given)
    } finally {
      time.stop()
    }
  }
  const result = begin()
  result.catch(() => undefined)
  return { result, ms: () => time.ms() }
}

interface Clock {
  /** Whole milliseconds from when it was started until now, or until it was stopped. */
  ms(): number
}

export function clock(): Clock & { stop(): void } {
  const startedAt = performance.now()
  let stoppedAt: number | undefined
  return {
    ms: () => Math.round((stoppedAt ?? performance.now()) - startedAt),
    stop: () => void (stoppedAt = performance.now()),
  }
}

/** Tells of each stage as it begins and ends; a refusal is told, and goes on up. What began earlier brings its clock. */
export function stagesOf({ onStage }: { readonly onStage?: OnStage | undefined }) {
  return async <T>(
    name: StageName,
    run: () => Promise<T>,
    says: (value: T) => string,
    details?: (value: T) => readonly string[],
    isAsBefore?: (value: T) => boolean,
    { ms }: Clock = clock(),
  ): Promise<T> => {
    onStage?.({ stage: name, state: 'started', ms: 0, says: '', details: [] })
    try {
      const value = await withRoom(run)
      onStage?.({
        stage: name,
        state: isAsBefore?.(value) ? 'as-before' : 'done',
        ms: ms(),
        says: says(value),
        details: details?.(value) ?? [],
      })
      return value
    } catch (error) {
      if (error instanceof Refused)
        onStage?.({ stage: name, state: 'refused', ms: ms(), says: 'refused', details: [] })
      throw error
    }
  }
}
