import { Type } from 'typebox'
import { isMemberState, type MemberState } from '../../policies/member-state.ts'
import { importMembers } from '../arrivals/import-members.ts'
import { importPortal, withPortal } from '../arrivals/import-portal.ts'
import { historyLines } from '../arrivals/portal-history.ts'
import { welcomeMembers } from '../arrivals/welcome-members.ts'
import { BadRequestError, TooLargeError } from '../errors.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const pairs = Type.Array(text, { maxItems: 1000 })
const closed = { additionalProperties: false }
const MAX_FILE = 5 * 1024 * 1024
const PIECE = 64 * 1024

const portal = { from: text, password: Type.Optional(text), zone: text }

/** People who come from elsewhere: from another portal, or out of a spreadsheet. */
export const arrivalOperations = {
  /** The report is sent as bytes of JSON: of a large portal it is longer than a line may be. */
  'portal.import': operation(
    Type.Object(
      {
        ...portal,
        source: text,
        groups: pairs,
        states: pairs,
        merge_by_address: Type.Boolean(),
        administrators: Type.Boolean(),
        administrator: Type.Optional(text),
        do: Type.Boolean(),
        welcome: Type.Boolean(),
        settle: Type.Boolean(),
      },
      closed,
    ),
    async (context, args, exchange) => {
      const groups = new Map(args.groups.map((each) => splitPair(each)))
      const report = await importPortal(context, {
        ...BY_OPERATOR,
        from: withPassword(args.from, args.password),
        zone: args.zone,
        source: args.source,
        groups: groups.size > 0 ? groups : undefined,
        states: new Map(args.states.map(statePair)),
        mergeByAddress: args.merge_by_address,
        administrators: args.administrators,
        administrator: args.administrator,
        perform: args.do,
        welcome: args.welcome,
        settle: args.settle,
      })
      const whole = Buffer.from(JSON.stringify(report))
      for (let at = 0; at < whole.length; at += PIECE) await exchange.write(whole.subarray(at, at + PIECE))
      return { done: report.done, counts: report.counts }
    },
  ),
  /** What was done there, as lines of JSON without secrets. */
  'portal.history': operation(Type.Object(portal, closed), async (_context, args, exchange) => {
    let bytes = 0
    await withPortal({ from: withPassword(args.from, args.password), zone: args.zone }, async (source) => {
      for await (const lines of historyLines(source)) {
        exchange.signal.throwIfAborted()
        const piece = Buffer.from(lines)
        bytes += piece.length
        await exchange.write(piece)
      }
    })
    return { bytes }
  }),
  'member.import': operation(
    Type.Object({ group: text, do: Type.Boolean(), skip_bad: Type.Boolean(), quiet: Type.Boolean() }, closed),
    async (context, args, exchange) => {
      const { group, do: perform, skip_bad: skipBad, quiet } = args
      const file = await wholeBody(exchange.body)
      return await importMembers(context, { ...BY_OPERATOR, group, file, perform, skipBad, quiet })
    },
  ),
  'member.welcome': operation(Type.Object({ group: text }, closed), async (context, { group }) => {
    const { welcomed, withoutAddress } = await welcomeMembers(context, { ...BY_OPERATOR, group })
    return { group, welcomed, without_address: withoutAddress }
  }),
} as const

function splitPair(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function statePair(text: string): readonly [string, MemberState] {
  const [there, here] = splitPair(text)
  if (here !== undefined && isMemberState(here)) return [there, here]
  throw new BadRequestError('bad_state', `${JSON.stringify(text)}: write it as THERE=STATE, with one of our ten states`)
}

function withPassword(from: string, password: string | undefined): string {
  if (password === undefined) return from
  const url = URL.parse(from)
  // without a host there is no place for a password, and it would be lost without a word
  if (!url || url.host === '')
    throw new BadRequestError(
      'bad_url',
      'to give a password, write the other database as postgres://user@host/database',
    )
  url.password = encodeURIComponent(password)
  return url.href
}

async function wholeBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > MAX_FILE) throw new TooLargeError('a file of members has at most 5 MiB: send it in several files')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
