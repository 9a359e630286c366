import type { Tlp } from '../../policies/tlp.ts'
import type { Html } from './html.ts'

/** A page of the portal, to be put into the frame that all share. */
export interface Page {
  readonly kind: 'page'
  readonly status?: number
  readonly title: string
  readonly body: Html
  /** Of the content: shown at head and foot, on paper on every sheet. */
  readonly label?: Tlp
  /** Names of scripts in `assets/` that this page can use; every page works without. */
  readonly scripts?: readonly string[]
}

/** Another address to go to, by GET. */
export interface SeeOther {
  readonly kind: 'see-other'
  readonly path: string
}

/** A file to be saved. */
export interface Download {
  readonly kind: 'download'
  readonly name: string
  readonly mediaType: string
  readonly chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>
}

/** `sent`: the response has been written already, as passport does when it redirects. */
export type Answer = Page | SeeOther | Download | { readonly kind: 'sent' }

/** A page. */
export function page(title: string, body: Html, more: Omit<Page, 'kind' | 'title' | 'body'> = {}): Page {
  return { kind: 'page', title, body, ...more }
}

/** After a form was taken: the next page is fetched, so that reloading it repeats nothing. */
export function seeOther(path: string): SeeOther {
  return { kind: 'see-other', path }
}

/**
 * A path of our own out of something that a visitor may have made up.
 * @returns `/` for whatever is not a plain path on this server: no scheme, no host, no `//`, no backslash
 */
export function ownPath(text: string | null | undefined): string {
  if (!text || text.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return '/'
  const base = 'http://own.invalid'
  const { origin, pathname, search } = new URL(text, base)
  // `/..//host` is plain until its dots are resolved
  return origin === base && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}
