import { every, isDigit } from './characters.ts'
import { object, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { hashes } from './hashes.ts'
import { has, oneOf } from './object-rules.ts'
import { required } from './table.ts'
import type { ValueOf } from './table.ts'

/** The catalogues whose numbers have a fixed form (STIX 2.1 §2.5). */
const catalogueNumber: ObjectRule = (reference, report) => {
  const source = reference['source_name']
  if (typeof source !== 'string' || source.length > 5) return
  const id = reference['external_id']
  if (source.toLowerCase() === 'cve') {
    if (source !== 'cve')
      report.problemAt('source_name', 'external-reference', "must be 'cve' in lower case: correct it")
    else if (!isCve(id))
      report.problemAt('external_id', 'external-reference', 'must be a CVE number such as CVE-2016-1234: correct it')
  } else if (source === 'capec' && (has(reference, 'external_id') || !has(reference, 'url')) && !isCapec(id)) {
    report.problemAt('external_id', 'external-reference', 'must be a CAPEC number such as CAPEC-163: correct it')
  }
}

function isCve(id: unknown): boolean {
  if (typeof id !== 'string' || !id.startsWith('CVE-') || id.charCodeAt(8) !== 45) return false
  return id.length >= 13 && id.length <= 40 && every(id, isDigit, 4, 8) && every(id, isDigit, 9)
}

function isCapec(id: unknown): boolean {
  return typeof id === 'string' && id.startsWith('CAPEC-') && id.length > 6 && id.length <= 40 && every(id, isDigit, 6)
}

/** Where something outside STIX is described (STIX 2.1 §2.5). */
export const externalReference = object(
  {
    source_name: required(string()),
    description: string(),
    url: string(),
    hashes: hashes(),
    external_id: string(),
  },
  oneOf('description', 'url', 'external_id'),
  catalogueNumber,
)

/** An entry of `external_references`. */
export type ExternalReference = ValueOf<typeof externalReference>
