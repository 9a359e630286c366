import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { table } from '../../server/portal/components/table.ts'
import { html } from '../../server/portal/html.ts'

const flat = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('> <', '><')

describe('a table', () => {
  it('names its rows by their first cell, and says of each cell what column it is of', () => {
    const { text } = table({
      caption: 'Members',
      columns: [{ label: 'Name' }, { label: 'Posts', numeric: true }],
      rows: [['Ana <b>', 7]],
    })
    assert.ok(flat(text).includes('<th scope="row" data-label="Name">Ana &lt;b&gt;</th>'), text)
    assert.ok(flat(text).includes('<td data-label="Posts" class="numeric">7</td>'), text)
  })

  it('has no heading without words: a column of buttons has none, and is no name of a row', () => {
    const { text } = table({ caption: 'C', columns: [{ label: '' }], rows: [[html`<i>x</i>`]] })
    assert.doesNotMatch(text, /<th\b/)
    assert.ok(flat(text).includes('<td data-label=""><i>x</i></td>'), text)
  })

  it('marks the rows that are chosen and the column that it is sorted by', () => {
    const { text } = table({
      caption: 'C',
      columns: [{ label: 'Name', sort: { path: '?sort=name', order: 'descending' } }],
      rows: [{ cells: ['a'], selected: true }, ['b']],
    })
    assert.equal(text.match(/class="selected"/g)?.length, 1)
    assert.match(flat(text), /aria-sort="descending"> ?<a href="\?sort=name">Name<\/a>/)
  })
})
