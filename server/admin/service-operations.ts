import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import { NotFoundError } from '../errors.ts'
import { giveGroupRoot } from '../members/group-roots.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { endServiceAccount, makeServiceAccount } from '../members/service-accounts.ts'
import { listServices } from '../members/service-accounts-list.ts'
import { baseUrl } from './base-url.ts'
import { accountOf, groupOf } from './named.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** Programs of members, and the collections of groups that they use. */
export const serviceOperations = {
  'service.list': operation(Type.Object({ owner: Type.Optional(text) }, closed), async (context, { owner }) => {
    if (owner !== undefined) await accountOf(context, owner)
    const listed = await listServices(context.database, owner === undefined ? 'everybody' : { owner })
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
    async (context, { can_write: canWrite, ...args }) => {
      await groupOf(context, args.group)
      return await makeServiceAccount(context, { ...BY_OPERATOR, ...args, canWrite })
    },
  ),
  'service.end': operation(Type.Object({ account: text }, closed), async (context, { account }) => {
    const [service] = await listServices(context.database, { account })
    if (!service) {
      throw new NotFoundError(`a program ${JSON.stringify(account)} that works`, 'see "vouchsafe member services"')
    }
    const { owner } = service
    await endServiceAccount(context, { ...BY_OPERATOR, owner, account })
    return { account, ended: true }
  }),
  'group.give_collections': operation(Type.Object({ group: text }, closed), async (context, { group }) => {
    await groupOf(context, group)
    const { api_root } = await giveGroupRoot(context, { ...BY_OPERATOR, group })
    return { group, api_root, url: `${baseUrl(context)}${api_root}` }
  }),
} as const
