import { tasksMigration } from './0001-tasks.ts';
import { runsMigration } from './0002-runs.ts';
import { agentsMigration } from './0003-agents.ts';
import { usageAgentMigration } from './0004-usage-agent.ts';
import { batchesMigration } from './0005-batches.ts';
import { heldWorkersMigration } from './0006-held-workers.ts';
import { checkpointsMigration } from './0007-checkpoints.ts';
import { eventCausesMigration } from './0008-event-causes.ts';
import { queueMigration } from './0009-queue.ts';
import { taskGraphMigration } from './0010-task-graph.ts';
import { quickLooksMigration } from './0011-quick-looks.ts';
import { reviewCommentsMigration } from './0012-review-comments.ts';
import { foundChangesMigration } from './0013-found-changes.ts';
import { taskStepsMigration } from './0014-task-steps.ts';
import { stepsTakenBackMigration } from './0015-steps-taken-back.ts';

/** In order: the database's `user_version` is the number of these that it has been through. Never edit or reorder one. */
export const migrations: readonly string[] = [
  ...[tasksMigration, runsMigration, agentsMigration, usageAgentMigration, batchesMigration],
  heldWorkersMigration,
  checkpointsMigration,
  eventCausesMigration,
  queueMigration,
  taskGraphMigration,
  quickLooksMigration,
  reviewCommentsMigration,
  foundChangesMigration,
  taskStepsMigration,
  stepsTakenBackMigration,
];
