import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { LogoError, MAX_LOGO_BYTES, removeLogo, setLogo } from '../site/logo.ts'
import { SETTINGS_SCHEMA, setSettings, siteSettings } from '../site/settings.ts'
import { makeSetupLink } from '../site/setup-link.ts'
import { migrate } from '../storage/migrate.ts'
import { pagesUrl } from './base-url.ts'
import { operation } from './operation.ts'
import { OPERATOR } from './operator.ts'

const closed = { additionalProperties: false }

/** Any text: what does not fit is refused with the rule of its setting, not with one of the wire. */
const text = Type.Optional(Type.String({ maxLength: 2000 }))

/** The site itself. */
export const siteOperations = {
  /** Answers with null when the site has an administrator already. */
  'site.setup_link': operation(Type.Object({}, closed), async (context) => {
    const link = await makeSetupLink(context, { actor: OPERATOR })
    return {
      setup_url: link ? `${pagesUrl(context)}/setup/${link.token}` : null,
      expires: link ? link.expires : null,
    }
  }),
  'site.show': operation(Type.Object({}, closed), (context) => shown(context)),
  'site.set': operation(
    Type.Object(
      {
        name: text,
        region: text,
        contact: text,
        colour: text,
        language: Type.Optional(SETTINGS_SCHEMA.properties.language),
        secondFactor: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    async (context, settings) => {
      await setSettings(context, { actor: OPERATOR, settings })
      return await shown(context)
    },
  ),
  /** The picture is the body. */
  'site.set_logo': operation(Type.Object({}, closed), async (context, _args, { body }) => {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body) {
      length += chunk.length
      if (length > MAX_LOGO_BYTES) throw new LogoError('too large')
      chunks.push(chunk)
    }
    await setLogo(context, { actor: OPERATOR, bytes: Buffer.concat(chunks) })
    return await shown(context)
  }),
  'site.remove_logo': operation(Type.Object({}, closed), async (context) => {
    await removeLogo(context, { actor: OPERATOR })
    return await shown(context)
  }),
  'site.migrate': operation(Type.Object({ plan: Type.Boolean() }, closed), (context, args) =>
    migrate(context.database, args),
  ),
} as const

/** The settings as of now, without secrets. */
async function shown({ freshness }: Pick<Context, 'freshness'>) {
  const { mail, logoTag, secondFactor, setupStep, ...settings } = siteSettings((await freshness.read()).access)
  return {
    ...settings,
    second_factor: secondFactor,
    logo: logoTag !== '',
    mail: mail.way === 'capture' ? 'kept in a folder' : `relay ${mail.host}:${mail.port}`,
    setup_finished: setupStep === 0,
  }
}
