import { BASE, READER, type Slapd } from './slapd.ts'

/** What everybody in the directory has as password. */
export const CITY_PASSWORD = 'correct horse battery staple'
export const PEOPLE = `ou=people,${BASE}`
export const GROUPS = `ou=groups,${BASE}`

/** More than a directory answers at once. */
export const MANY = 650

const CHANGED_LONG_AGO = '20200101000000Z'

/**
 * A city's directory: `ada` in nested groups (a circle among them), `zoë`, two entries with the uid `twin`, an expired, a
 * locked and a must-change account, a referral, and `busy`, whom 650 groups list.
 */
export function city(): string {
  return [
    entry(BASE, { objectClass: ['dcObject', 'organization'], dc: 'city', o: 'City' }),
    entry(READER.dn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'reader',
      userPassword: READER.password,
    }),
    // forty years: the accounts that expired have another policy
    policy('policy', '1262304000'),
    policy('strict', '60'),
    unit('people'),
    unit('groups'),
    person('ada', { cn: 'Ada Lovelace', mail: 'ada@city.test', entryUUID: 'a0a0a0a0-0000-4000-8000-00000000000a' }),
    person('zoë', { cn: 'Zoë Ångström 東京', mail: 'zoe@city.test' }),
    person('bob', { cn: 'Bob' }),
    person('busy', { cn: 'Busy' }),
    person('expired', { cn: 'Expired', pwdPolicySubentry: `cn=strict,${BASE}` }),
    person('locked', { cn: 'Locked', pwdAccountLockedTime: '000001010000Z' }),
    person('reset', { cn: 'Reset', pwdReset: 'TRUE' }),
    person('a*b', { cn: 'Star' }),
    person('twin', { cn: 'Twin one' }),
    entry(`ou=more,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'more' }),
    person('twin', { cn: 'Twin two' }, `ou=more,${PEOPLE}`),
    entry(`ou=elsewhere,${PEOPLE}`, {
      objectClass: ['referral', 'extensibleObject'],
      ou: 'elsewhere',
      ref: 'ldap://directory.invalid/ou=people,dc=elsewhere,dc=test',
    }),
    ...Array.from({ length: MANY }, (_, i) => person(`p${i}`, { cn: `Person ${i}` })),
    ...Array.from({ length: MANY }, (_, i) =>
      entry(`cn=g${i},${GROUPS}`, { objectClass: 'groupOfNames', cn: `g${i}`, member: `uid=busy,${PEOPLE}` }),
    ),
    entry(`cn=posix,${GROUPS}`, {
      objectClass: 'posixGroup',
      cn: 'posix',
      gidNumber: '5000',
      memberUid: ['ada', 'bob'],
    }),
  ].join('\n')
}

/** Groups that the directory itself keeps `memberOf` for; made while it runs. `soc` ⊂ `security` ⊂ `everyone` ⊂ `soc`. */
export async function addNestedGroups(slapd: Slapd): Promise<void> {
  const dn = (name: string) => `cn=${name},${GROUPS}`
  await slapd.change(async (client) => {
    await client.add(dn('soc'), { objectClass: 'groupOfNames', cn: 'soc', member: `uid=ada,${PEOPLE}` })
    await client.add(dn('security'), { objectClass: 'groupOfNames', cn: 'security', member: dn('soc') })
    await client.add(dn('everyone'), { objectClass: 'groupOfNames', cn: 'everyone', member: dn('security') })
  })
  await slapd.change(async (client) => {
    const { Attribute, Change } = await import('ldapts')
    const modification = new Attribute({ type: 'member', values: [dn('everyone')] })
    await client.modify(dn('soc'), new Change({ operation: 'add', modification }))
  })
}

type Values = Readonly<Record<string, string | readonly string[]>>

function person(uid: string, more: Values, below = PEOPLE): string {
  return entry(`uid=${uid},${below}`, {
    objectClass: 'inetOrgPerson',
    uid,
    sn: uid,
    userPassword: CITY_PASSWORD,
    pwdChangedTime: CHANGED_LONG_AGO,
    ...more,
  })
}

function policy(cn: string, pwdMaxAge: string): string {
  return entry(`cn=${cn},${BASE}`, {
    objectClass: ['organizationalRole', 'pwdPolicy'],
    cn,
    pwdAttribute: 'userPassword',
    pwdLockout: 'TRUE',
    pwdMustChange: 'TRUE',
    pwdMaxAge,
  })
}

function unit(ou: string): string {
  return entry(`ou=${ou},${BASE}`, { objectClass: 'organizationalUnit', ou })
}

/** In base64 throughout, so that no value needs a rule of its own. */
function entry(dn: string, values: Values): string {
  const lines = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}:: ${base64(each)}`),
  )
  return [`dn:: ${base64(dn)}`, ...lines, ''].join('\n')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
