import { resolveSrv as systemResolveSrv } from 'node:dns/promises'
import { TaxiiClientError } from './errors.ts'

/** One SRV record (RFC 2782). */
export interface SrvRecord {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

/** Where the DNS and the dice come from. */
export interface SrvOptions {
  readonly resolveSrv?: ((name: string) => Promise<readonly SrvRecord[]>) | undefined
  /** From 0 to below 1. */
  readonly random?: (() => number) | undefined
}

/** More records than any domain has; a hostile answer must not cost quadratic time. */
const MAX_RECORDS = 64

/**
 * Finds the TAXII servers of a domain by `_taxii2._tcp` (TAXII 2.1 §8.2.1, RFC 2782).
 * @returns discovery URLs in the order in which they should be tried; empty when there is no record or the only target is "."
 * @throws {TaxiiClientError} `bad-option` for what is no domain, `network` when the DNS does not answer. The DNS is not
 * proof: the names come from whoever answers for the domain, so look at them before credentials are sent there.
 */
export async function discoverTaxiiServers(domain: string, options: SrvOptions = {}): Promise<readonly string[]> {
  if (!isHostname(domain)) throw new TaxiiClientError('bad-option', 'This is no domain name')
  const records = await resolveRecords(`_taxii2._tcp.${withoutDot(domain)}`, options)
  const usable = records.filter((record) => isHostname(record.name) && record.port > 0 && record.port < 65536)
  return inOrder(usable.slice(0, MAX_RECORDS), options.random ?? Math.random).map(
    ({ name, port }) => new URL(`https://${withoutDot(name)}:${port}/taxii2/`).href,
  )
}

async function resolveRecords(name: string, options: SrvOptions): Promise<readonly SrvRecord[]> {
  try {
    return await (options.resolveSrv ?? systemResolveSrv)(name)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw new TaxiiClientError('network', `The DNS did not answer for ${name}`, { cause, retryable: true })
  }
}

/** Lowest priority first; within one priority by lot, weighted (RFC 2782, "Weight"). */
function inOrder(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  const byPriority = Map.groupBy(records, (record) => record.priority)
  return [...byPriority.keys()]
    .toSorted((left, right) => left - right)
    .flatMap((priority) => byLot(byPriority.get(priority) ?? [], random))
}

function byLot(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  const left = records.toSorted((one, other) => one.weight - other.weight)
  const drawn: SrvRecord[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, record) => sum + record.weight, 0)
    let lot = random() * (total + 1)
    const index = left.findIndex((record) => (lot -= record.weight) <= 0)
    drawn.push(...left.splice(index === -1 ? left.length - 1 : index, 1))
  }
  return drawn
}

function isHostname(name: string): boolean {
  return name.length < 254 && /^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){0,126}\.?$/.test(name)
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}
