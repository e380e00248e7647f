import type { Invoice } from '@bitcartcc/sdk/resources'

/** A line to the server on which an invoice arrives at each change. */
export interface Live {
  /** Whether it stands; while it does not, somebody has to look. */
  readonly isUp: () => boolean
  close(): void
}

/**
 * Opens the line of one invoice; the browser opens it again by itself where it breaks.
 *
 * `arrived` gets what the server says, `changed` is called whenever the line comes up or breaks.
 */
export function openLive(
  path: string,
  arrived: (invoice: Invoice) => void,
  changed: () => void,
): Live {
  if (typeof EventSource === 'undefined') return { isUp: () => false, close() {} }
  const source = new EventSource(`${path}/events`)
  source.addEventListener(
    'invoice',
    ({ data }: MessageEvent<string>) => arrived(JSON.parse(data) as Invoice), // the API's own words
  )
  source.addEventListener('open', changed)
  source.addEventListener('error', changed)
  return { isUp: () => source.readyState === EventSource.OPEN, close: () => source.close() }
}
