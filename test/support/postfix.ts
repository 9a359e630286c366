import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Issued } from './certificates.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const POSTFIX = '/usr/sbin/postfix'

/** Why tests with a real mail server are skipped, or false. */
export const noPostfix = !existsSync(POSTFIX)
  ? 'postfix is not installed (apt-get install postfix)'
  : process.getuid?.() === 0
    ? false
    : 'postfix starts as root only'

/** A Postfix of a test's own: takes mail for `example.test` on the loopback and puts it into one mailbox. */
export interface Postfix {
  readonly port: number
  /** Mails that arrived, as text, in no order. */
  mails(): Promise<readonly string[]>
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/**
 * Makes and starts one. It refuses `nobody@example.test` for good (550), and `later@example.test` for now (450).
 * @param tls offers STARTTLS with this certificate, and takes mail only over it
 */
export async function startPostfix(tls?: Issued): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-postfix-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const config = join(folder, 'etc')
  const mailbox = join(folder, 'mail')
  const { uid, gid } = ids('postfix')
  const mailer = ids('nobody')
  for (const name of ['etc', 'queue', 'data', 'mail']) mkdirSync(join(folder, name))
  await chown(join(folder, 'data'), uid, gid)
  await chown(mailbox, mailer.uid, mailer.gid)
  if (tls) {
    await writeFile(join(config, 'tls.pem'), `${tls.key}\n${tls.certificate}`, { mode: 0o600 })
  }
  await writeFile(
    join(config, 'recipients'),
    'nobody@example.test REJECT no such person\nlater@example.test DEFER come back\n',
  )
  await writeFile(join(config, 'main.cf'), mainOf(folder, mailer, tls !== undefined))
  await writeFile(join(config, 'master.cf'), masterOf(port))
  const command = async (...args: readonly string[]) => await run(POSTFIX, ['-c', config, ...args], { timeout: 30_000 })
  const start = async () => {
    await command('start')
    await until(() => isOpen(port), 20_000)
  }
  await start()
  return {
    port,
    start,
    stop: async () => {
      await command('stop').catch(() => undefined)
      await until(async () => !(await isOpen(port)), 20_000)
    },
    mails: async () => {
      const files = await readdir(join(mailbox, 'inbox', 'new')).catch(() => [])
      return await Promise.all(files.map((file) => readFile(join(mailbox, 'inbox', 'new', file), 'utf8')))
    },
    remove: async () => {
      await command('stop').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function mainOf(folder: string, mailer: { readonly uid: number; readonly gid: number }, tls: boolean): string {
  const lines = [
    'compatibility_level = 3.6',
    `queue_directory = ${folder}/queue`,
    `data_directory = ${folder}/data`,
    `maillog_file = ${folder}/mail.log`,
    `maillog_file_prefixes = ${folder}`,
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'mynetworks = 127.0.0.0/8',
    'mydestination =',
    'myhostname = mx.example.test',
    'alias_maps =',
    'alias_database =',
    'local_recipient_maps =',
    'virtual_mailbox_domains = example.test',
    `virtual_mailbox_base = ${folder}/mail`,
    'virtual_mailbox_maps = static:inbox/',
    `virtual_uid_maps = static:${mailer.uid}`,
    `virtual_gid_maps = static:${mailer.gid}`,
    `virtual_minimum_uid = 1`,
    `smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/etc/recipients, permit_mynetworks, reject`,
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    'smtpd_forbid_bare_newline = normalize',
    'smtpd_soft_error_limit = 1000',
    'smtpd_hard_error_limit = 1000',
    ...(tls
      ? [
          `smtpd_tls_chain_files = ${folder}/etc/tls.pem`,
          'smtpd_tls_security_level = encrypt',
          'smtpd_tls_received_header = yes',
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

/** No service in a chroot; only what a loopback delivery takes. */
function masterOf(port: number): string {
  return [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
    '',
  ].join('\n')
}

function ids(user: string) {
  const number = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no free port')
  return address.port
}

async function isOpen(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
