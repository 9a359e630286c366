import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { discoverTaxiiServers } from '../src/index.ts'
import type { SrvRecord } from '../src/index.ts'
import { failsWith } from './support/server.ts'

const record = (name: string, priority = 0, weight = 0, port = 443): SrvRecord => ({ name, priority, weight, port })

describe('DNS SRV', () => {
  it('K06 asks for _taxii2._tcp and gives discovery URLs by priority', async () => {
    const asked: string[] = []
    const resolveSrv = async (name: string): Promise<readonly SrvRecord[]> => {
      asked.push(name)
      return [record('backup.example.', 20), record('main.example', 10, 0, 8443)]
    }
    assert.deepEqual(await discoverTaxiiServers('group.example.', { resolveSrv }), [
      'https://main.example:8443/taxii2/',
      'https://backup.example/taxii2/',
    ])
    assert.deepEqual(asked, ['_taxii2._tcp.group.example'])
  })

  it('K06 draws by weight within one priority', async () => {
    const resolveSrv = async (): Promise<readonly SrvRecord[]> => [
      record('a.example', 1, 10),
      record('b.example', 1, 90),
    ]
    const firstWith = async (lot: number): Promise<string | undefined> =>
      (await discoverTaxiiServers('group.example', { resolveSrv, random: () => lot }))[0]
    assert.equal(await firstWith(0), 'https://a.example/taxii2/')
    assert.equal(await firstWith(0.5), 'https://b.example/taxii2/')
    assert.equal(await firstWith(0.99), 'https://b.example/taxii2/')
  })

  it('K06 a domain without the service has no servers', async () => {
    const missing = async (): Promise<never> => {
      throw Object.assign(new Error('querySrv ENOTFOUND'), { code: 'ENOTFOUND' })
    }
    assert.deepEqual(await discoverTaxiiServers('group.example', { resolveSrv: missing }), [])
    assert.deepEqual(await discoverTaxiiServers('group.example', { resolveSrv: async () => [record('.')] }), [])
    assert.deepEqual(
      await discoverTaxiiServers('group.example', {
        resolveSrv: async () => [record('a/b.example'), record('c', 0, 0, 0)],
      }),
      [],
    )
    const broken = async (): Promise<never> => {
      throw Object.assign(new Error('querySrv ETIMEOUT'), { code: 'ETIMEOUT' })
    }
    await assert.rejects(
      discoverTaxiiServers('group.example', { resolveSrv: broken }),
      failsWith('network', { retryable: true }),
    )
    await assert.rejects(discoverTaxiiServers('a b'), failsWith('bad-option'))
  })
})
