import { normalAddress } from '../../mail/openpgp/user-address.ts'
import type { FoundKeys } from './people-sources.ts'
import type { PortalRows } from './read-portal.ts'

/** What ought to be one member's alone, and is that of several there: it proves nothing for any of them. */
export interface SharedThere {
  /** Addresses that several have confirmed, as `a@x.example` and `A@x.example` can be there; normalised. */
  readonly addresses: ReadonlySet<string>
  /** Fingerprints of keys. */
  readonly keys: ReadonlySet<string>
}

/** Finds what several members share. */
export function sharedThere({ tables }: PortalRows, keys: FoundKeys): SharedThere {
  const confirmed = tables.member_email.filter((row) => row.verified === true)
  return {
    addresses: ofSeveral(confirmed.map((row) => [normalAddress(row.email ?? ''), row.member ?? ''])),
    keys: ofSeveral(
      [...keys].map(([name, key]) => [
        key.ok ? key.certificate.fingerprint : undefined,
        name.slice(0, name.lastIndexOf(' ')),
      ]),
    ),
  }
}

function ofSeveral(pairs: readonly (readonly [what: string | undefined, member: string])[]): ReadonlySet<string> {
  const first = new Map<string, string>()
  const several = new Set<string>()
  for (const [what, member] of pairs) {
    if (what === undefined) continue
    if ((first.get(what) ?? member) !== member) several.add(what)
    first.set(what, member)
  }
  return several
}
