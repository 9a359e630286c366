import { STIX } from '../../schemas/taxii/media-type.ts'
import { timestampOf } from '../clock.ts'
import type { ReleaseRecord } from '../storage/releases.ts'

/** A manifest record (TAXII 2.1 §5.3.1). */
export function versionedRecord(record: ReleaseRecord) {
  return { id: record.id, date_added: timestampOf(record.dateAdded), version: record.version, media_type: STIX }
}
