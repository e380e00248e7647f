import { once } from 'node:events'
import { createServer } from 'node:net'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Environment } from './environment.ts'

type Where = Pick<Environment, 'port' | 'host'>

/** Refuses where this process could not listen: asked before a database is changed for it. */
export async function demandAddress(where: Where): Promise<void> {
  const server = createServer()
  try {
    await once(server.listen(where), 'listening')
  } catch (error) {
    throw listenRefusal(error, where)
  }
  server.close()
  await once(server, 'close')
}

/** What Node says when it cannot listen, as a refusal where somebody can mend it. */
export function listenRefusal(error: unknown, { port, host }: Where): unknown {
  const { code } = error as NodeJS.ErrnoException // Node's listen errors carry a code
  if (code === 'EADDRINUSE') return new Refused([portInUse(port)])
  if (code === 'EACCES') return new Refused([portNotAllowed(port)])
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Refused([notOurHost(host)])
  return error
}

const portInUse = (port: number): Problem => ({
  code: 'start/port-in-use',
  says: `Another program already listens on port ${port}.`,
  fix: [`Stop it, or choose another port:   PORT=${port === 65_535 ? 3001 : port + 1}`],
})

const portNotAllowed = (port: number): Problem => ({
  code: 'start/port-not-allowed',
  says: `This user may not listen on port ${port}.`,
  fix: ['Choose one from 1024 on, and let a proxy stand before it:   PORT=3000'],
})

const notOurHost = (host: string): Problem => ({
  code: 'start/not-our-host',
  says: 'HOST is no address of this machine.',
  facts: [['HOST', host]],
  fix: [
    'Leave HOST unset, to listen on every address,',
    'or be heard from this machine alone:   HOST=127.0.0.1',
  ],
})
