import type { DoctorCheck } from './check.ts';
import { databaseCheck } from './checks/database.ts';
import { deadSessionsCheck } from './checks/dead-sessions.ts';
import { gitVersionCheck } from './checks/git-version.ts';
import { halfDoneCheck } from './checks/half-done.ts';
import { locksCheck } from './checks/locks.ts';
import { missingAgentsCheck } from './checks/missing-agents.ts';
import { missingWorktreesCheck } from './checks/missing-worktrees.ts';
import { orphanBranchesCheck } from './checks/orphan-branches.ts';
import { orphanKeepersCheck } from './checks/orphan-keepers.ts';
import { orphanWorktreesCheck } from './checks/orphan-worktrees.ts';
import { privateFilesCheck } from './checks/private-files.ts';
import { projectsCheck } from './checks/projects.ts';
import { recordingsCheck } from './checks/recordings.ts';
import { snapshotsCheck } from './checks/snapshots.ts';
import { socketsCheck } from './checks/sockets.ts';
import { taskFileCheck } from './checks/task-file.ts';
import { writtenSecretsCheck } from './checks/written-secrets.ts';

/** In the order in which they are looked at, and mended: what others stand on comes first. */
export const doctorChecks: readonly DoctorCheck[] = [
  ...[gitVersionCheck, privateFilesCheck, projectsCheck, taskFileCheck, databaseCheck, locksCheck, socketsCheck],
  ...[snapshotsCheck, orphanKeepersCheck, deadSessionsCheck, halfDoneCheck, missingWorktreesCheck],
  ...[orphanWorktreesCheck, orphanBranchesCheck, recordingsCheck, missingAgentsCheck, writtenSecretsCheck],
];
