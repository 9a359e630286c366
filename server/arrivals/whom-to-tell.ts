import { CAPABILITIES } from '../../policies/member-state.ts'
import type { Arrivals, PersonArrival } from './arrival.ts'

/** New people whom a group lets in: a nominee must not learn of it, and mail to some came back there. */
export function toBeWelcomed({ people, memberships }: Arrivals): readonly PersonArrival[] {
  const letIn = new Set(memberships.filter(({ state }) => CAPABILITIES[state].login).map(({ person }) => person))
  return people.filter((person) => person.how === 'new' && !person.mailBounced && letIn.has(person.there))
}

/** Memberships of people who have an account here already, in groups that let them in. */
export function toBeTold({
  people,
  memberships,
}: Arrivals): readonly { readonly accountNo: number; readonly group: string }[] {
  const here = new Map(people.map((person) => [person.there, person.accountNo]))
  return memberships.flatMap(({ person, group, state }) => {
    const accountNo = here.get(person)
    return accountNo !== undefined && CAPABILITIES[state].login ? [{ accountNo, group }] : []
  })
}
