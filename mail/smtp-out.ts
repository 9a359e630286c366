import type { SMTPTransportOptions } from 'nodemailer'
import { noticeAudience, type NoticeText } from '../policies/notice.ts'
import { isReleased, type Released } from '../policies/release.ts'
import { isMailAddress } from './address.ts'
import type { Delivery, Envelope, Relay } from './ports.ts'
import { deliveryFailure, reasonOf } from './smtp-failure.ts'

/** An attempt is given up after this time as a whole, whatever the relay does: another one may then begin. */
export const ATTEMPT_MILLIS = 45_000
const STEP_MILLIS = 15_000 // connecting, greeting, silence

/**
 * Hands one mail to the relay. With {@link wholeMail} the only way out for mail.
 * @throws {Error} when the content was not released to this recipient, or an address is none
 */
export async function sendMail(relay: Relay, content: Released<NoticeText>, envelope: Envelope): Promise<Delivery> {
  const message = messageOf(content, envelope)
  try {
    const transport = (await mailer()).createTransport(optionsOf(relay))
    await transport.sendMail({ ...message, signal: AbortSignal.timeout(ATTEMPT_MILLIS) })
    return { outcome: 'sent' }
  } catch (error) {
    return deliveryFailure(error)
  }
}

/**
 * The finished mail as it would leave, for a folder instead of a relay.
 * @throws {Error} as {@link sendMail}
 */
export async function wholeMail(content: Released<NoticeText>, envelope: Envelope): Promise<Uint8Array> {
  const transport = (await mailer()).createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await transport.sendMail(messageOf(content, envelope))
  if (message instanceof Uint8Array) return message
  throw new Error('the mail was not made as one piece')
}

/** Whether the relay answers, speaks TLS as it should and takes our sign-in; undefined when it does, else why not. */
export async function probeRelay(relay: Relay, stepMillis = STEP_MILLIS): Promise<string | undefined> {
  const transport = (await mailer()).createTransport(optionsOf(relay, stepMillis))
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    return reasonOf(error)
  } finally {
    transport.close()
  }
}

function messageOf(content: Released<NoticeText>, { from, to, messageId, date }: Envelope) {
  if (!isReleased(content) || content.audience !== noticeAudience(to)) {
    throw new Error('a mail was about to go to somebody it was not released to')
  }
  // checked when they were set, and again here: a row can be older than the rule
  if (!isMailAddress(from) || !isMailAddress(to)) throw new Error('an address of the mail is not one that we write to')
  if (!/^[\w.-]+@[\w.:[\]-]+$/.test(messageId)) throw new Error('the Message-ID of the mail is not one')
  const { subject, text, language } = content.body
  return {
    // said outright: what nodemailer reads out of headers is not what decides who gets the mail
    envelope: { from, to: [to] },
    from: { name: '', address: from },
    to: [{ name: '', address: to }],
    subject,
    text,
    encoding: 'quoted-printable', // one way for all, so that every relay takes it and a captured one can be read back
    messageId: `<${messageId}>`,
    date,
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834 §5: no vacation answers
      'Content-Language': language,
    },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function optionsOf(
  { host, port, tls, signIn, authorities, ownName }: Relay,
  stepMillis = STEP_MILLIS,
): SMTPTransportOptions {
  return {
    host,
    port,
    name: ownName,
    secure: tls === 'implicit',
    // without requireTLS a network that strips STARTTLS would get the mail in the clear
    ...(tls === 'starttls' ? { requireTLS: true } : {}),
    ...(tls === 'none' ? { ignoreTLS: true } : {}),
    tls: { ca: [...authorities], minVersion: 'TLSv1.2', rejectUnauthorized: true },
    // forceAuth: a relay that offers no sign-in although we have one is not the relay that was meant
    ...(signIn ? { auth: { user: signIn.user, pass: signIn.password }, forceAuth: true } : {}),
    connectionTimeout: stepMillis,
    greetingTimeout: stepMillis,
    socketTimeout: stepMillis,
    dnsTimeout: stepMillis,
    allowInternalNetworkInterfaces: true, // a relay on this machine is the usual case
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Loaded with the first mail: it takes 50 ms, which a start need not wait for. */
async function mailer() {
  return await import('nodemailer')
}
