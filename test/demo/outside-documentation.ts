import { BlockList, isIP } from 'node:net'

// RFC 5737 and RFC 3849
const documentation = new BlockList()
documentation.addSubnet('192.0.2.0', 24)
documentation.addSubnet('198.51.100.0', 24)
documentation.addSubnet('203.0.113.0', 24)
documentation.addSubnet('2001:db8::', 32, 'ipv6')

const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g
const IPV6 = /(?<![\w:])[\da-f:]*:[\da-f:]*:[\da-f:.]*(?![\w:])/gi
const MAC = /(?<![\w:-])[\da-f]{2}(?:[:-][\da-f]{2}){5}(?![\w:-])/gi
const AUTONOMOUS_SYSTEM = /\bASN? ?(\d+)\b/g
const NAME = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}[\p{L}\p{N}-]*/gu
const MAILBOX = /[^\s<>"'(),;]+@[^\s<>"'(),;]+/g
const LINK = /\b(?:https?|ftp|hxxps?):\/\/([^/\s'"?#]+)/gi

/** Words with a dot that name no host: files of the story, paths inside STIX patterns, a key word of Suricata. */
const FILE_ENDINGS = ['exe', 'dll', 'zip', 'txt', 'json']
const NOT_HOSTS = new Set([
  'hashes.SHA-256',
  'hashes.SHA-1',
  'hashes.MD5',
  'from_ref.value',
  'dst_ref.type',
  'dst_ref.value',
  'parent_directory_ref.path',
  'tls.sni',
])

/**
 * Addresses, names and mailboxes in a text that are not kept for documentation. Defanged dots and schemes are read as
 * plain ones, so hiding an address that way does not help.
 */
export function outsideDocumentation(text: string): readonly string[] {
  const plain = text.replaceAll('[.]', '.').replaceAll('[:]', ':').replaceAll('(.)', '.')
  return [
    ...found(plain, IPV4).filter((address) => !(isIP(address) === 4 && documentation.check(address))),
    ...found(plain, IPV6).filter((address) => isIP(address) === 6 && !documentation.check(address, 'ipv6')),
    // RFC 7042 §2.1.2 keeps one block of hardware addresses
    ...found(plain, MAC).filter((address) => !/^00[:-]00[:-]5e[:-]00[:-]53/i.test(address)),
    ...[...plain.matchAll(AUTONOMOUS_SYSTEM)]
      .filter(([, number]) => !isDocumentationAs(Number(number)))
      .map(([all]) => all),
    ...found(plain, NAME).filter((name) => !isReservedName(name) && !isNoHost(name)),
    ...found(plain, MAILBOX).filter((mailbox) => !isReservedName(hostOf(mailbox))),
    ...[...plain.matchAll(LINK)]
      .filter(([, host = '']) => !isReservedName(host) && isIP(host) === 0)
      .map(([all]) => all),
  ]
}

/** True for the autonomous system numbers of RFC 5398. */
export function isDocumentationAs(number: number): boolean {
  return (number >= 64_496 && number <= 64_511) || (number >= 65_536 && number <= 65_551)
}

function found(text: string, what: RegExp): readonly string[] {
  return [...text.matchAll(what)].map(([all]) => all)
}

function hostOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf('@') + 1)
}

/** RFC 2606 §2. */
function isReservedName(name: string): boolean {
  return /\.(?:example|test)$/i.test(name)
}

function isNoHost(name: string): boolean {
  return NOT_HOSTS.has(name) || FILE_ENDINGS.some((ending) => name.endsWith(`.${ending}`))
}
