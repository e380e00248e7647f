import { fullNameOf } from '@bitcartcc/sdk/names'
import type { NoticeChannel } from '@bitcartcc/sdk/resources'
import type { AnyNotifyChannel, Notice } from '@bitcartcc/sdk/server'
import type { NotifyWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'

export interface Channel {
  readonly name: string
  readonly title: string
  readonly code: AnyNotifyChannel
  /** Hands a message over; throws what a person should read where that fails or takes too long. */
  send(notice: Notice, target: unknown, stopping?: AbortSignal): Promise<void>
}

const longestSendMs = 30_000

/** Every way to tell somebody something that this distribution has, by its name. */
export function channelsOf(
  { channels }: NotifyWiring,
  contextFor: Domain['contextFor'],
): ReadonlyMap<string, Channel> {
  return new Map(
    channels.map(({ plugin, name, title, channel: code }) => [
      fullNameOf(plugin, name),
      {
        name: fullNameOf(plugin, name),
        title,
        code,
        async send(notice, target, stopping) {
          const context = await contextFor(plugin)
          const timeout = AbortSignal.timeout(longestSendMs)
          const signal = AbortSignal.any([context.signal, timeout, ...(stopping ? [stopping] : [])])
          const late = new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () =>
              reject(
                new Error(
                  timeout.aborted
                    ? `It did not take the message within ${longestSendMs / 1000} s.`
                    : 'The shop is shutting down.',
                ),
              ),
            ),
          )
          late.catch(() => undefined)
          await Promise.race([code.send(notice, target, { ...context, signal }), late])
        },
      },
    ]),
  )
}

export const showChannel = ({ name, title, code }: Channel): NoticeChannel => ({
  name,
  title,
  // TypeBox marks its values with hidden keys; what is shown is the JSON Schema alone.
  schema: JSON.parse(JSON.stringify(code.target)) as Record<string, unknown>, // JSON in, JSON out
  reachesBuyers: code.toBuyer !== undefined,
})
