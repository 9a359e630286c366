import { assetCommands } from './asset.ts'
import { backupCommand } from './backup.ts'
import type { Command } from './command.ts'
import { collectionCommands } from './collection.ts'
import { configCommands } from './config.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { groupPolicyCommand } from './group-policy.ts'
import { groupCommands } from './group.ts'
import { importCommand } from './import.ts'
import { arrivalCommands } from './import-portal.ts'
import { init } from './init.ts'
import { memberCommands } from './member.ts'
import { keyCommands } from './key.ts'
import { migrate } from './migrate.ts'
import { participantCommands } from './participants.ts'
import { providerCommands } from './provider.ts'
import { restoreCommand } from './restore.ts'
import { groupRootCommand } from './group-root.ts'
import { serviceCommands } from './service.ts'
import { rootCommands } from './root.ts'
import { serve } from './serve.ts'
import { start } from './start.ts'
import { siteCommands } from './site.ts'
import { tokenCommands } from './token.ts'
import { userCommands } from './user.ts'
import { verifyCommand } from './verify.ts'
import { vouchCommands } from './vouch.ts'
import { wayInCommands } from './way-in.ts'

/** The command table, in the order of help. A new command is a line here. */
export const COMMANDS: readonly Command[] = [
  start,
  init,
  serve,
  ...siteCommands,
  ...rootCommands,
  ...collectionCommands,
  ...userCommands,
  ...wayInCommands,
  ...groupCommands,
  groupPolicyCommand,
  groupRootCommand,
  ...serviceCommands,
  ...memberCommands,
  ...vouchCommands,
  ...keyCommands,
  ...arrivalCommands,
  ...assetCommands,
  ...participantCommands,
  ...tokenCommands,
  ...providerCommands,
  importCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  verifyCommand,
  doctorCommand,
  migrate,
  ...configCommands,
]
