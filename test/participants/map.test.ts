import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readBlock, readDomain, refang } from '../../policies/network-name.ts'
import { compileParticipantMap, mapChanges, type ParticipantEntry } from '../../policies/participant-map.ts'
import {
  mapFormOf,
  readMapFile,
  writeMapCsv,
  writeMapText,
  writeMapYaml,
  writeSilkPrefixMap,
} from '../../policies/participant-map-file.ts'

/** The example of the concept of operations of DIMS. */
export const REGION = `156.74.0.0/16 CTYSEA CTYSEA
.seattle.gov CTYSEA CTYSEA
.seattle.wa.gov CTYSEA CTYSEA
.seattle.wa.us CTYSEA CTYSEA
192.103.189.0/24 PORTTAC PORTTAC
66.113.101.0/24 PORTTAC PORTTAC
.portoftacoma.com PORTTAC PORTTAC
174.127.160.0/24 COB BELLWA
12.17.152.0/23 COB BELLWA
.bellevue.gov COB BELLWA
.ci.bellevue.wa.us COB BELLWA
`

function entriesOf(text: string, form: Parameters<typeof readMapFile>[1] = 'text'): readonly ParticipantEntry[] {
  const read = readMapFile(text, form)
  assert.ok(read.ok, JSON.stringify(read))
  return read.entries
}

