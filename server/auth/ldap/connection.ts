import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { Client } from 'ldapts'
import { LdapTrouble, type LdapTroubleKind, troubleOf } from './trouble.ts'
import type { LdapSettings } from './settings.ts'

/** RFC 4511 §4.14. */
const START_TLS = '1.3.6.1.4.1.1466.20037'

/** All questions of one sign-in take no longer than so many single ones. */
const MAX_STEPS = 4

/** A connection to a directory, encrypted and verified. */
export interface Directory {
  readonly client: Client
  readonly socket: TLSSocket
  readonly settings: LdapSettings
}

/** Called as the connection comes about, so that a test of it can say how far it came. */
export type OnStep = (step: 'connected' | 'encrypted', socket: TLSSocket | Socket) => void

/**
 * Asks a directory something over a connection of its own, which is ended whatever happens.
 * @throws {LdapTrouble} when it cannot be reached, proves not to be the right one, or takes too long
 */
export async function withDirectory<T>(
  settings: LdapSettings,
  ask: (directory: Directory) => Promise<T>,
  onStep: OnStep = () => undefined,
): Promise<T> {
  const socket = await open(settings, onStep)
  // all at once: ldapts knows a time for each answer only, and a slow directory may give many answers
  const tooLong = setTimeout(() => socket.destroy(), settings.timeoutSeconds * 1000 * MAX_STEPS)
  const client = clientOver(socket, settings)
  try {
    return await ask({ client, socket, settings })
  } catch (error) {
    throw isFromLdap(error) ? troubleOf(error, 'search-refused') : error
  } finally {
    clearTimeout(tooLong)
    await client.unbind().catch(() => undefined)
    socket.destroy()
  }
}

/** An encrypted socket to the directory that its certificate names. */
async function open(settings: LdapSettings, onStep: OnStep): Promise<TLSSocket> {
  const { hostname, port, protocol } = new URL(settings.url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if ((settings.tls === 'ldaps') !== (protocol === 'ldaps:')) throw new LdapTrouble('not-tls')
  const plain = connect({ host, port: Number(port || (settings.tls === 'ldaps' ? 636 : 389)) })
  const millis = settings.timeoutSeconds * 1000
  try {
    await within(millis, plain, 'connect', 'refused')
    onStep('connected', plain)
    if (settings.tls === 'starttls') await askForTls(plain, millis)
    const encrypted = connectTls(tlsOptions(settings, host, plain))
    await within(millis, encrypted, 'secureConnect', 'not-tls')
    onStep('encrypted', encrypted)
    return encrypted
  } catch (error) {
    plain.destroy()
    throw error
  }
}

function tlsOptions({ ca }: LdapSettings, host: string, socket: Socket): ConnectionOptions {
  return {
    socket,
    host, // the name that the certificate must have
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca.trim() !== '' && { ca }),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  }
}

/**
 * StartTLS (RFC 4511 §4.14). The client that asks is used for nothing else: what somebody on the line has sent after
 * the answer in the clear stays in its parser, and is not read as the beginning of an answer that came encrypted.
 */
async function askForTls(plain: Socket, timeout: number): Promise<void> {
  const client = new Client({ url: 'ldap://starttls.invalid', timeout, createConnection: () => plain })
  try {
    await client.exop(START_TLS)
  } catch (error) {
    throw troubleOf(error, 'starttls-refused')
  }
  plain.removeAllListeners('data')
}

/** ldapts connects again by itself, after StartTLS in the clear: here there is one socket and never another. */
function clientOver(socket: TLSSocket, { timeoutSeconds }: LdapSettings): Client {
  let isTaken = false
  const createConnection = () => {
    if (isTaken) throw new LdapTrouble('cut')
    isTaken = true
    return socket
  }
  return new Client({ url: 'ldap://encrypted.invalid', timeout: timeoutSeconds * 1000, createConnection })
}

async function within(
  millis: number,
  socket: Socket,
  event: 'connect' | 'secureConnect',
  otherwise: LdapTroubleKind,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (error: Error) => reject(troubleOf(error, otherwise))
  const closed = () => reject(new LdapTrouble('cut'))
  socket.once(event, resolve).once('error', fail).once('close', closed)
  const timer = setTimeout(() => reject(new LdapTrouble('silent')), millis)
  try {
    await promise
  } catch (error) {
    socket.on('error', () => undefined)
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    socket.off(event, resolve).off('error', fail).off('close', closed)
  }
}

/** Bugs of ours are not the directory's trouble. */
function isFromLdap(error: unknown): boolean {
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
}
