import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { html, NOTHING } from '../../server/portal/html.ts'

/** Text that is more often than not out of what ends an attribute, a tag or a comment. */
const hostile = fc
  .array(
    fc.oneof(fc.constantFrom('<', '>', '&', '"', "'", '`', '=', '/', '-->', '<script>', '&lt;', '\0'), fc.string()),
  )
  .map((parts) => parts.join(''))

/** Undoes the five escapes, as a browser does. */
function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name] ?? '')
}

describe('the template escapes', () => {
  it('whatever text: nothing in it can end a tag or an attribute, and nothing is lost', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const piece = html`${text}`.text
        assert.doesNotMatch(piece, /[<>"']/)
        assert.doesNotMatch(piece, /&(?!amp;|lt;|gt;|quot;|#39;)/)
        assert.equal(unescaped(piece), text)
      }),
    )
  })

  it('text in lists, however deep, and pieces once only', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (texts) => {
        const nested = html`<p>${[texts, [texts.map((text) => html`<b>${text}</b>`)]]}</p>`.text
        const plain = texts.map((text) => html`${text}`.text)
        assert.equal(nested, `<p>${plain.join('')}${plain.map((text) => `<b>${text}</b>`).join('')}</p>`)
        assert.equal(html`${html`${texts}`}`.text, html`${texts}`.text)
      }),
    )
  })

  it('an attribute keeps its one value', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = /^<a title="([^"]*)">x<\/a>$/.exec(html`<a title="${text}">x</a>`.text)
        assert.equal(unescaped(found?.[1] ?? 'none'), text)
      }),
    )
  })

  it('nothing leaves nothing', () => {
    assert.equal(html`a${undefined}b${false}c${NOTHING}d${[]}e${''}f${0}`.text, 'abcdef0')
  })
})
