import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'

const cli = await commandLine()
after(() => cli.close())

const TICKED = ['met:1', 'trust:1', 'fate:1'].flatMap((each) => ['--attest', each])

describe('vouchsafe member and vouch', () => {
  before(async () => {
    await cli.json(['init'])
    for (const name of ['alice', 'bob']) await cli.json(['user', 'add', name])
    await cli.json(['group', 'add', 'water', '--administrator', 'alice'])
    await cli.json(['group', 'add-member', 'water', 'bob'])
  })

  it('nominate, vouch, approve and export in the name of members', async () => {
    const person = ['--name', 'Ana Ruiz', '--email', 'ana@city.example', '--text', '=We worked.', ...TICKED]
    const unnamed = await cli.run(['member', 'nominate', 'water', ...person])
    assert.equal(unnamed.code, 2)
    assert.match(unnamed.stderr, /--by ACCOUNT.* is needed/)
    const made = await cli.json(['member', 'nominate', 'water', '--by', 'bob', ...person])
    assert.deepEqual(made, { group: 'water', nomination: 1, vouchee: '~1' })
    const open = (await cli.json(['member', 'nominations', 'water'])) as { nominations: Record<string, unknown>[] }
    assert.deepEqual([open.nominations[0]?.['vouches'], open.nominations[0]?.['vouches_needed']], [1, 2])
    await cli.json(['vouch', 'give', 'water', '~1', '--by', 'alice', ...TICKED])
    const refused = await cli.run(['member', 'approve', 'water', '1', '--by', 'bob'])
    assert.equal(refused.code, 1)
    assert.equal((await cli.json(['member', 'approve', 'water', '1', '--by', 'alice']))['outcome'], 'approved')
    const listed = (await cli.json(['vouch', 'list', 'water', 'bob'])) as { given: Record<string, unknown>[] }
    assert.equal(listed.given.length, 1)
    assert.ok(!JSON.stringify(listed).includes('We worked'), 'texts leave with the export only')
    const { stdout } = await cli.run(['vouch', 'export', 'water'])
    assert.match(stdout, /"'=We worked\."/)
    const ana = String(listed.given[0]?.['vouchee'])
    await cli.json(['vouch', 'withdraw', 'water', ana, '--by', 'bob'])
    assert.deepEqual((await cli.json(['vouch', 'list', 'water', 'bob']))['given'], [])
  })
})
