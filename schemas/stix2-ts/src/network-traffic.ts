import { every, hasSoundText, isDigit, isLetter, isLower } from './characters.ts'
import { observable } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { boolean, dictionary, hex, integer, isText, list, object, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { endpoint } from './network-observables.ts'
import { has, notEmpty, oneOf, ordered } from './object-rules.ts'
import type { Report } from './report.ts'
import { required } from './table.ts'
import type { Field } from './table.ts'
import { enumeration } from './vocabulary-fields.ts'

/** Request headers registered with IANA that are seen in traffic, in lower case. */
const HEADERS: ReadonlySet<string> = new Set(
  `accept accept-charset accept-datetime accept-encoding accept-language access-control-request-headers
  access-control-request-method alt-used authorization cache-control connection content-encoding content-length
  content-type cookie cookie2 date dnt early-data expect forwarded from host http2-settings if-match if-modified-since if-none-match
  if-range if-unmodified-since keep-alive max-forwards mime-version origin pragma prefer priority proxy-authorization
  proxy-connection range referer sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-gpc sec-websocket-extensions
  sec-websocket-key sec-websocket-protocol sec-websocket-version soapaction te trailer transfer-encoding upgrade
  upgrade-insecure-requests user-agent via warning`.split(/\s+/),
)

const SOCKET_OPTION_PREFIXES = ['SO_', 'ICMP_', 'ICMP6_', 'IP_', 'IPV6_', 'MCAST_', 'TCP_', 'IRLMP_'] as const

function checkHeader(name: string, report: Report): void {
  if (!HEADERS.has(name.toLowerCase()))
    report.warning('http-header', 'should be a request header registered with IANA: correct it')
}

function checkSocketOption(name: string, report: Report): void {
  if (SOCKET_OPTION_PREFIXES.some((prefix) => name.startsWith(prefix))) return
  report.problem('socket-option', `must start with ${SOCKET_OPTION_PREFIXES.join(', ')}: rename it`)
}

/** IANA element names start in lower case and have letters and digits only. */
function checkElement(name: string, report: Report): void {
  if (isLower(name.charCodeAt(0)) && every(name, (code) => isLetter(code) || isDigit(code))) return
  report.warning('ipfix', 'should be an information element registered with IANA: correct it')
}

function protocol(): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && !every(value, isServiceCharacter)) {
        report.warning('protocol', 'should be a service name in lower case: correct it')
      }
    },
  }
}

function isServiceCharacter(code: number): boolean {
  return isLower(code) || isDigit(code) || code === 45 || code === 46 || code === 43 || code === 47 || code === 95
}

function integerOrString(): Field<number | string> {
  return {
    check(value, report) {
      if (Number.isSafeInteger(value) || (typeof value === 'string' && hasSoundText(value))) return
      report.problem('integer', 'must be a whole number or text: correct it')
    },
  }
}

const NETWORK_EXTENSIONS = {
  'http-request-ext': object({
    request_method: required(string()),
    request_value: required(string()),
    request_version: string(),
    request_header: dictionary(list(string()), checkHeader),
    message_body_length: integer(),
    message_body_data_ref: ref('artifact'),
  }),
  'icmp-ext': object({ icmp_type_hex: required(hex()), icmp_code_hex: required(hex()) }),
  'socket-ext': object({
    address_family: required(enumeration('network-socket-address-family-enum')),
    is_blocking: boolean(),
    is_listening: boolean(),
    options: dictionary(integer(), checkSocketOption),
    socket_type: enumeration('network-socket-type-enum'),
    socket_descriptor: integer(0),
    socket_handle: integer(),
  }),
  'tcp-ext': object({ src_flags_hex: hex(), dst_flags_hex: hex() }, notEmpty),
}

const endedOrActive: ObjectRule = (traffic, report) => {
  if (traffic['is_active'] === true && has(traffic, 'end')) {
    report.problemAt('end', 'exclusive', "must not be present while 'is_active' is true: remove one of them")
  }
}

const bothPorts: ObjectRule = (traffic, report) => {
  if (!has(traffic, 'src_port') || !has(traffic, 'dst_port')) {
    report.warning('ports', "should have both 'src_port' and 'dst_port': add them")
  }
}

/** STIX 2.1 §6.12. */
export const networkTraffic = observable(
  'network-traffic',
  ['start', 'end', 'src_ref', 'dst_ref', 'src_port', 'dst_port', 'protocols', 'extensions'],
  {
    start: timestamp(),
    end: timestamp(),
    is_active: boolean(),
    src_ref: endpoint(),
    dst_ref: endpoint(),
    src_port: integer(0, 65_535),
    dst_port: integer(0, 65_535),
    protocols: required(list(protocol())),
    src_byte_count: integer(0),
    dst_byte_count: integer(0),
    src_packets: integer(0),
    dst_packets: integer(0),
    ipfix: dictionary(integerOrString(), checkElement),
    src_payload_ref: ref('artifact'),
    dst_payload_ref: ref('artifact'),
    encapsulates_refs: list(ref('network-traffic')),
    encapsulated_by_ref: ref('network-traffic'),
  },
  NETWORK_EXTENSIONS,
  ordered('start', 'end'),
  oneOf('src_ref', 'dst_ref'),
  endedOrActive,
  bothPorts,
)

/** Traffic between two ends (STIX 2.1 §6.12). */
export type NetworkTraffic = ObjectOf<typeof networkTraffic>
