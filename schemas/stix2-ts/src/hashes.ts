import { every, isDigit, isHexDigit, isLetter } from './characters.ts'
import { dictionary, string } from './fields.ts'
import { VOCABULARIES } from './vocabulary.ts'
import type { Field } from './table.ts'

/** Hex digits of the algorithms whose hashes have a fixed length (STIX 2.1 §10.7). */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ['MD5', 32],
  ['SHA-1', 40],
  ['SHA-256', 64],
  ['SHA-512', 128],
  ['SHA3-256', 64],
  ['SHA3-512', 128],
])

const ALGORITHMS: ReadonlySet<string> = new Set(VOCABULARIES['hash-algorithm-ov'])

/** Hashes by the name of their algorithm (STIX 2.1 §2.7). */
export type Hashes = Readonly<Record<string, string>>

/** A dictionary of hashes: the name of a known algorithm fixes the form of the value. */
export function hashes(): Field<Hashes> {
  const names = dictionary(string(), (name, report) => {
    if (!ALGORITHMS.has(name)) {
      report.warning('open-vocabulary', 'should be a value of hash-algorithm-ov: use one where it fits')
    }
  })
  return {
    check(value, report) {
      names.check(value, report)
      if (typeof value !== 'object' || value === null) return
      for (const [name, hash] of Object.entries(value)) {
        if (typeof hash !== 'string' || isHashOf(name, hash)) continue
        report.problemAt(name, 'hash', `must be a ${name} hash: correct it`)
      }
    },
  }
}

function isHashOf(algorithm: string, hash: string): boolean {
  const length = LENGTHS.get(algorithm)
  if (length !== undefined) return hash.length === length && every(hash, isHexDigit)
  if (algorithm === 'SSDEEP') return isSsdeep(hash)
  if (algorithm === 'TLSH')
    return (hash.length === 70 || (hash.length === 72 && hash.startsWith('T1'))) && every(hash.slice(-70), isHexDigit)
  return true
}

/** A block size and two parts of at most 64 and 64 characters. */
function isSsdeep(hash: string): boolean {
  const first = hash.indexOf(':')
  const second = hash.indexOf(':', first + 1)
  if (first < 1 || second < 0 || first > 10 || hash.length > 160 || !every(hash, isDigit, 0, first)) return false
  return every(hash, isSsdeepDigit, first + 1, second) && every(hash, isSsdeepDigit, second + 1)
}

function isSsdeepDigit(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 43 || code === 47
}
