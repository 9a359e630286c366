import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { logoFile } from './logo-file.ts'
import { UsageError } from './usage-error.ts'

const LANGUAGES = ['en', 'es'] as const
const SHAPE =
  '{"name": text, "region": text, "contact": text, "colour": text, "language": text, "second_factor": boolean, "logo": boolean, "mail": text, "setup_finished": boolean}'

/** `vouchsafe site ...`. */
export const siteCommands: readonly Command[] = [
  {
    words: ['site', 'show'],
    summary: 'Show the settings that administrators change in the portal',
    details: ['What the server needs to start is elsewhere: "vouchsafe config show".'],
    examples: ['vouchsafe site show'],
    json: SHAPE,
    async run(invocation) {
      show(invocation, await invocation.withAdmin((admin) => admin.call('site.show', {})))
      return EXIT.ok
    },
  },
  {
    words: ['site', 'set'],
    summary: 'Change settings of the site; those that are not named stay',
    details: [
      'They hold at once, in a running server too. An empty value takes one away, as in --region "".',
      'Before everybody needs a second factor, see that an administrator has one.',
    ],
    options: {
      name: { kind: 'text', value: 'TEXT', meaning: 'name of the site, in titles and notices' },
      region: { kind: 'text', value: 'TEXT', meaning: 'whom it serves' },
      contact: { kind: 'text', value: 'TEXT', meaning: 'whom members ask for help' },
      colour: { kind: 'text', value: '#RRGGBB', meaning: 'of links and buttons; made darker or lighter to be legible' },
      language: { kind: 'text', value: 'CODE', meaning: 'en or es, for visitors whose browser asks for neither' },
      'second-factor': { kind: 'text', value: 'on|off', meaning: 'whether everybody needs a second factor' },
      logo: { kind: 'text', value: 'FILE', meaning: 'PNG, JPEG or WebP, up to 1024 pixels a side' },
      'no-logo': { kind: 'flag', meaning: 'take the logo away' },
    },
    examples: [
      'vouchsafe site set --name "Estuary sharing group" --region "Estuary"',
      'vouchsafe site set --second-factor on --json',
    ],
    json: SHAPE,
    async run(invocation) {
      const settings = settingsOf(invocation)
      const logo = invocation.text('logo')
      const noLogo = invocation.flag('no-logo')
      const named = Object.values(settings).some((value) => value !== undefined)
      if (logo !== undefined && noLogo) throw new UsageError('--logo and --no-logo exclude each other')
      if (!named && logo === undefined && !noLogo) {
        throw new UsageError('site set needs at least one setting: see "vouchsafe site set --help"')
      }
      const picture = logo === undefined ? undefined : await logoFile(logo)
      const now = await invocation.withAdmin(async (admin) => {
        if (named) await admin.call('site.set', settings)
        if (picture) await admin.upload('site.set_logo', {}, picture())
        if (noLogo) await admin.call('site.remove_logo', {})
        return await admin.call('site.show', {})
      })
      show(invocation, now)
      return EXIT.ok
    },
  },
]

function settingsOf(invocation: Invocation) {
  const wanted = invocation.text('language')
  const language = LANGUAGES.find((each) => each === wanted)
  if (wanted !== undefined && !language) throw new UsageError(`--language is one of ${LANGUAGES.join(', ')}`)
  const secondFactor = invocation.text('second-factor')
  if (secondFactor !== undefined && secondFactor !== 'on' && secondFactor !== 'off') {
    throw new UsageError('--second-factor is on or off')
  }
  return {
    name: invocation.text('name'),
    region: invocation.text('region'),
    contact: invocation.text('contact'),
    colour: invocation.text('colour')?.toLowerCase(),
    language,
    secondFactor: secondFactor === undefined ? undefined : secondFactor === 'on',
  }
}

function show(invocation: Invocation, settings: Readonly<Record<string, string | boolean>>): void {
  const rows = Object.entries(settings).map(([name, value]) => [name.replaceAll('_', ' '), wordOf(value)])
  invocation.result(settings, columns(rows))
}

function wordOf(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === '' ? '-' : value
}
