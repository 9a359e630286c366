import { changedBodies, releaseNaming } from '../storage/backup-chain-rows.ts'
import { chainMoment, chainsOf, type ChainSource } from '../storage/backup-chains.ts'
import type { Database } from '../storage/database.ts'
import type { ChainReport } from './chain-report.ts'
import { verifyAudit } from './verify-audit.ts'
import { verifyLedger } from './verify-ledger.ts'

/** The result of a verification: `ok` when no chain has a problem. */
export interface Verification {
  readonly ok: boolean
  readonly chains: readonly ChainReport[]
}

/** Called now and then with how much was checked, of how much. */
export type OnProgress = (done: number, total: number) => void

/**
 * Walks every chain from its start and compares views, ledgers and bytes with each other. Constant memory; while a
 * server writes, it verifies the state of one moment.
 */
export async function verify(
  context: { readonly database: Database },
  onProgress: OnProgress = () => undefined,
): Promise<Verification> {
  return await verifyChains(chainsOf(context.database), onProgress)
}

/** {@link verify}, also inside the transaction of a restore. */
export async function verifyChains(
  source: ChainSource,
  onProgress: OnProgress = () => undefined,
): Promise<Verification> {
  const moment = await chainMoment(source)
  const total =
    (moment.audit?.seq ?? 0) + moment.collections.reduce((sum, one) => sum + one.ledgerSeq + one.releases, 0)
  let done = 0
  const advance = (count: number) => onProgress((done += count), Math.max(total, done))
  const chains: ChainReport[] = [await verifyAudit(source, moment.audit, advance)]
  for (const collection of moment.collections) chains.push(await verifyLedger(source, collection, advance))
  chains.push(await verifyBodies(source, advance))
  return { ok: chains.every((chain) => chain.problem === undefined), chains }
}

async function verifyBodies(source: ChainSource, advance: (count: number) => void): Promise<ChainReport> {
  let checked = 0
  for await (const page of changedBodies(source)) {
    checked += page.count
    advance(page.count)
    if (page.changed === undefined) continue
    const release = await releaseNaming(source, page.changed)
    const where = release ? ` (${release.stix_id}, version ${release.version}, in ${release.collection})` : ''
    return {
      chain: 'objects',
      checked,
      problem: `the bytes of object ${page.changed}${where} are not those that came in`,
    }
  }
  return { chain: 'objects', checked }
}
