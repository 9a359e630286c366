import { contrast, hexOf, mix, type Rgb, rgbOf } from './contrast.ts'

/** The shades of one colour that the style sheet uses in one theme, as `#rrggbb`. */
export interface Accent {
  /** Of links, of the main button, of marks. */
  readonly accent: string
  /** Of text on it. */
  readonly ink: string
  /** Behind what is chosen. */
  readonly soft: string
}

interface Theme {
  /** What the accent stands on; the same as in assets/portal.css. */
  readonly grounds: readonly Rgb[]
  readonly surface: Rgb
  readonly text: Rgb
  /** Of text on the accent. */
  readonly ink: Rgb
  /** Where the colour is moved until it can be read. */
  readonly towards: Rgb
  readonly softness: number
}

const LIGHT: Theme = {
  grounds: [rgbOf('#f1f3f5'), rgbOf('#ffffff'), rgbOf('#f6f8f9')],
  surface: rgbOf('#ffffff'),
  text: rgbOf('#131a20'),
  ink: rgbOf('#ffffff'),
  towards: rgbOf('#000000'),
  softness: 0.88,
}
const DARK: Theme = {
  grounds: [rgbOf('#0c1115'), rgbOf('#141b21'), rgbOf('#1b242b')],
  surface: rgbOf('#141b21'),
  text: rgbOf('#e3e9ed'),
  ink: rgbOf('#0a0f13'),
  towards: rgbOf('#ffffff'),
  softness: 0.8,
}

/** WCAG 2.2 AA for text. */
const READABLE = 4.5

/**
 * Makes the shades of a site's colour. The colour is a wish: it is moved towards black or white until text in it can be
 * read on every ground of the theme, so a site that chooses yellow gets ochre links on white.
 * @param colour `#rrggbb`
 */
export function accentOf(colour: string): { readonly light: Accent; readonly dark: Accent } {
  const wished = rgbOf(colour)
  return { light: shades(wished, LIGHT), dark: shades(wished, DARK) }
}

/** The rule that puts a site's colour in the place of our own. */
export function accentRule(colour: string): string {
  const { light, dark } = accentOf(colour)
  const both = (part: keyof Accent) => `light-dark(${light[part]}, ${dark[part]})`
  return `:root{--accent:${both('accent')};--accent-ink:${both('ink')};--accent-soft:${both('soft')}}`
}

function shades(wished: Rgb, { grounds, surface, text, ink, towards, softness }: Theme): Accent {
  for (let step = 0; step <= 50; step += 1) {
    const accent = mix(wished, towards, step / 50)
    const soft = mix(accent, surface, softness)
    const readable = [...grounds, soft, ink].every((ground) => contrast(accent, ground) >= READABLE)
    if (readable && contrast(text, soft) >= READABLE) {
      return { accent: hexOf(accent), ink: hexOf(ink), soft: hexOf(soft) }
    }
  }
  return { accent: hexOf(towards), ink: hexOf(ink), soft: hexOf(surface) }
}