describe('the map of the region', () => {
  const map = compileParticipantMap(entriesOf(REGION))
  const label = (text: string) => map.siteOf(text)?.participant

  it('finds a participant by the longest prefix and by the end of a name', () => {
    assert.equal(label('156.74.144.70'), 'CTYSEA')
    assert.equal(label('12.17.153.255'), 'BELLWA')
    assert.equal(label('edge7.seattle.gov'), 'CTYSEA')
    assert.equal(label('www.ci.bellevue.wa.us'), 'BELLWA')
    assert.equal(map.siteOf('12.17.152.1')?.site, 'COB')
  })

  it('everybody else is no friend', () => {
    for (const text of [
      '12.17.154.0',
      '12.17.151.255',
      'notbellevue.gov',
      'gov',
      'bellevue.gov.example.net',
      '',
      '.',
      'x y',
    ]) {
      assert.equal(map.siteOf(text), undefined, text)
    }
  })

  it('a leading dot stands for the domain and for everything below it', () => {
    for (const text of ['bellevue.gov', 'a.bellevue.gov', 'a.b.c.bellevue.gov'])
      assert.equal(label(text), 'BELLWA', text)
  })

  it('case, dots at the end, defanging, ports, URLs and addresses of mail make no difference', () => {
    for (const text of [
      'EDGE7.Seattle.GOV.',
      'edge7[.]seattle[.]gov',
      'edge7(.)seattle.gov',
      'edge7[dot]seattle[dot]gov',
      'hxxps://edge7.seattle[.]gov/path?x=1',
      'hXXp[://]edge7.seattle.gov:8443',
      'someone@seattle.gov',
      'someone[at]seattle[.]gov',
      '156[.]74[.]144[.]70',
      '156.74.144.70:443',
      'http://user:x@156.74.144.70/a',
      '::ffff:156.74.144.70',
      '[::ffff:9c4a:9046]:80',
      '156.74.8.0/22',
    ]) {
      assert.equal(label(text), 'CTYSEA', text)
    }
    assert.equal(label('156.0.0.0/8'), undefined, 'a block that is wider than the participant')
  })

  it('IPv6, names in other scripts, and a plain domain that is only itself', () => {
    const more = compileParticipantMap(
      entriesOf(
        '2001:db8::/32 A\n2001:DB8:0:1::/64 B\n.bücher.example C\nonly.example D\n.only.example E\n10.0.0.1 F\n10.0.0.0/8 G',
      ),
    )
    const site = (text: string) => more.siteOf(text)?.site
    assert.equal(site('2001:db8::5'), 'A')
    assert.equal(site('2001:0db8:0000:0001:0000:0000:0000:0005'), 'B')
    assert.equal(site('[2001:db8:0:1::5]:443'), 'B')
    assert.equal(site('www.xn--bcher-kva.example'), 'C')
    assert.equal(site('WWW.BÜCHER.example'), 'C')
    assert.equal(site('www.bücher。example'), 'C')
    assert.equal(site('only.example'), 'D')
    assert.equal(site('a.only.example'), 'E')
    assert.equal(site('10.0.0.1'), 'F')
    assert.equal(site('10.0.0.2'), 'G')
  })

  it('is the same whichever form it was written in', () => {
    const entries = entriesOf(`${REGION}2001:db8::/32 V6 V6 TLP:GREEN\n198.51.100.0/24 COB OTHER amber+strict\n`)
    assert.deepEqual(entriesOf(writeMapText(entries)), entries)
    assert.deepEqual(entriesOf(writeMapCsv(entries), 'csv'), entries)
    assert.deepEqual(entriesOf(writeMapYaml(entries), 'yaml'), entries)
    assert.equal(mapFormOf(writeMapText(entries)), 'text')
    assert.equal(mapFormOf(writeMapCsv(entries)), 'csv')
    assert.equal(mapFormOf(writeMapYaml(entries)), 'yaml')
  })

  it('is read from YAML with cidr, domain and tlp per participant', () => {
    const yaml = `---
CTYSEA:
  cidr: 156.74.0.0/16
  domain:
    - .seattle.gov
  tlp: amber
BELLWA:
  site: COB
  cidr: [174.127.160.0/24, 12.17.152.0/23]
`
    assert.deepEqual(entriesOf(yaml, 'yaml'), [
      { block: '12.17.152.0/23', site: 'COB', participant: 'BELLWA' },
      { block: '156.74.0.0/16', site: 'CTYSEA', participant: 'CTYSEA', tlp: 'TLP:AMBER' },
      { block: '174.127.160.0/24', site: 'COB', participant: 'BELLWA' },
      { block: '.seattle.gov', site: 'CTYSEA', participant: 'CTYSEA', tlp: 'TLP:AMBER' },
    ])
  })

  it('makes the prefix map of SiLK, without names', () => {
    const silk = writeSilkPrefixMap(entriesOf(`${REGION}2001:db8::/32 V6`), 'ipv4')
    assert.equal(
      silk,
      'map-name participant\ndefault EXTERNAL\nmode ipv4\n12.17.152.0/23 BELLWA\n66.113.101.0/24 PORTTAC\n156.74.0.0/16 CTYSEA\n174.127.160.0/24 BELLWA\n192.103.189.0/24 PORTTAC\n',
    )
    assert.match(writeSilkPrefixMap(entriesOf('2001:db8::/32 V6'), 'ipv6'), /mode ipv6\n2001:db8::\/32 V6\n$/)
  })

  it('names every problem with its line, field and fix', () => {
    const read = readMapFile(
      'a.example ONE\n\n# a remark\na.example TWO # twice\n10.0.0.1/8 X\n0.0.0.0/0 X\nb.example bad!site\nc.example C C purple\nd.example D D red red\ncom Y\ngov.uk Z\na.example ONE',
      'text',
    )
    assert.ok(!read.ok)
    const found = read.problems.map(({ line, field, problem }) => `${line} ${field}: ${problem}`)
    const wanted = [
      /^4 block: a\.example is in line 1 already, for ONE: keep one of the two/,
      /^5 block: "10\.0\.0\.1\/8" has bits set behind its prefix: write 10\.0\.0\.0\/8, or 10\.0\.0\.1 alone/,
      /^6 block: .*every address/,
      /^7 site: .*"bad!site" is none/,
      /^8 tlp: "purple" is no TLP label/,
      /^9 file: there are 5 words/,
      /^10 block: .*single label/,
      /^11 block: .*everybody registers/,
    ]
    assert.equal(found.length, wanted.length, found.join('\n'))
    for (const [i, pattern] of wanted.entries()) assert.match(found[i] ?? '', pattern)
  })

  it('broken YAML, aliases, tags and deep nonsense are problems, not faults', () => {
    for (const yaml of [
      'a: [',
      '- - -',
      'a: &x 1\nb: *x',
      'x',
      'A:\n  cidr: {a: b}\n',
      'A:\n  wrong: 1\n',
      '!!js/function "x"',
    ]) {
      assert.ok(!readMapFile(yaml, 'yaml').ok, yaml)
    }
    assert.ok(readMapFile('', 'yaml').ok)
  })

  it('says what changed from one version to the next', () => {
    const before = entriesOf('10.0.0.0/8 A\n.x.example B')
    const after = entriesOf('10.0.0.0/8 A LABEL\n.y.example B')
    const { added, removed, changed } = mapChanges(before, after)
    assert.deepEqual(
      added.map(({ block }) => block),
      ['.y.example'],
    )
    assert.deepEqual(
      removed.map(({ block }) => block),
      ['.x.example'],
    )
    assert.deepEqual(
      changed.map(({ before: was, after: is }) => [was.participant, is.participant]),
      [['A', 'LABEL']],
    )
  })
})

