/** What each task is handed: enough to find the work again, never the work itself. */
export interface Tasks {
  /** Chains the reads of minutes that are over. */
  readonly 'chain-reads': Record<string, never>
  /** Forgets statuses whose time is over. */
  readonly 'expire-statuses': Record<string, never>
  /** Forgets web sessions, remembered devices and counted attempts whose time is over. */
  readonly 'expire-sessions': Record<string, never>
  /** Sends one notice of the outbox. */
  readonly 'send-notice': { readonly notice: number }
  /** Takes up notices that were left waiting, and forgets old ones. */
  readonly 'sweep-outbox': Record<string, never>
  /** Examines the certificates on file, and warns of those that end. */
  readonly 'check-certificates': Record<string, never>
  /** Completes changes of keys whose waiting is over. */
  readonly 'complete-key-changes': Record<string, never>
  /** Walks the whole audit chain for whoever asked. */
  readonly 'verify-audit': { readonly actor: string }
  /** Tells the administrators that somebody cannot get into one of these accounts; none when it was nobody's name. */
  readonly 'recovery-asked': { readonly accounts: readonly number[] }
  /** Lets time act on memberships: nominations run out, vouches and keys expire, members fall idle. */
  readonly 'review-memberships': Record<string, never>
  /** Tells of what waits for the digest of those who chose this pace. */
  readonly 'send-digests': Record<string, never>
  /** Asks those who vouch for somebody to let them back in; account 0: nobody was meant. */
  readonly 'recovery-vouching': { readonly link: string; readonly account: number; readonly removeFactors: boolean }
  /** Tells those who may settle it of a request to be invited. */
  readonly 'admission-asked': { readonly request: number }
  /** Forgets requests to be invited that nobody settled in time. */
  readonly 'expire-requests': Record<string, never>
  /** Refreshes the planner's statistics after a collection has grown much: the first page after a load took 35 times longer. */
  readonly analyze: Record<string, never>
}

/** The name of a task. */
export type Task = keyof Tasks

/** What each task does. A handler may run twice, and late: it reads everything anew. */
export type Handlers = { readonly [T in Task]: (payload: Tasks[T]) => Promise<void> }
