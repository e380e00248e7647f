/** Asks a server for a text; throws a sentence for the merchant where it fails. */
export async function ask(
  url: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly text: string; readonly host: string }> {
  const { host } = new URL(url)
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      signal,
      redirect: 'error',
      headers: { accept: 'application/json', ...headers },
    })
    text = await firstOf(response)
  } catch {
    throw new Error(`The server ${host} does not answer.`)
  }
  if (response.status === 429) throw new Error(`The server ${host} was asked too often.`)
  if (!response.ok) throw new Error(`The server ${host} answers with ${response.status}.`)
  return { text, host }
}

/** More than any answer has that is one. */
const mostBytes = 100_000

async function firstOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Error('too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a server says that we do not understand. */
export const strange = (host: string, name: string) =>
  new Error(`The server ${host} does not answer as ${name} does.`)
