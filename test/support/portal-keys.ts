import type { Context } from '../../server/context.ts'
import { addCertificate } from '../../server/keys/add-certificate.ts'
import { askProof } from '../../server/keys/proof.ts'
import { run } from '../../server/storage/database.ts'

/** The address in both keys: whoever gets them must have it. */
export const KEYS_ARE_FOR = 'dana.whitehorse@example.org'

/** Fingerprint of the key whose proof was asked for. */
export const WAITING_KEY = '34F3E5C489B54E8B8A7B7F1E868C8BB866456CB9'

/** Public keys whose secret halves nobody has: in use, and one that waits. */
const IN_USE = `-----BEGIN PGP PUBLIC KEY BLOCK-----

xjMEZZIAgBYJKwYBBAHaRw8BAQdAaubapS0IMjLKemr0EFuMCtuEAfaw0uDj
41ZQWygkoNXNIkRhbmEgPGRhbmEud2hpdGVob3JzZUBleGFtcGxlLm9yZz7C
wBMEExYKAIUFgmWSAIADCwkHCRAr6pEN7ZTUkkUUAAAAAAAcACBzYWx0QG5v
dGF0aW9ucy5vcGVucGdwanMub3Jn3Oy4nGya6t61kMKscJNuZQrl7puevnIl
IfQKs/znT7YFFQoIDgwEFgACAQIZAQKbAwIeARYhBCLiyXBx/9UOpmLhoSvq
kQ3tlNSSAABsUQEAqwvRZEiNV4y+gXnwtcbJ+NJli/istjf3FEQuxUYeqnEB
ALaQqlL/BrBPzyMCqcYwoX1BavDZZC/guJaA2djEPDsMzjgEZZIAgBIKKwYB
BAGXVQEFAQEHQEbg+/bfa/r2auGAfaqgVSKuVGVhq7hOKXD8rhSn9LBqAwEI
B8K+BBgWCgBwBYJlkgCACRAr6pEN7ZTUkkUUAAAAAAAcACBzYWx0QG5vdGF0
aW9ucy5vcGVucGdwanMub3Jn5aRfcvjJM+WshZ9yEbw3ZSG0IMqnhiVFclEL
CsriOwkCmwwWIQQi4slwcf/VDqZi4aEr6pEN7ZTUkgAA5WgA/jgoYIh04G9t
9TNDJ+iXzkYHglwmyw3kWsHTEIMHKcSZAP4maa7p9IsQhad4NBwXq/uMPbEp
10hrtNyeG7X4N5UzAQ==
=17h9
-----END PGP PUBLIC KEY BLOCK-----
`
const WAITING = `-----BEGIN PGP PUBLIC KEY BLOCK-----

xjMEZZIAgBYJKwYBBAHaRw8BAQdAJgRb99LQWPh3rC9kUrTglzUE98yrzWI5
Zmmzzzplg+/NIkRhbmEgPGRhbmEud2hpdGVob3JzZUBleGFtcGxlLm9yZz7C
wBMEExYKAIUFgmWSAIADCwkHCRCGjIu4ZkVsuUUUAAAAAAAcACBzYWx0QG5v
dGF0aW9ucy5vcGVucGdwanMub3JnpJ6MSkLU1blP6fzi9R5sC1Semx3TgQaV
a66FbNRSezsFFQoIDgwEFgACAQIZAQKbAwIeARYhBDTz5cSJtU6Lint/HoaM
i7hmRWy5AACxWAD/bdJAdG6DEzSq2NmufRATpSvzvysRtApiCNgW/hPUX+kA
/2C1HuzPfMmIq43AwAL2+CeE7cJj8uuuLsCcNQuOZecMzjgEZZIAgBIKKwYB
BAGXVQEFAQEHQCy4nqtOHCahwSWyl7Le03PengGPajz8j4k0v+6PLuAkAwEI
B8K+BBgWCgBwBYJlkgCACRCGjIu4ZkVsuUUUAAAAAAAcACBzYWx0QG5vdGF0
aW9ucy5vcGVucGdwanMub3JnFc982+yTy4ri+ei20pkFoaP/7MsBWUPfgC/9
iAyuausCmwwWIQQ08+XEibVOi4p7fx6GjIu4ZkVsuQAAlGUA/0QKQ5g+mDYq
xeq/MY4tXHq/x2LFGInaqoZ8A4vALujtAQCMD1Ol6w29akAYF4jPnftbnZC4
8My0W+wjFZMja3/UAQ==
=6pGp
-----END PGP PUBLIC KEY BLOCK-----
`

/** Gives somebody a key that all their groups use, and another one that waits to take its place. */
export async function addKeys(context: Context, name: string): Promise<void> {
  const { database, clock } = context
  const at = clock.nowMicros()
  const { account_no: accountNo } = await database.transaction(async (trx) => {
    const account = await trx
      .selectFrom('account')
      .select(['account_no', 'email'])
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    await run(
      trx,
      `insert into account_address (account_no, address, created_micros, verified_micros)
       values ($1::int, $2::text, $3::bigint, $3::bigint) on conflict do nothing`,
      [account.account_no, account.email, at],
    )
    return account
  })
  const owner = { accountNo, name }
  const { fingerprint } = await addCertificate(context, { owner, upload: IN_USE })
  await addCertificate(context, { owner, upload: WAITING })
  await askProof(context, { owner, fingerprint: WAITING_KEY })
  await database.transaction(async (trx) => {
    await run(trx, 'update certificate set proven_micros = $1::bigint where fingerprint = $2::text', [at, fingerprint])
    await run(
      trx,
      `update membership set certificate_no = (select certificate_no from certificate where fingerprint = $1::text)
        where account_no = $2::int`,
      [fingerprint, accountNo],
    )
    await run(
      trx,
      `insert into key_change (group_no, account_no, from_no, to_no, proof, asked_micros, ready_micros)
       select m.group_no, m.account_no, m.certificate_no, c.certificate_no, 'delay', $1::bigint, $1::bigint + 604800000000
         from membership m join certificate c on c.fingerprint = $2::text where m.account_no = $3::int`,
      [at, WAITING_KEY, accountNo],
    )
  })
}
