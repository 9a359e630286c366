import { type Database, run } from '../../storage/database.ts'
import { statesShownTo } from '../list-members.ts'
import { textArray } from '../../storage/bulk.ts'

/** A member in the graph of vouches. */
export interface TrustNode {
  readonly accountNo: number
  readonly account: string
  readonly displayName: string
}

/** Who vouches for whom, among the members that are shown: pairs of account numbers. */
export interface TrustGraph {
  readonly nodes: readonly TrustNode[]
  readonly edges: readonly { readonly fromNo: number; readonly toNo: number }[]
  /** Members of the group, shown or not. */
  readonly members: number
  /** Members whom exactly one vouch holds, with who gave it. */
  readonly singlePoints: readonly { readonly member: TrustNode; readonly voucher: TrustNode }[]
}

/** More cannot be read in one picture. */
export const MAX_NODES = 150
const MAX_SINGLE_POINTS = 200

interface EdgeRow {
  readonly voucher_no: number
  readonly vouchee_no: number
}

/** Vouches that stand, between people whom all members see. */
const EDGES = `
  select v.voucher_no, v.vouchee_no
    from vouch v
    join membership x on x.group_no = v.group_no and x.account_no = v.voucher_no and x.state = any($2::text[])
    join membership y on y.group_no = v.group_no and y.account_no = v.vouchee_no and y.state = any($2::text[])
   where v.group_no = $1::int and v.ended_micros is null and (v.expires_micros is null or v.expires_micros > $3::bigint)
     and v.voucher_no <> v.vouchee_no
   order by v.voucher_no, v.vouchee_no`

/**
 * The graph of vouches of a group, whole or around one member: two queries.
 * @param wanted.around account of the member in the middle; undefined for everybody, when they are at most {@link MAX_NODES}
 * @returns without nodes when everybody was wanted and they are too many, or `around` is no member
 */
export async function trustGraph(
  database: Database,
  wanted: { readonly groupNo: number; readonly around: string | undefined; readonly nowMicros: number },
): Promise<TrustGraph> {
  const { groupNo, around, nowMicros } = wanted
  const states = textArray(statesShownTo('member'))
  return await database.transaction(async (trx) => {
    const members = await run<{ account_no: number; name: string; display_name: string }>(
      trx,
      `select m.account_no, a.name, a.display_name from membership m join account a on a.account_no = m.account_no
        where m.group_no = $1::int and m.state = any($2::text[]) order by a.name`,
      [groupNo, states],
    )
    const vouches = await run<EdgeRow>(trx, EDGES, [groupNo, states, nowMicros])
    const all = members.rows.map((row) => ({
      accountNo: row.account_no,
      account: row.name,
      displayName: row.display_name || row.name,
    }))
    const edges = vouches.rows.map((row) => ({ fromNo: row.voucher_no, toNo: row.vouchee_no }))
    const nodes = around === undefined ? (all.length > MAX_NODES ? [] : all) : neighbours(all, edges, around)
    const shown = new Set(nodes.map(({ accountNo }) => accountNo))
    return {
      nodes,
      edges: edges.filter(({ fromNo, toNo }) => shown.has(fromNo) && shown.has(toNo)),
      members: all.length,
      singlePoints: singlePointsOf(all, edges),
    }
  })
}

/** The member, whom they vouch for, and who vouches for them. */
function neighbours(all: readonly TrustNode[], edges: TrustGraph['edges'], around: string): readonly TrustNode[] {
  const middle = all.find(({ account }) => account === around)
  if (!middle) return []
  const near = new Set<number>()
  for (const { fromNo, toNo } of edges) {
    if (fromNo === middle.accountNo) near.add(toNo)
    if (toNo === middle.accountNo) near.add(fromNo)
  }
  return [middle, ...all.filter((node) => node !== middle && near.has(node.accountNo))].slice(0, MAX_NODES)
}

function singlePointsOf(all: readonly TrustNode[], edges: TrustGraph['edges']): TrustGraph['singlePoints'] {
  const byNumber = new Map(all.map((node) => [node.accountNo, node]))
  const received = Map.groupBy(edges, ({ toNo }) => toNo)
  return all
    .flatMap((member) => {
      const [only, another] = received.get(member.accountNo) ?? []
      const voucher = only && byNumber.get(only.fromNo)
      return voucher && !another ? [{ member, voucher }] : []
    })
    .slice(0, MAX_SINGLE_POINTS)
}
