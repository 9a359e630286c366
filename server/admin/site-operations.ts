import { Type } from 'typebox'
import { migrate } from '../storage/migrate.ts'
import { makeSetupLink } from '../site/setup-link.ts'
import { baseUrl } from './base-url.ts'
import { operation } from './operation.ts'
import { OPERATOR } from './operator.ts'

const closed = { additionalProperties: false }

/** The site itself. */
export const siteOperations = {
  /** Answers with null when the site has an administrator already. */
  'site.setup_link': operation(Type.Object({}, closed), async (context) => {
    const link = await makeSetupLink(context, { actor: OPERATOR })
    return {
      setup_url: link ? `${baseUrl(context)}/setup/${link.token}` : null,
      expires: link ? link.expires : null,
    }
  }),
  'site.migrate': operation(Type.Object({ plan: Type.Boolean() }, closed), (context, args) =>
    migrate(context.database, args),
  ),
} as const
