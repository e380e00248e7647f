import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** Makes a database on a server, hands its address on, and takes it away again. */
export async function withDatabase<T>(
  server: string,
  run: (url: string) => Promise<T>,
): Promise<T> {
  const name = `compose_prove_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await ask(server, `create database ${name}`)
  try {
    return await run(url.href)
  } finally {
    await ask(server, `drop database if exists ${name} with (force)`)
  }
}

async function ask(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
