import { SLOT_OF_ENVIRONMENT, SLOT_OF_KEY } from './catalogue.ts'
import { refuseTwins, type Entries, type Entry, type Problem } from './entry.ts'
import { suggest } from './suggest.ts'

const PREFIX = 'VOUCHSAFE_'

/** What only the project's own tests read: no settings. */
const OF_TESTS = /^VOUCHSAFE_(?:SHARED$|TEST_)/

/**
 * Takes our variables from the environment. An empty one counts as not set, because compose files pass `${X:-}` on.
 * A name with our prefix that is no setting is a problem: a misspelt limit would otherwise be no limit.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, folder: string): Entries {
  const entries: Entry[] = []
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue
    const slot = SLOT_OF_ENVIRONMENT.get(name)
    if (slot) entries.push({ slot, value, source: name, folder, isText: true })
    else if (name.startsWith(PREFIX) && !OF_TESTS.test(name) && !isServiceLink(name, value)) {
      problems.push({ key: name, source: name, message: unknownName(name) })
    }
  }
  const distinct = refuseTwins(entries)
  return { entries: distinct.entries, problems: [...problems, ...distinct.problems] }
}

/** Takes the settings of the command line, by YAML key. */
export function readOverrides(
  overrides: Readonly<Record<string, string | number | boolean | undefined>>,
  folder: string,
): Entries {
  const entries: Entry[] = []
  const problems: Problem[] = []
  const source = 'command line'
  for (const [key, value] of Object.entries(overrides)) {
    if (value === undefined) continue
    const slot = SLOT_OF_KEY.get(key)
    if (slot) entries.push({ slot, value, source, folder, isText: typeof value === 'string' })
    else problems.push({ key, source, message: 'is no setting' })
  }
  const distinct = refuseTwins(entries)
  return { entries: distinct.entries, problems: [...problems, ...distinct.problems] }
}

/**
 * Kubernetes gives every container variables about each service of the namespace; for a service named "vouchsafe" they
 * begin with our prefix.
 */
function isServiceLink(name: string, value: string): boolean {
  return (
    /^VOUCHSAFE_SERVICE_(?:HOST|PORT)(?:_[A-Z0-9_]+)?$/.test(name) ||
    /^VOUCHSAFE_PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
    (name === 'VOUCHSAFE_PORT' && /^(?:tcp|udp|sctp):/.test(value))
  )
}

function unknownName(name: string): string {
  // compared without the prefix, which would make every two names alike
  const near = suggest(name.slice(PREFIX.length), [...SLOT_OF_ENVIRONMENT.keys()].map(withoutPrefix))
  const full = [...SLOT_OF_ENVIRONMENT.keys()].find((known) => withoutPrefix(known) === near)
  return full ? `is no setting: did you mean ${full}?` : 'is no setting: the list of settings is in docs/operate.md'
}

function withoutPrefix(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
}
