import { presenceRoutes } from '../presence.ts'
import type { Route } from '../route.ts'
import { codeRoutes } from './codes.ts'
import { assetRoutes } from './assets.ts'
import { awayRoutes } from './away.ts'
import { photoRoutes } from './photo.ts'
import { profileRoutes } from './profile.ts'
import { addressRoutes } from './addresses.ts'
import { addressConfirmRoutes } from './addresses-confirm.ts'
import { identityRoutes } from './identities.ts'
import { ownNoticeRoutes } from './notices.ts'
import { overviewRoutes } from './overview.ts'
import { newPasskeyRoutes } from './passkey-new.ts'
import { passkeyRoutes } from './passkey.ts'
import { recoveryDeskRoutes } from './recoveries.ts'
import { securityRoutes } from './security.ts'
import { passwordRoutes } from './password.ts'
import { proveRoutes } from './prove.ts'
import { keyRoutes } from './keys.ts'
import { serviceListRoutes } from './services.ts'
import { serviceRoutes } from './services-one.ts'
import { sessionRoutes } from './sessions.ts'
import { tokenRoutes } from './tokens.ts'

/** One's own account. */
export const accountRoutes: readonly Route[] = [
  ...overviewRoutes,
  ...profileRoutes,
  ...photoRoutes,
  ...awayRoutes,
  ...assetRoutes,
  ...addressRoutes,
  ...addressConfirmRoutes,
  ...keyRoutes,
  ...securityRoutes,
  ...newPasskeyRoutes, // before those of `:passkey`, which would take `new` for one
  ...passkeyRoutes,
  ...passwordRoutes,
  ...codeRoutes,
  ...proveRoutes,
  ...sessionRoutes,
  ...presenceRoutes,
  ...tokenRoutes,
  ...serviceListRoutes,
  ...serviceRoutes,
  ...identityRoutes,
  ...ownNoticeRoutes,
  ...recoveryDeskRoutes,
]
