import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { EN } from '../../server/portal/words/en/index.ts'
import { type Onlooker, portalFixture } from '../support/portal-fixture.ts'
import { visitablePaths } from '../support/portal-pages.ts'

/** Wraps every text of the catalogue, before anything is served: what is then without brackets comes from elsewhere. */
function bracket(words: object): void {
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') Reflect.set(words, key, `⟦${value}⟧`)
    else if (typeof value === 'function') {
      const made = value as (...values: unknown[]) => unknown
      Reflect.set(words, key, (...values: unknown[]) => bracketed(made(...values)))
    } else if (typeof value === 'object' && value !== null) bracket(value)
  }
}

function bracketed(made: unknown): unknown {
  return typeof made === 'string' ? `⟦${made}⟧` : made
}

bracket(EN)
const site = await portalFixture()
after(() => site.close())

/** Pages whose texts are data. */
const DATA_PAGES: Readonly<Record<string, string>> = {
  '/_style': 'its samples are made up, as data is',
  '/setup/machine': 'what the doctor says, word for word as on the command line',
  '/api/docs': 'made from the schemas of the API, which are in English for programmers',
}

/** What people and machines have entered, names that are the same in every language, and units. */
const DATA =
  /https?:\/\/[\w.:]+|Vouchsafe|v?\d+\.\d+\.\d+(?:-g[0-9a-f]+)?|Dana Whitehorse|Ana Ruiz|Boris Vance|Chidi Okafor|Emil Sandoval|Robin Achterberg|[a-z]+\.[a-z]+@example\.org|admin@example\.org|\b(?:dana\.whitehorse|boris\.vance|ana\.ruiz|chidi\.okafor|emil\.sandoval|admin)\b|Harbour watch|harbour-watch|Clinics north|clinics-north|Ports, pilots and terminals between the bar and the bridge\.|Hospitals and clinics north of the river\.|Firefox on Linux|English|Español|TLP:[A-Z+]+|\b127\.0\.0\.1\b|\bUTC\b/g

/** Texts of a page that are in no brackets. */
function strangers(text: string): readonly string[] {
  const body = text
    .slice(text.indexOf('<body'))
    // what people see as it is: code, times, names of zones
    .replaceAll(/<(code|pre|kbd|samp|time|script|option)\b[^>]*>[\s\S]*?<\/\1>/g, '')
  const spoken = [...body.matchAll(/\s(?:aria-label|placeholder|title|alt|data-label)="([^"]*)"/g)].map(
    ([, value]) => value ?? '',
  )
  const shown = body.replaceAll(/<[^>]*>/g, '\n').split('\n')
  return [...spoken, ...shown]
    .map(outsideBrackets)
    .map((each) => each.replaceAll(/&[a-z#\d]+;/g, ' ').replaceAll(DATA, ''))
    .filter((each) => /\p{L}/u.test(each))
    .map((each) => each.trim())
}

/** Brackets can be within brackets: a text that takes another as its value. */
function outsideBrackets(text: string): string {
  let depth = 0
  let outside = ''
  for (const character of text) {
    if (character === '⟦') depth += 1
    else if (character === '⟧') depth = Math.max(0, depth - 1)
    else if (depth === 0) outside += character
  }
  return outside
}

describe('every text of a page is in the catalogue', () => {
  for (const who of ['visitor', 'member', 'administrator'] satisfies Onlooker[]) {
    it(`as ${who}`, async () => {
      const client = await site.clientOf(who)
      const found: string[] = []
      for (const path of [...visitablePaths(), '/site/nothing-here']) {
        if (path in DATA_PAGES) continue
        const response = await client.once(path)
        const text = await response.text()
        if (!response.headers.get('content-type')?.startsWith('text/html')) continue
        for (const stranger of new Set(strangers(text))) found.push(`${path}: ${stranger}`)
      }
      assert.deepEqual(found, [])
    })
  }
})
