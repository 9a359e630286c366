/** Media type of every TAXII 2.1 request and answer (TAXII 2.1 §1.6.8), sent exactly so. */
export const TAXII_MEDIA_TYPE = 'application/taxii+json;version=2.1'

const ESSENCE = 'application/taxii+json'

/**
 * Whether an answer says that it is TAXII 2.1. A missing version is taken for 2.1, another version is not.
 * @param alsoAccept further media types without parameters, for servers that answer `application/json`
 */
export function isTaxiiAnswer(contentType: string | undefined, alsoAccept: readonly string[]): boolean {
  if (contentType === undefined || contentType.length > 1000) return false
  const [essence = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  if (alsoAccept.includes(essence)) return true
  return essence === ESSENCE && parameters.every(isNotAnotherVersion)
}

function isNotAnotherVersion(parameter: string): boolean {
  const [name, value = ''] = parameter.split('=')
  return name?.trim() !== 'version' || value.trim().replaceAll('"', '') === '2.1'
}
