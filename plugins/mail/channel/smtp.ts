import { HttpError, Type } from '@bitcartcc/sdk/server'
import { notifyChannel } from '../plugin.gen.ts'
import { isPlainAddress, plainAddress } from './plain-address.ts'

/** How long a server may be silent. */
const silenceMs = 15_000

/** Mail, handed to the SMTP server of the settings: one message to one address. */
export default notifyChannel({
  target: Type.Object(
    {
      // Its length is in the pattern: where `maxLength` is long, the form has a box of many lines.
      to: Type.String({ title: 'E-mail address', pattern: plainAddress }),
    },
    { additionalProperties: false },
  ),
  nameOf: ({ to }) => to,
  toBuyer: (email) => ({ to: email }),
  async send({ id, storeName, subject, text }, { to }, { settings, signal }) {
    const { host, port, security, user, password, from } = settings
    if (!host || !from)
      throw new HttpError(
        409,
        `Mail has no ${host ? "sender's address" : 'SMTP server'} yet: fill it in under Settings, Mail.`,
      )
    if (!isPlainAddress(to)) throw new Error('This is no address that mail can be sent to.')
    // With the first message: a server that sends none starts without it.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: silenceMs,
      greetingTimeout: silenceMs,
      socketTimeout: silenceMs,
      // No file and no address of the web becomes part of a message, whatever it says.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    })
    const stop = () => transport.close()
    signal.addEventListener('abort', stop)
    try {
      await transport.sendMail({
        from: { name: storeName.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), address: from },
        to: { name: '', address: to },
        subject,
        text,
        // The same at every try: a mailbox that got it twice can tell.
        messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } finally {
      signal.removeEventListener('abort', stop)
      transport.close()
    }
  },
})
