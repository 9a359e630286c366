import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MAX_ASSET_TEXT, readAssetFile } from '../../policies/asset-file.ts'
import { readCsv } from '../../policies/delimited.ts'
import { readBlock } from '../../policies/network-name.ts'
import { readMapFile } from '../../policies/participant-map-file.ts'

/** Reading takes the server's one thread: what is read by comparing everything with everything would stop it for minutes. */
const MOST_MILLIS = 5_000

function promptly<T>(work: () => T): T {
  const from = performance.now()
  const result = work()
  const took = performance.now() - from
  assert.ok(took < MOST_MILLIS, `took ${Math.round(took)} ms`)
  return result
}

describe('a file made to stop the server', () => {
  it('of nothing but line ends is read at once', () => {
    assert.deepEqual(promptly(() => readAssetFile('\n'.repeat(MAX_ASSET_TEXT))).assets, [])
    assert.deepEqual(promptly(() => readAssetFile(`x\n${' \n'.repeat(MAX_ASSET_TEXT / 4)}`)).assets, [])
  })

  it('of nothing but quotes is read at once', () => {
    assert.equal(promptly(() => readCsv(`a${'"'.repeat(1_000_000)}`)).length, 1)
  })

  it('of very many keys is read at once', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: a`).join('\n')
    assert.ok(promptly(() => readAssetFile(keys)).problems.length > 0)
    assert.equal(promptly(() => readMapFile(keys, 'yaml')).ok, false)
  })

  it('nested deeper than anybody writes is refused', () => {
    assert.match(
      promptly(() => readAssetFile(`cidrs: ${'['.repeat(50_000)}`)).problems[0]?.problem ?? '',
      /no plain|not plain/,
    )
  })
})

describe('keys and addresses that mean something else to programs', () => {
  it('are no lists of assets', () => {
    for (const key of ['constructor', '__proto__', 'toString']) {
      const { assets, problems } = readAssetFile(`${key}: [a.example]\n`)
      assert.deepEqual(assets, [])
      assert.match(problems[0]?.problem ?? '', /is no list of assets/)
      assert.match(readAssetFile(`${key},a.example`).problems[0]?.problem ?? '', /is no kind/)
    }
  })

  it('do not make a list of a participant disappear', () => {
    const read = readMapFile('city:\n  cidr: [198.51.100.0/24]\n  cidrs: [203.0.113.0/24]\n', 'yaml')
    assert.deepEqual(read.ok && read.entries.map(({ block }) => block), ['198.51.100.0/24', '203.0.113.0/24'])
    const twice = readMapFile('city:\n  cidr: [198.51.100.0/24]\n  site: A\n  site: B\n', 'yaml')
    assert.match((!twice.ok && twice.problems[0]?.problem) || '', /site is there twice/)
  })

  it('are not read as another address', () => {
    const text = (written: string) => {
      const read = readBlock(written)
      return read.ok ? read.value.text : undefined
    }
    assert.equal(text('::ffff:198.51.100.7'), '198.51.100.7/32')
    assert.equal(text('::ffff:c633:6400/120'), '198.51.100.0/24')
    assert.equal(text('64:ff9b::198.51.100.7'), '64:ff9b::c633:6407/128')
    assert.equal(text('::198.51.100.7'), '::c633:6407/128')
    for (const written of [
      '::ffff:010.0.0.1',
      '::ffff:10.0.0.256',
      '010.0.0.1',
      '0x7f.0.0.1',
      '127.1',
      '::1.2.3',
      ':1.2.3.4',
    ]) {
      assert.equal(text(written), undefined, written)
    }
  })
})
