import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AssetKind, matchAssets, readAsset } from '../../policies/asset.ts'
import { readAssetFile } from '../../policies/asset-file.ts'

const value = (kind: AssetKind, written: string) => {
  const read = readAsset(kind, written)
  return read.ok ? read.value.value : undefined
}

describe('assets', () => {
  it('are normalised', () => {
    assert.equal(value('cidr', ' 198.51.100.7 '), '198.51.100.7/32')
    assert.equal(value('cidr', '2001:DB8::'), '2001:db8::/128')
    assert.equal(value('domain', '.Bücher.example.'), '.xn--bcher-kva.example')
    for (const written of ['AS64500', '64500', 'as 64500', '0.64500']) assert.equal(value('as', written), 'AS64500')
    assert.equal(value('as', '1.10'), 'AS65546')
    assert.equal(value('keyword', '  Port   of Tacoma '), 'port of tacoma')
    assert.equal(value('campaign', 'Dragon  2'), 'Dragon 2')
  })

  it('that are none say how they are mended', () => {
    const read = readAsset('cidr', '198.51.100.7/24')
    assert.ok(!read.ok)
    assert.match(read.problem, /write 198\.51\.100\.0\/24, or 198\.51\.100\.7 alone/)
    for (const [kind, written] of [
      ['as', 'AS0'],
      ['as', '4294967295'],
      ['as', '1.65536'],
      ['as', 'ASx'],
      ['keyword', 'ab'],
      ['keyword', 'x'.repeat(101)],
      ['keyword', 'al\u202eice'],
      ['campaign', ''],
      ['domain', 'localhost'],
      ['cidr', '::/0'],
    ] as const) {
      assert.ok(!readAsset(kind, written).ok, `${kind} ${written}`)
    }
  })

  it('are found in what comes in', () => {
    const matcher = matchAssets([
      { kind: 'cidr', value: '198.51.100.0/24' },
      { kind: 'cidr', value: '198.51.100.128/25' },
      { kind: 'domain', value: '.city.example' },
      { kind: 'as', value: 'AS64500' },
      { kind: 'keyword', value: 'port of tacoma' },
    ])
    assert.deepEqual(
      matcher.around('198.51.100.200').map((asset) => asset.value),
      ['198.51.100.128/25', '198.51.100.0/24'],
    )
    assert.deepEqual(
      matcher.around('hxxp://www[.]city[.]example/x').map((asset) => asset.value),
      ['.city.example'],
    )
    assert.deepEqual(matcher.around('othercity.example'), [])
    assert.equal(matcher.ofAs(64_500)?.value, 'AS64500')
    assert.equal(matcher.ofAs(6450), undefined)
    assert.equal(matcher.namedIn('They went for the PORT OF TACOMA first').length, 1)
  })
})

describe('a file of assets', () => {
  it('as CSV, with or without a head', () => {
    const file = readAssetFile(
      'kind,value,note\r\ncidr,198.51.100.0/24,"the ""old"" hall"\ncidr, 198.51.100.0/24 ,\ndomain,.city.example,\n',
    )
    assert.deepEqual(file.problems, [])
    assert.equal(file.doubles, 1)
    assert.deepEqual(file.assets, [
      { kind: 'cidr', value: '198.51.100.0/24', note: 'the "old" hall', line: 2 },
      { kind: 'domain', value: '.city.example', note: '', line: 4 },
    ])
    assert.equal(readAssetFile('as,64500\nkeyword,harbour').assets.length, 2)
  })

  it('as YAML of several users, with doubles and blanks at the ends of lines', () => {
    const cidrs = Array.from(
      { length: 700 },
      (_, i) => `    - 10.${(i % 650) >> 8}.${(i % 650) & 255}.0/24${i % 3 === 0 ? '  ' : ''}`,
    )
    const yaml = `---\nana:   \n  cidrs:\n${cidrs.join('\n')}\n  domains:\n    - .city.example \nbob:\n  cidrs: []\n  domains:\n    - .port.example\n  campaigns: [Dragon]\n`
    const ana = readAssetFile(yaml, 'ana')
    assert.deepEqual(ana.problems, [])
    assert.deepEqual([ana.assets.length, ana.doubles, ana.others], [651, 50, ['bob']])
    assert.deepEqual(
      readAssetFile(yaml, 'bob').assets.map((each) => each.value),
      ['.port.example', 'Dragon'],
    )
    assert.match(readAssetFile(yaml).problems[0]?.problem ?? '', /about "ana", "bob": say whose/)
    assert.equal(readAssetFile('cidrs:\n  - 10.0.0.0/8\nas: 64500').assets.length, 2)
  })

  it('says line and field of what it cannot take, and takes the rest', () => {
    const file = readAssetFile('cidr,10.0.0.1/8\nplanet,mars\nas,64500,' + 'x'.repeat(201) + '\ndomain,.ok.example')
    assert.deepEqual(
      file.problems.map(({ line, field }) => [line, field]),
      [
        [1, 'value'],
        [2, 'kind'],
        [3, 'note'],
      ],
    )
    assert.deepEqual(
      file.assets.map((each) => each.value),
      ['.ok.example'],
    )
    assert.deepEqual(
      readAssetFile('ana:\n  cidrs:\n    - 10.0.0.1/8\n').problems.map(({ line }) => line),
      [3],
    )
  })
})
