import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { directoryAudience } from '../../policies/directory-entry.ts'
import { isReleased, releaseDirectoryEntry } from '../../policies/release.ts'

const GROUPS = ['cn=water', 'cn=power', 'cn=roads']
const audience = directoryAudience('uid=reader')
const reader = (groupDns: readonly string[]) => ({ audience, groupDns: new Set(groupDns) })
const person = (groupDns: readonly string[], more: { readonly mail?: undefined; readonly displayName?: string } = {}) =>
  ({
    kind: 'person',
    dn: 'uid=x',
    uuid: 'u',
    name: 'x',
    displayName: more.displayName ?? 'X',
    // the same in two of the three
    groups: new Map(groupDns.map((dn) => [dn, 'mail' in more ? undefined : `x@${dn === 'cn=roads' ? 'roads' : 'y'}`])),
  }) as const
const group = (dn: string) =>
  ({ kind: 'group', dn, uuid: 'u', name: 'g', title: 'G', purpose: '', memberDns: ['uid=x'] }) as const
const branch = { kind: 'branch', dn: 'dc=x', uuid: 'u', type: 'dc', value: 'x' } as const

describe('an entry of the directory', () => {
  it('is released to those who share a group with it, with the shared groups and no others', () => {
    fc.assert(
      fc.property(fc.subarray(GROUPS), fc.subarray(GROUPS), (theirs, own) => {
        const shared = theirs.filter((dn) => own.includes(dn))
        const released = releaseDirectoryEntry(person(theirs), reader(own))
        assert.deepEqual(released?.body.attributes.get('memberOf'), shared.length > 0 ? shared : undefined)
        const mail = [...new Set(shared.map((dn) => (dn === 'cn=roads' ? 'x@roads' : 'x@y')))]
        assert.deepEqual(released?.body.attributes.get('mail'), shared.length > 0 ? mail : undefined)
        for (const dn of GROUPS)
          assert.equal(releaseDirectoryEntry(group(dn), reader(own)) !== undefined, own.includes(dn))
      }),
    )
  })

  it('is released to nobody who sees no group', () => {
    for (const candidate of [person(GROUPS), group('cn=water'), branch]) {
      assert.equal(releaseDirectoryEntry(candidate, reader([])), undefined)
    }
    assert.ok(releaseDirectoryEntry(branch, reader(['cn=water'])))
  })

  it('carries the brand of its reader, and names, addresses and groups only', () => {
    const released = releaseDirectoryEntry(person(GROUPS), reader(GROUPS))
    assert.ok(released && isReleased(released))
    assert.equal(released.audience, 'ldap:uid=reader')
    const names = ['objectClass', 'uid', 'cn', 'sn', 'displayName', 'mail', 'memberOf', 'entryUUID']
    assert.deepEqual([...released.body.attributes.keys()], names)
  })

  it('has no attribute without a value, and the one that its class demands', () => {
    const entry = releaseDirectoryEntry(
      person(GROUPS, { mail: undefined, displayName: ' Ada  Omega ' }),
      reader(GROUPS),
    )
    assert.equal(entry?.body.attributes.has('mail'), false)
    assert.deepEqual(entry?.body.attributes.get('sn'), ['Omega'])
    assert.deepEqual(releaseDirectoryEntry(group('cn=water'), reader(GROUPS))?.body.attributes.get('description'), [
      'G',
    ])
  })
})
