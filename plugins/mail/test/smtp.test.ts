import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Notice } from '@bitcartcc/sdk/server'
import { isPlainAddress } from '../channel/plain-address.ts'
import smtp from '../channel/smtp.ts'
import type { Mail } from '../plugin.gen.ts'

/** A real SMTP server that keeps what it is given, and lets one user in. */
const mails: { readonly from: string; readonly to: readonly string[]; readonly raw: string }[] = []
const users: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth({ username = '', password }, _, done) {
    users.push(username)
    if (password === 'right') done(null, { user: username })
    else done(new Error('Wrong user or password'))
  },
  onRcptTo({ address }, _, done) {
    done(address.startsWith('full@') ? new Error('The mailbox is full') : undefined)
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope
      mails.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        raw: Buffer.concat(chunks).toString('utf8'),
      })
      done()
    })
  },
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.server.address() as AddressInfo).port // it listens on TCP
})
afterAll(() => new Promise<void>((resolve) => server.close(resolve)))
beforeEach(() => {
  mails.length = users.length = 0
})

const notice: Notice = {
  id: 'AAAA-1',
  event: 'invoice.paid',
  storeId: 'store',
  storeName: 'Tea & more',
  subject: 'Invoice 1 is paid: 43.00 €',
  text: 'Grüße\n.\nA line\n',
}
const send = (
  change: Partial<Notice> = {},
  settings: Partial<Mail['settings']> = {},
  to = 'owner@example.com',
) =>
  smtp
    .send(
      { ...notice, ...change },
      { to },
      {
        settings: {
          host: '127.0.0.1',
          port,
          security: 'none',
          from: 'shop@example.com',
          ...settings,
        },
        signal: new AbortController().signal,
      },
    )
    .then(
      () => 'sent',
      (error: Error) => error.message,
    )
const headersOf = (raw: string) =>
  (raw.split('\r\n\r\n')[0] ?? '')
    .replaceAll(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .filter((line) => !/^(Date|Content-|MIME-)/i.test(line))

test('a message reaches its one address whole', async () => {
  expect(await send({}, { user: 'shop', password: 'right' })).toBe('sent')
  const [mail] = mails
  expect([mail?.from, mail?.to, users]).toEqual([
    'shop@example.com',
    ['owner@example.com'],
    ['shop'],
  ])
  expect(headersOf(mail?.raw ?? '')).toEqual([
    'Auto-Submitted: auto-generated',
    'From: "Tea & more" <shop@example.com>',
    'To: owner@example.com',
    'Subject: =?UTF-8?Q?Invoice_1_is_paid=3A_43=2E00_=E2=82=AC?=',
    'Message-ID: <AAAA-1@example.com>',
  ])
  expect(mail?.raw.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(
    'Gr=C3=BC=C3=9Fe\r\n.\r\nA line\r\n',
  )
})

test('nothing that is put into a message becomes a header or another recipient', async () => {
  const evil = 'x\r\nBcc: thief@example.com\r\n\r\nBuy'
  expect([
    await send({ storeName: evil, subject: evil, text: `\r\n.\r\nMAIL FROM:<x@y>\r\n${evil}` }),
    await send({ id: 'A>\r\nBcc: thief@example.com' }),
    await send({ storeName: 'A" <thief@example.com>, "B' }),
  ]).toEqual(['sent', 'sent', 'sent'])
  expect(mails.map(({ to }) => to)).toEqual(Array.from({ length: 3 }, () => ['owner@example.com']))
  const names = mails.map(({ raw }) => headersOf(raw).map((line) => line.split(':')[0]))
  expect(names).toEqual(
    Array.from({ length: 3 }, () => ['Auto-Submitted', 'From', 'To', 'Subject', 'Message-ID']),
  )
  const addresses = [
    'a@example.com,thief@example.com',
    'a@example.com\r\nBcc: thief@example.com',
    '<a@example.com>',
    'A <a@example.com>',
    '"a b"@example.com',
    'a@example.com (note)',
    'a@@example.com',
    'group:a@example.com;',
    'nobody',
    '',
  ]
  expect(addresses.filter(isPlainAddress)).toEqual([])
  expect([await send({}, {}, addresses[0]), await send({}, {}, addresses[1])]).toEqual(
    Array.from({ length: 2 }, () => 'This is no address that mail can be sent to.'),
  )
  expect(mails).toHaveLength(3)
})

test('what goes wrong is said in the very words of the server', async () => {
  expect([
    await send({}, { user: 'shop', password: 'wrong' }),
    await send({}, {}, 'full@example.com'),
    await send({}, { security: 'starttls' }),
    await send({}, { port: 1 }),
    await send({}, { host: undefined }),
    await send({}, { from: '' }),
  ]).toEqual([
    'Invalid login: 535 Wrong user or password',
    "Can't send mail - all recipients were rejected: 550 The mailbox is full",
    expect.stringMatching(/STARTTLS|TLS/),
    'connect ECONNREFUSED 127.0.0.1:1',
    'Mail has no SMTP server yet: fill it in under Settings, Mail.',
    "Mail has no sender's address yet: fill it in under Settings, Mail.",
  ])
  expect(mails).toEqual([])
})
