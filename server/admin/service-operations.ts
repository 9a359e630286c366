import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import { NotFoundError } from '../errors.ts'
import { giveGroupRoot } from '../members/group-roots.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { endServiceAccount, makeServiceAccount } from '../members/service-accounts.ts'
import { listServices } from '../members/service-accounts-list.ts'
import { baseUrl } from './base-url.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** Programs of members, and the collections of groups that they use. */
export const serviceOperations = {
  'service.list': operation(Type.Object({ owner: Type.Optional(text) }, closed), async ({ database }, { owner }) => {
    const listed = await listServices(database, owner === undefined ? 'everybody' : { owner })
    return {
      services: listed.map((each) => ({
        account: each.account,
        owner: each.owner,
        group: each.group,
        can_write: each.canWrite,
        purpose: each.purpose,
        created: timestampOf(each.createdMicros),
        last_used: each.usedMicros === undefined ? null : timestampOf(each.usedMicros),
      })),
    }
  }),
  'service.add': operation(
    Type.Object(
      { owner: text, group: text, name: text, can_write: Type.Boolean(), purpose: Type.Optional(text) },
      closed,
    ),
    (context, { can_write: canWrite, ...args }) => makeServiceAccount(context, { ...BY_OPERATOR, ...args, canWrite }),
  ),
  'service.end': operation(Type.Object({ account: text }, closed), async (context, { account }) => {
    const listed = await listServices(context.database, 'everybody')
    const owner = listed.find((each) => each.account === account)?.owner
    if (owner === undefined) throw new NotFoundError(`a program ${JSON.stringify(account)} that works`)
    await endServiceAccount(context, { ...BY_OPERATOR, owner, account })
    return { account, ended: true }
  }),
  'group.give_collections': operation(Type.Object({ group: text }, closed), async (context, { group }) => {
    const { api_root } = await giveGroupRoot(context, { ...BY_OPERATOR, group })
    return { group, api_root, url: `${baseUrl(context)}${api_root}` }
  }),
} as const
