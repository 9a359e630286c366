import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAuthority } from '../support/certificates.ts'
import { testSite, type SiteOptions } from '../support/site.ts'
import { until } from '../support/until.ts'

const SLAPD = '/usr/sbin/slapd'

/** Why tests with a real slapd are skipped, or false. */
export const noAskingSlapd =
  existsSync(SLAPD) && existsSync('/usr/lib/ldap/back_sock.so') && existsSync('/usr/bin/ldapsearch')
    ? false
    : 'slapd with back-sock is not installed (apt-get install slapd ldap-utils)'

export const SUFFIX = 'dc=region,dc=example'
export const personDn = (name: string) => `uid=${name},ou=people,${SUFFIX}`
export const groupDn = (name: string) => `cn=${name},ou=groups,${SUFFIX}`

/** Answers without comments and folded lines, from the suffix on. */
const PLAIN = ['-LLL', '-o', 'ldif-wrap=no', '-b', SUFFIX]

/** What a program of ldap-utils said. */
export interface Said {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** A site that serves a directory on a socket in a folder of its own. */
export async function directorySite(options: SiteOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-directory-'))
  const socket = join(folder, 'd.sock')
  const site = await testSite({
    ...options,
    settings: { 'directory.socket': socket, 'directory.suffix': SUFFIX, ...options.settings },
  })
  const close = async () => {
    await site.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { site, socket, folder, [Symbol.asyncDispose]: close }
}

/**
 * slapd with the configuration that `deploy/slapd.conf.example` gives to operators, with its paths exchanged, on free ports of
 * 127.0.0.1 and on a socket.
 */
export async function askingSlapd(socket: string) {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-asking-'))
  const file = (name: string) => join(folder, name)
  const authority = await makeAuthority('Directory authority')
  const issued = await authority.issue({ name: 'directory', usage: 'server' })
  await writeFile(file('ca.pem'), authority.certificate)
  await writeFile(file('server.pem'), issued.certificate)
  await writeFile(file('server.key'), issued.key, { mode: 0o600 })
  const example = await readFile(join(import.meta.dirname, '../../deploy/slapd.conf.example'), 'utf8')
  const conf = example
    .replaceAll('/etc/ldap/tls/', `${folder}/`)
    .replace('/run/slapd/', `${folder}/`)
    .replace('/run/vouchsafe/directory.sock', socket)
  await writeFile(file('slapd.conf'), conf)
  const [plainPort, tlsPort] = [await freePort(), await freePort()]
  const ldap = `ldap://127.0.0.1:${plainPort}`
  const ldaps = `ldaps://127.0.0.1:${tlsPort}`
  const ldapi = `ldapi://${encodeURIComponent(file('ldapi'))}`
  const child = spawn(SLAPD, ['-f', file('slapd.conf'), '-h', `${ldap}/ ${ldaps}/ ${ldapi}/`, '-d', '0'], {
    stdio: 'ignore',
  })
  await until(() => opens(tlsPort))
  const env = { ...process.env, LDAPTLS_CACERT: file('ca.pem') }
  /** Runs a program of ldap-utils over TLS. */
  const run = (program: string, args: readonly string[], { url = ldaps, input = '' } = {}) =>
    ran(program, ['-x', '-H', url, ...args], env, input)
  return {
    ldap,
    ldaps,
    ldapi,
    tlsPort,
    authority,
    run,
    /** As somebody. */
    as: (name: string, password: string) => ({
      whoami: () => run('ldapwhoami', ['-D', personDn(name), '-w', password]),
      search: (filter: string, attributes: readonly string[] = ['1.1'], more: readonly string[] = []) =>
        run('ldapsearch', [...PLAIN, '-D', personDn(name), '-w', password, ...more, filter, ...attributes]),
      compare: (dn: string, assertion: string) =>
        run('ldapcompare', ['-D', personDn(name), '-w', password, dn, assertion]),
    }),
    [Symbol.asyncDispose]: async () => {
      await stopped(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type AskingSlapd = Awaited<ReturnType<typeof askingSlapd>>

/** The DNs of a search, in the order of their names. */
export function dnsIn({ out }: Said): readonly string[] {
  return out
    .split('\n')
    .filter((line) => line.startsWith('dn: '))
    .map((line) => line.slice('dn: '.length))
    .toSorted()
}

/** The values of one attribute in what a search printed; Base64 is undone. */
export function valuesIn({ out }: Said, name: string): readonly string[] {
  return out.split('\n').flatMap((line) => {
    if (line.startsWith(`${name}: `)) return [line.slice(name.length + 2)]
    return line.startsWith(`${name}:: `) ? [Buffer.from(line.slice(name.length + 3), 'base64').toString()] : []
  })
}

async function ran(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input: string): Promise<Said> {
  const { promise, resolve } = Promise.withResolvers<Said>()
  const child = execFile(program, args, { env, maxBuffer: 64 * 1024 ** 2, timeout: 30_000 }, (error, out, said) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, error: said })
  })
  child.stdin?.on('error', () => undefined).end(input)
  return await promise
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function opens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
  const answer = await promise
  socket.destroy()
  return answer
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
