import type { Means, ProviderSession } from './sessions/web-session.ts'

/** A factor that was proven, whichever way. */
export interface Proof {
  readonly accountNo: number
  /** All of this sign-in, the newest last. A passkey and a remembered device are strong by themselves. */
  readonly means: readonly Means[]
  readonly provider?: ProviderSession
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the place where passport's types let the user be declared
  namespace Express {
    /** What our strategies hand to passport's `success`. */
    interface User extends Proof {}
  }
}
