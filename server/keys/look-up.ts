import { wkdUrls } from '../../mail/openpgp/wkd.ts'
import type { Egress, Fetched } from '../egress/egress.ts'
import { ConflictError, NotFoundError, UnavailableError } from '../errors.ts'
import { addCertificate, type Added, addressesOf } from './add-certificate.ts'
import type { KeysContext, Owner } from './context.ts'

/**
 * Looks a key up in the Web Key Directory of a verified address of one's own, and puts it on file: unproven when it is
 * another key than those there are, so that it never takes the place of one that a group uses; brought up to date when it
 * is one of them.
 * @throws {NotFoundError} when the directory has none, {UnavailableError} when it does not answer as it should
 * @throws {BadRequestError} for a key that is not taken
 */
export async function lookUpKey(
  context: KeysContext & { readonly egress: Egress },
  { owner, address }: { readonly owner: Owner; readonly address: string },
): Promise<Added> {
  const addresses = await addressesOf(context.database, owner.accountNo)
  // only one's own: the server is nobody's tool to knock at other doors
  if (!addresses.has(address)) throw new ConflictError('address_not_verified', 'Verify this address first.')
  const found = await lookUpWkd(address, context.egress)
  if (!found.ok) {
    if (found.reason === 'absent') throw new NotFoundError(`a key for ${address} in its Web Key Directory`)
    throw new UnavailableError(
      `the Web Key Directory of ${address} gave no answer that can be used: upload the key instead`,
    )
  }
  return await addCertificate(context, { owner, upload: found.body, origin: 'wkd' })
}

/**
 * The key of an address in its Web Key Directory: the advanced way, and the direct one where there is no name
 * `openpgpkey` (draft-koch-openpgp-webkey-service §3.1).
 */
export async function lookUpWkd(
  address: string,
  egress: Egress,
): Promise<
  { readonly ok: true; readonly body: Uint8Array } | { readonly ok: false; readonly reason: 'absent' | 'failed' }
> {
  const urls = wkdUrls(address)
  if (!urls) return { ok: false, reason: 'absent' }
  const advanced = await egress.get(urls.advanced)
  const answer = !advanced.ok && advanced.reason === 'absent' ? await egress.get(urls.direct) : advanced
  return outcome(answer)
}

function outcome(answer: Fetched): Awaited<ReturnType<typeof lookUpWkd>> {
  if (!answer.ok) return { ok: false, reason: answer.reason === 'absent' ? 'absent' : 'failed' }
  if (answer.status === 404 || answer.status === 410) return { ok: false, reason: 'absent' }
  return answer.status === 200 ? { ok: true, body: answer.body } : { ok: false, reason: 'failed' }
}
