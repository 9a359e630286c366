import type { Page, PageOptions, Cursor } from 'taxii2-client'

/** A collection of another server, as far as reading it goes. A `TaxiiCollection` of taxii2-client is one. */
export interface Feed {
  objectsPages(options: PageOptions & { readonly parse: false }): AsyncIterable<Page>
}

/** Remembers how far each feed was read. It is moved by the {@link Intake}, never on its own. */
export interface FeedCursors {
  /** Where to go on; undefined for a feed that was never read. */
  read(feed: string): Promise<Cursor | undefined>
}

/** Where pages go. */
export interface Intake {
  /**
   * Takes the objects of a page, and with them, in one transaction, the place where to go on. May return when the page
   * before this one is stored; pages are stored in order.
   * @throws what an earlier page failed with
   */
  take(page: FeedPage): Promise<void>
  /** Resolves when every page that was taken is stored. */
  drain(): Promise<void>
}

/** A page on its way in. */
export interface FeedPage {
  readonly feed: string
  /** The envelope as it came, unpacked. */
  readonly envelope: Buffer
  readonly cursor: Cursor
}
