import { createSocket } from 'node:dgram'

/** A server of names, as the engine of containers has one: name → IPv4 addresses, which may change. */
export interface Names {
  readonly port: number
  readonly known: Map<string, readonly string[]>
  close(): void
}

/** Answers questions for A records on 127.0.0.1; what is not known, is not there. */
export async function serveNames(known: Map<string, readonly string[]>): Promise<Names> {
  const socket = createSocket('udp4')
  socket.on('message', (asked, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let length = asked[at] ?? 0; length > 0; length = asked[at] ?? 0) {
      labels.push(asked.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
    const question = asked.subarray(12, at + 5)
    const found = known.get(labels.join('.')) ?? []
    const head = Buffer.from(asked.subarray(0, 12))
    head.writeUInt16BE(found.length === 0 ? 0x81_83 : 0x81_80, 2)
    head.writeUInt16BE(found.length, 6)
    const answers = found.map((each) =>
      // The name of the question, A, IN, for an hour, four bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4, ...each.split('.').map(Number)]),
    )
    socket.send(Buffer.concat([head, question, ...answers]), port, address)
  })
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  return { port: socket.address().port, known, close: () => socket.close() }
}
