import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { accentOf } from '../../server/portal/accent.ts'
import { contrast, rgbOf } from '../../server/portal/contrast.ts'

const sheet = readFileSync(new URL('../../server/portal/assets/portal.css', import.meta.url), 'utf8')
const TOKEN = /--([a-z-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g
const tokens = new Map(
  [...sheet.matchAll(TOKEN)].map(([, name = '', light, dark, both]) => [
    name,
    { light: light ?? both ?? '', dark: dark ?? both ?? '' },
  ]),
)

const THEMES = ['light', 'dark'] as const
const TEXT = 4.5
const PART = 3

const value = (name: string, theme: (typeof THEMES)[number]) => {
  const token = tokens.get(name)
  assert.ok(token, `--${name} is a colour in portal.css`)
  return rgbOf(token[theme])
}

const GROUNDS = ['paper', 'surface', 'raised']

/** Text or part, where it stands, and how well it must be seen (WCAG 2.2: 1.4.3, 1.4.11). */
const PAIRS: readonly (readonly [what: string, on: readonly string[], least: number])[] = [
  ['ink', [...GROUNDS, 'accent-soft', 'good-soft', 'warn-soft', 'bad-soft'], 7],
  ['soft', GROUNDS, TEXT],
  ['accent', [...GROUNDS, 'accent-soft'], TEXT],
  ['accent-ink', ['accent'], TEXT],
  ['danger-ink', ['danger'], TEXT],
  ['danger', GROUNDS, TEXT],
  ['good', [...GROUNDS, 'good-soft'], TEXT],
  ['warn', [...GROUNDS, 'warn-soft'], TEXT],
  ['bad', [...GROUNDS, 'bad-soft'], TEXT],
  ['line', GROUNDS, PART],
  ['bar-ink', ['bar'], 7],
  ['bar-soft', ['bar'], TEXT],
]

describe('colours can be told apart', () => {
  for (const theme of THEMES) {
    for (const [what, grounds, least] of PAIRS) {
      it(`${what} on ${grounds.join(', ')} in ${theme}`, () => {
        for (const ground of grounds) {
          const ratio = contrast(value(what, theme), value(ground, theme))
          assert.ok(ratio >= least, `${what} on ${ground}: ${ratio.toFixed(2)} is below ${least}`)
        }
      })
    }
  }

  it('labels have the colours of FIRST on black', () => {
    for (const colour of ['#ff2b2b', '#ffc000', '#33ff00']) assert.ok(sheet.includes(`color: ${colour};`), colour)
    assert.match(sheet, /\.tlp \{[^}]*background: #000;\s+color: #fff;/)
  })

  it('whatever colour a site chooses, its shades can be read', () => {
    const part = fc.integer({ min: 0, max: 255 }).map((number) => number.toString(16).padStart(2, '0'))
    const colour = fc.tuple(part, part, part).map((parts) => `#${parts.join('')}`)
    fc.assert(
      fc.property(colour, (wished) => {
        const shades = accentOf(wished)
        for (const theme of THEMES) {
          const { accent, ink, soft } = shades[theme]
          for (const ground of GROUNDS) assert.ok(contrast(rgbOf(accent), value(ground, theme)) >= TEXT)
          assert.ok(contrast(rgbOf(ink), rgbOf(accent)) >= TEXT)
          assert.ok(contrast(rgbOf(accent), rgbOf(soft)) >= TEXT)
          assert.ok(contrast(value('ink', theme), rgbOf(soft)) >= TEXT)
        }
      }),
      { examples: [['#ffff00'], ['#000000'], ['#ffffff'], ['#ff2b2b'], ['#33ff00'], ['#808080']] },
    )
  })
})
