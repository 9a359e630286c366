import { isText, object } from './fields.ts'
import { required } from './table.ts'
import type { Field, ValueOf } from './table.ts'
import { hasWrongForm } from './vocabulary-fields.ts'

function chainName(): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && hasWrongForm(value)) {
        report.warning('kill-chain', 'should be lower case with hyphens between words: rewrite it')
      }
    },
  }
}

/** A phase of a kill chain (STIX 2.1 §2.11). */
export const killChainPhase = object({ kill_chain_name: required(chainName()), phase_name: required(chainName()) })

/** An entry of `kill_chain_phases`. */
export type KillChainPhase = ValueOf<typeof killChainPhase>
