import { isLoopback } from '../../config/address.ts'
import { OidcTrouble } from './trouble.ts'

/** Discovery documents and key sets have some KiB; nothing that a provider answers needs more. */
const MAX_BYTES = 1024 * 1024

/** What our OpenID libraries hand to a `fetch`: a part of RequestInit. */
interface ProviderRequest {
  readonly method?: string
  readonly headers?: NonNullable<RequestInit['headers']>
  readonly body?: RequestInit['body']
  readonly signal?: AbortSignal | null | undefined
}

/** A request to a provider. */
export type ProviderFetch = (url: string, request: ProviderRequest) => Promise<Response>

/**
 * A `fetch` for one provider: every request and its body within the deadline, no redirect followed (ASVS 5.0 15.3.2),
 * https only but for a provider on this machine, and no answer larger than 1 MiB.
 * @param send what really asks: `fetch`, or the network of a test
 */
export function providerFetch(
  { issuer, timeoutSeconds }: { readonly issuer: string; readonly timeoutSeconds: number },
  send: typeof fetch,
): ProviderFetch {
  return async (url, { method, headers, body, signal }) => {
    if (new URL(url).protocol !== 'https:' && !(isOnThisMachine(issuer) && isOnThisMachine(url))) {
      throw new OidcTrouble('setup', 'the provider was to be asked without TLS')
    }
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000)
    const response = await send(url, {
      method: method ?? 'GET',
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    })
    const bytes = await readBounded(response)
    const { status, statusText } = response
    const answer = { status, statusText, headers: response.headers }
    return new Response(bytes.length > 0 ? bytes : null, answer)
  }
}

/** Whether requests to this address may go without TLS: only to this machine. */
export function isOnThisMachine(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_BYTES) throw new OidcTrouble('unreachable', 'the provider answered with more than 1 MiB')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
