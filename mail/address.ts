/** RFC 5321 §4.5.3.1: a local part, a domain and a whole path have these sizes at most. */
const MAX_LOCAL = 64
const MAX_DOMAIN = 253
const MAX_ADDRESS = 254

const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * Whether a text is an address that mail may be sent to or come from: a dot-atom, `@`, and a host name. Stricter than
 * RFC 5322 on purpose: quoted local parts, comments, address literals and line ends are where mail programs disagree about
 * who the recipient is (nodemailer GHSA-mm7p-fcc7-pg87; 10.6.0 takes a line end and what follows it for a recipient).
 */
export function isMailAddress(text: string): boolean {
  if (text.length > MAX_ADDRESS) return false
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const labels = text.slice(at + 1).split('.')
  if (local.length > MAX_LOCAL || text.length - at - 1 > MAX_DOMAIN || !DOT_ATOM.test(local)) return false
  // a last label of digits only would make an IPv4 address of it
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}
