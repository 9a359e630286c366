import type { MemberState } from './member-state.ts'
import { CAPABILITIES } from './member-state.ts'

/** A vouch that nobody has taken back, with what is known of its voucher now. */
export interface StandingVouch {
  readonly voucherNo: number
  readonly expiresMicros: number | undefined
  /** State of the voucher's own membership in the group; undefined when they are in it no more. */
  readonly voucherState: MemberState | undefined
  /** Affiliation of the voucher as of now. */
  readonly organisation: string
}

/** What the vouches for a member amount to. */
export interface VouchCount {
  /** Vouches that count, those of one ring as one. */
  readonly vouches: number
  /** Organisations behind them; vouchers who name none add nothing, and are one together where nobody names any. */
  readonly organisations: number
}

/** Whether a vouch counts: it has not expired, and its voucher is in good standing, or was when they died. */
export function counts(vouch: StandingVouch, nowMicros: number): boolean {
  if (vouch.expiresMicros !== undefined && vouch.expiresMicros <= nowMicros) return false
  return vouch.voucherState !== undefined && mayStand(vouch.voucherState)
}

/** Whether the vouches of members in this state count. */
export function mayStand(state: MemberState): boolean {
  return CAPABILITIES[state].login || state === 'deceased'
}

/**
 * Counts the vouches for one member.
 * @param rings who belongs to which ring (see vouch-ring.ts); nobody where the group does not look for rings
 */
export function countVouches(
  vouches: readonly StandingVouch[],
  nowMicros: number,
  rings: ReadonlyMap<number, number> = new Map(),
): VouchCount {
  const counted = new Set<number>() // members by their number, rings by one below zero: text would cost as much as all the rest
  const organisations = new Set<string>()
  for (const vouch of vouches) {
    if (!counts(vouch, nowMicros)) continue
    const ring = rings.get(vouch.voucherNo)
    counted.add(ring === undefined ? vouch.voucherNo : -1 - ring)
    organisations.add(organisationKey(vouch.organisation))
  }
  if (organisations.size > 1) organisations.delete('') // a colleague who leaves the field empty is no second employer
  return { vouches: counted.size, organisations: organisations.size }
}

/** Names of organisations that differ in case and blanks only are one. */
export function organisationKey(name: string): string {
  if (name === '') return name
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
}