describe('blocks and names', () => {
  it('are normalised', () => {
    for (const [written, text] of [
      ['198.51.100.7', '198.51.100.7/32'],
      [' 198.51.100.0/24 ', '198.51.100.0/24'],
      ['2001:DB8::1', '2001:db8::1/128'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
      ['::ffff:198.51.100.0/120', '198.51.100.0/24'],
    ] as const) {
      const read = readBlock(written)
      assert.equal(read.ok && read.value.text, text)
    }
    for (const [written, text] of [
      ['City.Example.', 'city.example'],
      ['.CITY.example', '.city.example'],
      ['straße.example', 'xn--strae-oqa.example'],
      ['city[.]example', 'city.example'],
    ] as const) {
      const read = readDomain(written)
      assert.equal(read.ok && read.value.text, text)
    }
  })

  it('what could be meant otherwise is refused', () => {
    for (const text of [
      '010.0.0.1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.2.3.4/33',
      '1.2.3.4/08',
      '::/0',
      'fe80::1%eth0',
      '1::2::3',
      '0x7f.1.1.1',
      '2130706433',
      '1.2.3.4/24/8',
      '',
    ]) {
      assert.ok(!readBlock(text).ok, text)
    }
    for (const text of [
      'a b.example',
      'a..example',
      '-a.example',
      'a.example/x',
      'user@a.example',
      'a.0x4',
      'a.123',
      'al\u202eice.example',
      `${'x'.repeat(64)}.example`,
      `${'abcdef.'.repeat(40)}example`,

      '..a.example',
      '*.a.example',
      'wa.us',
      'co.uk',
    ]) {
      assert.ok(!readDomain(text).ok, text)
    }
  })

  it('no text breaks the reader, and reading its own words again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        refang(text)
        for (const read of [readBlock(text), readDomain(text)]) {
          if (!read.ok) continue
          const again = read.value.kind === 'block' ? readBlock(read.value.text) : readDomain(read.value.text)
          assert.deepEqual(again, read)
        }
      }),
    )
  })
})

describe('against a model that tries every entry', () => {
  const octets = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(255), fc.nat(255))
  const v4 = fc.tuple(octets, fc.integer({ min: 1, max: 32 })).map(([parts, length]) => {
    const bits = ((parts[0] * 256 + parts[1]) * 256 + parts[2]) * 256 + parts[3]
    const start = Number((BigInt(bits) >> BigInt(32 - length)) << BigInt(32 - length))
    return {
      text: `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${length}`,
      start,
      length,
    }
  })
  const labels = fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { minLength: 2, maxLength: 5 })
  const name = labels.map((parts) => parts.join('.'))
  const dotted = fc.tuple(fc.constantFrom('', '.'), name).map(([dot, text]) => dot + text)

  it('addresses', () => {
    fc.assert(
      fc.property(fc.uniqueArray(v4, { selector: ({ text }) => text, maxLength: 40 }), octets, (blocks, parts) => {
        const map = compileParticipantMap(
          blocks.map(({ text }, i) => ({ block: text, site: `S${i}`, participant: `S${i}` })),
        )
        const address = ((parts[0] * 256 + parts[1]) * 256 + parts[2]) * 256 + parts[3]
        const around = blocks
          .map((block, i) => ({ ...block, site: `S${i}` }))
          .filter(({ start, length }) => address >= start && address < start + 2 ** (32 - length))
          .toSorted((x, y) => y.length - x.length)
        assert.equal(map.siteOf(parts.join('.'))?.site, around[0]?.site)
      }),
    )
  })

  it('names', () => {
    fc.assert(
      fc.property(fc.uniqueArray(dotted, { maxLength: 30 }), name, (names, asked) => {
        const map = compileParticipantMap(names.map((block, i) => ({ block, site: `S${i}`, participant: `S${i}` })))
        const around = names
          .map((block, i) => ({ block, site: `S${i}` }))
          .filter(({ block }) => block === asked || (block.startsWith('.') && `.${asked}`.endsWith(block)))
          .toSorted((x, y) => depth(y.block) - depth(x.block))
        assert.equal(map.siteOf(asked)?.site, around[0]?.site)
      }),
    )
  })

  /** The longer name is nearer; of `x` and `.x` the plain one. */
  function depth(block: string): number {
    return block.replace(/^\./, '').split('.').length * 2 + (block.startsWith('.') ? 0 : 1)
  }
})

it('twenty thousand entries answer a hundred thousand questions in bounded time', { timeout: 20_000 }, () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => {
    const site = `S${i % 50}`
    const block = i % 2 === 0 ? `10.${(i >> 8) & 255}.${i & 255}.0/24` : `.host-${i}.city.example`
    return { block, site, participant: site }
  })
  const map = compileParticipantMap(entries)
  let found = 0
  for (let i = 0; i < 100_000; i += 1) {
    const asked = i % 2 === 0 ? `10.${(i >> 8) & 255}.${i & 255}.9` : `www.host-${i % 40_000}.city.example`
    if (map.siteOf(asked)) found += 1
  }
  assert.ok(found > 20_000)
})
