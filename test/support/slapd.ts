import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'ldapts'
import { type Authority, makeAuthority } from './certificates.ts'
import { until } from './until.ts'

const SLAPD = '/usr/sbin/slapd'
const SLAPADD = '/usr/sbin/slapadd'

/** Why tests of a directory are skipped, or false: `it('…', { skip: noSlapd }, …)`. */
export const noSlapd =
  existsSync(SLAPD) && existsSync(SLAPADD) ? false : 'slapd is not installed (apt-get install slapd ldap-utils)'

export const BASE = 'dc=city,dc=test'
export const READER = { dn: `cn=reader,${BASE}`, password: 'a reader of the directory' }
export const ADMIN = { dn: `cn=admin,${BASE}`, password: 'the owner of the directory' }

/** A running OpenLDAP server of a test's own. */
export interface Slapd extends AsyncDisposable {
  readonly authority: Authority
  readonly ldaps: string
  readonly ldap: string
  /** Changes the directory as its owner. */
  change<T>(use: (client: Client) => Promise<T>): Promise<T>
  /** Ends the server at once. */
  kill(): Promise<void>
  /** Starts it again on the same ports. */
  start(): Promise<void>
}

/**
 * Starts slapd on free ports of 127.0.0.1 and 127.0.0.2 with a certificate for 127.0.0.1 and localhost, and with entries
 * that were loaded before (as LDIF), operational attributes included.
 */
export async function startSlapd(ldif: string): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-slapd-'))
  const authority = await makeAuthority('Directory Authority')
  const issued = await authority.issue({ name: 'directory', usage: 'server' })
  const file = (name: string) => join(folder, name)
  await mkdir(file('data'))
  await writeFile(file('ca.pem'), authority.certificate)
  await writeFile(file('server.pem'), issued.certificate)
  await writeFile(file('server.key'), issued.key, { mode: 0o600 })
  await writeFile(file('slapd.conf'), configuration(folder))
  await writeFile(file('seed.ldif'), ldif)
  await promisify(execFile)(SLAPADD, ['-q', '-f', file('slapd.conf'), '-l', file('seed.ldif')])
  const [plainPort, tlsPort] = [await freePort(), await freePort()]
  const listen = ['127.0.0.1', '127.0.0.2'].flatMap((host) => [
    `ldap://${host}:${plainPort}/`,
    `ldaps://${host}:${tlsPort}/`,
  ])
  const ldaps = `ldaps://127.0.0.1:${tlsPort}`
  let child: ChildProcess | undefined

  const kill = async () => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
  }
  const start = async () => {
    child = spawn(SLAPD, ['-f', file('slapd.conf'), '-h', listen.join(' '), '-d', '0'], { stdio: 'ignore' })
    await until(() => answers(ldaps, authority.certificate))
  }
  await start()
  return {
    authority,
    ldaps,
    ldap: `ldap://127.0.0.1:${plainPort}`,
    kill,
    start,
    change: async (use) => {
      const client = new Client({ url: ldaps, tlsOptions: { ca: authority.certificate }, timeout: 10_000 })
      try {
        await client.bind(ADMIN.dn, ADMIN.password)
        return await use(client)
      } finally {
        await client.unbind()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, ca: string): Promise<boolean> {
  const client = new Client({ url, tlsOptions: { ca }, timeout: 1000, connectTimeout: 1000 })
  try {
    await client.bind(READER.dn, READER.password)
    return true
  } catch {
    return false
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function configuration(folder: string): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
security simple_bind=128
sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited
access to dn.base="" by * read
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER.dn}" read by self read by anonymous auth by * none
database mdb
suffix "${BASE}"
rootdn "${ADMIN.dn}"
rootpw "${ADMIN.password}"
directory ${folder}/data
maxsize 67108864
dbnosync
index objectClass,uid,mail,member,memberUid eq
overlay memberof
memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
overlay ppolicy
ppolicy_default "cn=policy,${BASE}"
ppolicy_use_lockout
`
}
