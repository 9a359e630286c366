import { columns } from './columns.ts'
import type { Command, Option, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { readProviderFile } from './provider-file.ts'
import { UsageError } from './usage-error.ts'

const NAME: Positional = { name: 'NAME', meaning: 'short name of the provider, as it stands in addresses' }
const SECRET: Option = {
  kind: 'flag',
  meaning: 'take the bind password or client secret from the first line of standard input',
}
const TITLE: Option = { kind: 'text', value: 'TEXT', meaning: 'as people read it on the button' }
const OUTSIDE: Positional = { name: 'OUTSIDE', meaning: 'the outside group: its DN, or its value in the claim' }
const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }

/** `vouchsafe provider ...`. */
export const providerCommands: readonly Command[] = [
  {
    words: ['provider', 'add'],
    summary: 'Set up an LDAP directory or an OpenID provider that signs people in',
    details: [
      'The file holds the settings as JSON; "provider show" prints them all, and what is not named has its usual value.',
      'An LDAP directory needs url and baseDn, an OpenID provider issuer and clientId. A new provider is paused: test it,',
      'then resume it.',
    ],
    positionals: [
      NAME,
      { name: 'KIND', meaning: 'ldap or oidc' },
      { name: 'FILE', meaning: 'its settings as a JSON object' },
    ],
    options: { title: TITLE, 'secret-stdin': SECRET },
    examples: [
      'echo bind-password | vouchsafe provider add city ldap city.json --title "City of Tacoma" --secret-stdin',
    ],
    json: '{"name": text, "kind": "ldap" or "oidc", "active": false}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const kind = invocation.positional('KIND')
      if (kind !== 'ldap' && kind !== 'oidc') throw new UsageError('the kind is ldap or oidc')
      const settings = await settingsFrom(invocation.positional('FILE'))
      const secret = await secretFrom(invocation)
      const title = invocation.text('title') ?? name
      const made = await invocation.withAdmin((admin) =>
        admin.call('provider.add', { name, kind, title, settings, secret }),
      )
      invocation.result(made, [
        `The provider ${name} is set up and paused. Try it: vouchsafe provider test ${name}`,
        `Then let it sign people in: vouchsafe provider resume ${name}`,
      ])
      return EXIT.ok
    },
  },
  {
    words: ['provider', 'list'],
    summary: 'List the sign-in providers and how they answered last',
    examples: ['vouchsafe provider list'],
    json: '{"providers": [{"name", "kind", "title", "active", "trouble": text or null, "checked": time or null}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('provider.list', {}))
      const rows = listed.providers.map((each) => [
        each.name,
        each.kind,
        each.active ? 'active' : 'paused',
        each.checked === null ? 'not asked yet' : (each.trouble ?? 'well'),
        each.title,
      ])
      invocation.result(listed, columns([['NAME', 'KIND', 'STATE', 'ANSWERED', 'TITLE'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['provider', 'show'],
    summary: 'Show the settings of a sign-in provider; never its secret',
    positionals: [NAME],
    examples: ['vouchsafe provider show city'],
    json: '{"name", "kind", "title", "active", "secret": whether one is kept, "settings": object, "groups": [{"outside_group", "group"}]}',
    async run(invocation) {
      const shown = await invocation.withAdmin((admin) =>
        admin.call('provider.show', { name: invocation.positional('NAME') }),
      )
      invocation.result(shown, JSON.stringify(shown, undefined, 2).split('\n'))
      return EXIT.ok
    },
  },
  {
    words: ['provider', 'change'],
    summary: 'Change settings, title or secret of a sign-in provider',
    details: [
      'What the file does not name stays. The secret must be given again when another server would be told it.',
    ],
    positionals: [NAME, { name: 'FILE', meaning: 'settings to change, as a JSON object', optional: true }],
    options: { title: TITLE, 'secret-stdin': SECRET },
    examples: ['vouchsafe provider change city city.json', 'vouchsafe provider change city --title "City of Tacoma"'],
    json: '{"name": text, "changed": true}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const [file] = invocation.positionals('FILE')
      const settings = file === undefined ? undefined : await settingsFrom(file)
      const [title, secret] = [invocation.text('title'), await secretFrom(invocation)]
      if (settings === undefined && title === undefined && secret === undefined) {
        throw new UsageError('provider change needs a file, --title or --secret-stdin')
      }
      const done = await invocation.withAdmin((admin) =>
        admin.call('provider.change', { name, title, settings, secret }),
      )
      invocation.result(done, [`The provider ${name} is changed. Try it: vouchsafe provider test ${name}`])
      return EXIT.ok
    },
  },
  {
    words: ['provider', 'test'],
    summary: 'Ask a sign-in provider as a sign-in would, step by step',
    details: ['Nobody’s password is needed: the account that searches, the certificate, people and groups are tried.'],
    positionals: [NAME],
    examples: ['vouchsafe provider test city'],
    json: '{"name", "works": true or false, "steps": [{"step", "outcome", "trouble", "cause", "remedy", "found": [text]}]}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const tested = await invocation.withAdmin((admin) => admin.call('provider.test', { name }))
      const lines = tested.steps.flatMap(({ step, outcome, cause, remedy, found }) => [
        `${step}: ${outcome === 'skipped' ? 'not tried' : outcome}`,
        ...(cause && remedy ? [`  ${cause}`, `  ${remedy}`] : []),
        ...found.map((each) => `  ${each}`),
      ])
      invocation.result(tested, lines)
      return tested.works ? EXIT.ok : EXIT.failed
    },
  },
  setActive('pause', false, 'Pause a sign-in provider: nobody signs in with it, nothing is deleted'),
  setActive('resume', true, 'Let a sign-in provider sign people in'),
  map(
    'map',
    'Let an outside group propose its people for a trust group',
    'Its people are proposed at their next sign-in.',
  ),
  map('unmap', 'End what "provider map" began', 'Proposals that wait are withdrawn at the next sign-in.'),
]

async function settingsFrom(path: string): Promise<Record<string, unknown>> {
  return { ...(await readProviderFile(path)) }
}

async function secretFrom(invocation: Invocation): Promise<string | undefined> {
  return invocation.flag('secret-stdin') ? await invocation.passwordFromInput() : undefined
}

function setActive(verb: string, active: boolean, summary: string): Command {
  return {
    words: ['provider', verb],
    summary,
    positionals: [NAME],
    examples: [`vouchsafe provider ${verb} city`],
    json: `{"name": text, "active": ${active}}`,
    run: async (invocation) => {
      const name = invocation.positional('NAME')
      const done = await invocation.withAdmin((admin) => admin.call('provider.set_active', { name, active }))
      invocation.result(done, [active ? `The provider ${name} signs people in.` : `The provider ${name} is paused.`])
      return EXIT.ok
    },
  }
}

function map(verb: 'map' | 'unmap', summary: string, after: string): Command {
  return {
    words: ['provider', verb],
    summary,
    details: ['Nobody becomes a member by this: a group administrator accepts or declines each proposal.'],
    positionals: [NAME, OUTSIDE, GROUP],
    examples: [`vouchsafe provider ${verb} city cn=soc,ou=groups,dc=city,dc=example harbour`],
    json: `{"name": text, "outside_group": text, "group": text, "mapped": ${verb === 'map'}}`,
    run: async (invocation) => {
      const name = invocation.positional('NAME')
      const [outsideGroup, group] = [invocation.positional('OUTSIDE'), invocation.positional('GROUP')]
      const done = await invocation.withAdmin((admin) => admin.call(`provider.${verb}`, { name, outsideGroup, group }))
      invocation.result(done, [after])
      return EXIT.ok
    },
  }
}
