import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { OPERATOR } from '../admin/operator.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Context } from '../context.ts'
import { DEMO_ROOT } from '../demo/is-demo.ts'
import { DEMO_READER, loadDemo } from '../demo/load-demo.ts'
import { addToken, revokeToken } from '../site/tokens.ts'
import { isNewSite } from '../site/is-new-site.ts'
import { listTokens } from '../site/list-tokens.ts'
import { byName } from '../admin/base-url.ts'
import { makeSetupLink } from '../site/setup-link.ts'
import { embeddedFolder } from '../storage/open.ts'
import { freePort } from './free-port.ts'
import type { Invocation } from './invocation.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'

const TOKEN_NAME = 'printed at start'
const TOKEN_DAYS = 7

/** Makes what is missing, serves, and prints what to do next. */
export async function startDemo(invocation: Invocation): Promise<void> {
  const { config, quiet } = await choosePort(invocation)
  const log = await invocation.log(config, quiet ? 'warnings' : 'as configured')
  if (!config.databaseUrl && !existsSync(join(embeddedFolder(config.dataFolder), 'PG_VERSION'))) {
    invocation.note(`creating the embedded database in ${config.dataFolder}`)
  }
  await serveUntilStopped(config, log, {
    create: true,
    prepare: async (context) => {
      if (!(await isNewSite(context))) return
      for (const { collection, label, released, withheld } of await loadDemo(context)) {
        invocation.note(
          `demonstration: ${collection} (${label}) has ${released} objects, ${withheld} are above its label`,
        )
      }
    },
    listening: (url, context) => announce(invocation, url, context),
    note: (message) => invocation.note(message),
    underNpm: invocation.isUnderNpm,
  })
}

/** A port that nobody chose may be another one when it is taken; a chosen one is kept. */
async function choosePort(invocation: Invocation): Promise<{ readonly config: Config; readonly quiet: boolean }> {
  const loaded = loadConfig(invocation.surroundings.env)
  if (!loaded.ok) return { config: await invocation.config(), quiet: true }
  const { config, given } = loaded
  const quiet = !given.has('log_level')
  if (given.has('listen_port')) return { config, quiet }
  const port = await freePort(config.listenPort, config.listenHost)
  return { config: port === config.listenPort ? config : await invocation.config({ listen_port: port }), quiet }
}

async function announce(invocation: Invocation, url: string, context: Context): Promise<void> {
  const { config } = context
  const here = reachable(url)
  const link = await makeSetupLink(context, { actor: OPERATOR })
  const setup_url = link ? `${config.publicUrl?.replace(/\/$/, '') ?? byName(here)}/setup/${link.token}` : null
  const token = await demoToken(context)
  const lines = token === null ? [] : curlLines(config, here, token)
  invocation.result({ listening: url, setup_url, token, try: lines }, [
    `listening on ${url}`,
    ...(link
      ? ['', `Make the first administrator. The link works once, until ${clockTime(link.expires)}:`, `  ${setup_url}`]
      : []),
    ...(token === null
      ? []
      : [
          '',
          `Look at the demonstration. The token is good for ${TOKEN_DAYS} days:`,
          ...lines.map((line) => `  ${line}`),
        ]),
    '',
    config.databaseUrl
      ? 'The data is in PostgreSQL.'
      : `The data is in ${config.dataFolder}, in the embedded database. For more than a trial, set DATABASE_URL.`,
    'Stop with Ctrl+C.',
  ])
}

/** Every address of the machine is none that one can go to. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//localhost:').replace('//[::]:', '//localhost:')
}

/** A new token for the lines to try: the text of earlier ones is nowhere kept, so those are revoked. */
async function demoToken(context: Context): Promise<string | null> {
  const { access } = await context.freshness.read()
  if (!access.accountNamed(DEMO_READER)?.active || !access.root(DEMO_ROOT)) return null
  for (const { name, number, state } of await listTokens(context, DEMO_READER)) {
    if (name === TOKEN_NAME && state === 'good') await revokeToken(context, { actor: OPERATOR, tokenNo: number })
  }
  const wanted = { account: DEMO_READER, label: TOKEN_NAME, scopes: ['taxii'], days: TOKEN_DAYS }
  return (await addToken(context, { actor: OPERATOR, ...wanted })).token
}

function curlLines(config: Config, here: string, token: string): readonly string[] {
  const trust = config.tls.selfSigned ? ` --cacert '${join(config.dataFolder, 'tls', 'self-signed.crt')}'` : ''
  // -g: curl would take the brackets of match[type] for a range of its own
  const curl = `curl -sg${trust} -H 'Authorization: Bearer ${token}'`
  const root = `${here}/${DEMO_ROOT}`
  return [
    `${curl} '${here}/taxii2/'`,
    `${curl} '${root}/collections/'`,
    `${curl} '${root}/collections/public/objects/?limit=3'`,
    `${curl} '${root}/collections/region/objects/?match[type]=report'`,
    `${curl} '${root}/collections/coordinators/manifest/?limit=5'`,
  ]
}

/** `2026-11-21T20:21:31.199890Z` as `20:21 UTC`. */
function clockTime(timestamp: string): string {
  return `${timestamp.slice(11, 16)} UTC`
}
