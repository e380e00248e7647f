import type { Sample } from './sample.ts'

/** How many samples are kept: a day at one each 15 seconds. */
const keptSamples = 5760

/** The samples with one more, the oldest dropped. */
export const withSample = (samples: readonly Sample[], sample: Sample): readonly Sample[] =>
  [...samples, sample].slice(-keptSamples)

export interface Bar {
  /** Start of its time, in milliseconds since 1970. */
  readonly from: number
  readonly checks: number
  readonly failures: number
}
export interface PartHistory {
  readonly name: string
  readonly isUp: boolean
  /** Of all checks kept, between 0 and 1. */
  readonly uptime: number
  /** Oldest first. */
  readonly bars: readonly Bar[]
}

/** Each part of the shop over the last time, one bar for each `barMs`. A server that is down takes its parts along. */
export function partHistories(
  samples: readonly Sample[],
  now: number,
  barMs: number,
  bars: number,
): readonly PartHistory[] {
  const last = samples.at(-1)
  // The last answer that named parts says which there are.
  const telling = samples.findLast((sample) => sample.parts.length > 1) ?? last
  const firstBar = (Math.floor(now / barMs) - bars + 1) * barMs
  return (telling?.parts ?? []).map(({ name }) => {
    const known = samples.findIndex((sample) => sample.parts.some((part) => part.name === name))
    const checks = samples
      .slice(known)
      .map((sample) => ({ at: sample.at, isUp: isPartUp(sample, name) }))
    return {
      name,
      isUp: last !== undefined && isPartUp(last, name),
      uptime: checks.filter((check) => check.isUp).length / checks.length,
      bars: Array.from({ length: bars }, (_, index) => {
        const from = firstBar + index * barMs
        const within = checks.filter((check) => check.at >= from && check.at < from + barMs)
        return {
          from,
          checks: within.length,
          failures: within.filter((check) => !check.isUp).length,
        }
      }),
    }
  })
}

function isPartUp(sample: Sample, name: string): boolean {
  return (
    sample.answeredInMs !== null && (sample.parts.find((part) => part.name === name)?.isUp ?? false)
  )
}
