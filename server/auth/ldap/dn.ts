/**
 * A name as the value of a relative distinguished name: every byte that is no letter or digit becomes a hex pair
 * (RFC 4514 §2.4), so that nothing in it can end the value, begin another or be read as encoded bytes.
 */
export function escapedValue(name: string): string {
  return Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9]/.test(character) ? character : `\\${byte.toString(16).padStart(2, '0')}`
  }).join('')
}

/** The DN of a person out of a template with one `{name}`. */
export function personDn(template: string, name: string): string {
  return template.replace('{name}', () => escapedValue(name))
}

/** A DN in one form of the many that mean the same: small letters, no spaces around separators, escapes undone and redone. */
export function normalDn(dn: string): string {
  return relativeNames(dn)
    .map((rdn) =>
      split(rdn, '+')
        .map((pair) => {
          const equals = pair.indexOf('=')
          if (equals < 0) return pair.trim().toLowerCase() // no DN at all: stays none
          const type = pair.slice(0, equals).trim().toLowerCase()
          return `${type}=${reescaped(
            unescaped(pair.slice(equals + 1))
              .trim()
              .toLowerCase()
              .replaceAll(/ +/g, ' '),
          )}`
        })
        .toSorted()
        .join('+'),
    )
    .join(',')
}

/** Whether an entry is a base itself or lies below it. Everything lies below `''`. */
export function isBelow(dn: string, base: string): boolean {
  const [inner, outer] = [normalDn(dn), normalDn(base)]
  return outer === '' || inner === outer || inner.endsWith(`,${outer}`)
}

function relativeNames(dn: string): string[] {
  return dn.trim() === '' ? [] : split(dn, ',')
}

/** Splits at a separator that is not escaped. */
function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '\\') {
      part += character + (text[at + 1] ?? '')
      at += 1
    } else if (character === separator) {
      parts.push(part)
      part = ''
    } else part += character
  }
  return [...parts, part]
}

function unescaped(value: string): string {
  const bytes: Buffer[] = []
  for (let at = 0; at < value.length;) {
    const pair = /^\\([0-9a-f]{2})/i.exec(value.slice(at, at + 3))?.[1]
    if (pair) {
      bytes.push(Buffer.from(pair, 'hex'))
      at += 3
    } else {
      const from = value[at] === '\\' ? at + 1 : at
      const character = String.fromCodePoint(value.codePointAt(from) ?? 0x5c)
      bytes.push(Buffer.from(character))
      at = from + character.length
    }
  }
  return Buffer.concat(bytes).toString()
}

function reescaped(value: string): string {
  return value.replaceAll(/[\\,+=]/g, (character) => `\\${character}`)
}
