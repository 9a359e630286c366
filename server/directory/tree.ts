import { createHash } from 'node:crypto'
import type { DirectoryCandidate } from '../../policies/directory-entry.ts'
import { normalDn } from '../auth/ldap/dn.ts'

/** Names in the tree: the suffix, `ou=people` and `ou=groups` below it, people and groups below these. */
export class Tree {
  readonly suffix: string
  readonly #people: string
  readonly #groups: string
  readonly #normalPeople: string

  constructor(suffix: string) {
    this.suffix = suffix
    this.#people = `ou=people,${suffix}`
    this.#groups = `ou=groups,${suffix}`
    this.#normalPeople = normalDn(this.#people)
  }

  /** @param name of an account: it needs no escapes, as `checkedName` of the site lets only plain characters in */
  personDn(name: string): string {
    return `uid=${name},${this.#people}`
  }

  /** @param name of a trust group: small letters, digits and hyphens */
  groupDn(name: string): string {
    return `cn=${name},${this.#groups}`
  }

  /**
   * The name of the account that a DN means. Only the plainest spelling means one: slapd prints a DN as it is, line feeds
   * included, so a DN with anything special in it could say something else in the next line.
   */
  accountNameIn(dn: string): string | undefined {
    const [, name, parent] = /^uid=([A-Za-z0-9._@-]{1,64}),([ -~]{1,300})$/i.exec(dn) ?? []
    return parent !== undefined && normalDn(parent) === this.#normalPeople ? name : undefined
  }

  /** A UUID that stays: of a thing of ours by its kind and number, in this tree (RFC 9562 §5.8). */
  uuid(kind: string, number: number): string {
    const bytes = createHash('sha256')
      .update(JSON.stringify(['directory', this.suffix, kind, number]))
      .digest()
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex', 0, 16)
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** The entries that hold the others. */
  branches(): readonly DirectoryCandidate[] {
    return [this.suffix, this.#people, this.#groups].map((dn, number) => {
      const [type = '', value = ''] = (dn.split(',')[0] ?? '').split('=')
      return { kind: 'branch', dn, uuid: this.uuid('branch', number), type, value }
    })
  }
}

/** Whether an entry is in the scope of a search (RFC 4511 §4.5.1.2; 3 is what lies below the base, without it). */
export function isInScope(dn: string, base: string, scope: number): boolean {
  if (scope === 0) return dn === base
  const isBelow = dn.endsWith(`,${base}`)
  if (scope === 1) return isBelow && !dn.slice(0, -base.length - 1).includes(',')
  return isBelow || (scope === 2 && dn === base)
}
