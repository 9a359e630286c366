import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a program said and how it ended. */
interface Ran {
  readonly status: number | null
  readonly text: string
  readonly complaint: string
}

/** Why the tests with other programs cannot run, or false. */
export const missing: string | false =
  ['gpg', 'sq', 'rnp'].filter((name) => spawnSync(name, ['--version']).error !== undefined).join(', ') || false

/** The OpenPGP programs, with a folder of their own that goes away with them. */
export class Programs {
  readonly folder = mkdtempSync(join(tmpdir(), 'vouchsafe-keys-'))
  #files = 0

  /** A file with this content, for programs that read files only. */
  file(content: string | Uint8Array): string {
    const path = join(this.folder, `file-${this.#files++}`)
    writeFileSync(path, content)
    return path
  }

  [Symbol.dispose](): void {
    spawnSync('gpgconf', ['--homedir', this.gnupg(), '--kill', 'all'])
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(): string {
    return join(this.folder, `file-${this.#files++}`)
  }

  gnupg(): string {
    const home = join(this.folder, 'g')
    mkdirSync(home, { mode: 0o700, recursive: true })
    return home
  }

  /** @throws {Error} when gpg fails */
  gpg(options: readonly string[], input: string | Uint8Array = ''): string {
    const ran = this.tryGpg(options, input)
    if (ran.status !== 0) throw new Error(`gpg ${options.join(' ')}: ${ran.complaint}`)
    return ran.text
  }

  tryGpg(options: readonly string[], input: string | Uint8Array = ''): Ran {
    const all = ['--homedir', this.gnupg(), '--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', '']
    const ran = spawnSync('gpg', [...all, ...options], { input, maxBuffer: 2 ** 26 })
    return { status: ran.status, text: ran.stdout.toString('latin1'), complaint: ran.stderr.toString() }
  }

  /** Makes a key with gpg. @returns its fingerprint */
  gpgKey(userId: string, { kind = 'ed25519', encryption = 'cv25519', expires = 'never', at = '' } = {}): string {
    const then = at ? ['--faked-system-time', at] : []
    this.gpg([...then, '--quick-generate-key', userId, kind, 'sign,cert', expires])
    const [fingerprint = ''] =
      this.gpg(['--list-keys', '--with-colons', '--', `=${userId}`]).match(/(?<=^fpr:+)[0-9A-F]{40}/m) ?? []
    if (encryption) this.gpg([...then, '--quick-add-key', fingerprint, encryption, 'encr', expires])
    return fingerprint
  }

  exported(fingerprint: string, ...options: readonly string[]): string {
    return this.gpg(['--armor', ...options, '--export', fingerprint])
  }

  /** Makes a key with sq. @returns the path of its secret file, and its certificate */
  sqKey(userId: string, ...options: readonly string[]): { readonly secret: string; readonly certificate: string } {
    const secret = this.path()
    this.#run('sq', ['key', 'generate', '--userid', userId, '--export', secret, ...options])
    return { secret, certificate: this.#run('sq', ['key', 'extract-cert', secret]) }
  }

  sq(options: readonly string[]): string {
    return this.#run('sq', options)
  }

  rnpHome(): string {
    const home = join(this.folder, 'rnp')
    mkdirSync(home, { mode: 0o700, recursive: true })
    return home
  }

  /** Makes a key with rnp. @returns its certificate */
  rnpKey(userId: string): string {
    const home = ['--homedir', this.rnpHome()]
    this.#run('rnpkeys', [...home, '--generate-key', '--numbits', '3072', '--userid', userId, '--password='])
    const path = this.path()
    this.#run('rnpkeys', [...home, '--export-key', userId, '--output', path])
    return readFileSync(path, 'latin1')
  }

  rnp(options: readonly string[]): string {
    return this.#run('rnp', ['--homedir', this.rnpHome(), '--password=', ...options])
  }

  #run(program: string, options: readonly string[]): string {
    return execFileSync(program, options, { maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'pipe'] }).toString('latin1')
  }
}
