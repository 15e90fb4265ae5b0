import type { z } from 'zod';
import { agentList } from './operations/agent/list.ts';
import { attentionClaim } from './operations/attention/claim.ts';
import { batchCancel } from './operations/batch/cancel.ts';
import { batchAdd, batchCreate, batchRemove } from './operations/batch/change.ts';
import { batchDispatch } from './operations/batch/dispatch.ts';
import { batchList, batchStatus } from './operations/batch/read.ts';
import { budgetGrant } from './operations/budget/grant.ts';
import { budgetList } from './operations/budget/list.ts';
import { checkpointList, keptList } from './operations/checkpoint/list.ts';
import { keptRestore, runRewind } from './operations/checkpoint/rewind.ts';
import { costList } from './operations/cost/list.ts';
import { planTake } from './operations/plan/take.ts';
import { reviewComment, reviewEdit, reviewRemove } from './operations/review/change.ts';
import { reviewShow } from './operations/review/read.ts';
import { reviewSend } from './operations/review/send.ts';
import { runDeliver } from './operations/run/deliver.ts';
import { runDispatch, runDispatchReady, runDispatchTogether, runFork, runOutlook } from './operations/run/dispatch.ts';
import { runGateLog, runGateRun, runGates } from './operations/run/gates.ts';
import { runExport, runReplay } from './operations/run/history.ts';
import { runRadar } from './operations/run/radar.ts';
import { runDiff, runList, runShow } from './operations/run/read.ts';
import { runApprove, runCancel, runPause, runResume, runSettle } from './operations/run/steer.ts';
import { sessionMessages } from './operations/session/messages.ts';
import { sessionSend, sessionSent, sessionUnsend } from './operations/session/send.ts';
import { sessionShell } from './operations/session/shell.ts';
import { taskOperations } from './operations/task-operations.ts';
import { redo, undo } from './operations/undo/take-back.ts';
import { workerList } from './operations/worker/list.ts';
import { worktreeList } from './operations/worktree/list.ts';
import { worktreeMake } from './operations/worktree/make.ts';
import { worktreePlan, worktreeRemove } from './operations/worktree/prune.ts';

/** Everything that can be asked of Forge, whatever the face: commands, keys and later MCP tools name one of these. */
export const operations = [
  ...taskOperations,
  undo,
  redo,
  planTake,
  runDispatch,
  runDispatchReady,
  runDispatchTogether,
  runOutlook,
  runFork,
  runCancel,
  runApprove,
  runPause,
  runResume,
  runRewind,
  runSettle,
  runList,
  runShow,
  runDiff,
  runExport,
  runReplay,
  checkpointList,
  keptList,
  keptRestore,
  runRadar,
  runDeliver,
  runGates,
  runGateLog,
  runGateRun,
  reviewShow,
  reviewComment,
  reviewEdit,
  reviewRemove,
  reviewSend,
  sessionSend,
  sessionSent,
  sessionUnsend,
  sessionMessages,
  sessionShell,
  attentionClaim,
  workerList,
  agentList,
  costList,
  budgetList,
  budgetGrant,
  batchCreate,
  batchAdd,
  batchRemove,
  batchList,
  batchStatus,
  batchDispatch,
  batchCancel,
  worktreeList,
  worktreeMake,
  worktreePlan,
  worktreeRemove,
] as const;

export type Operation = (typeof operations)[number];
export type OperationName = Operation['name'];
export type TaskOperationName = (typeof taskOperations)[number]['name'];
export type OperationNamed<Name extends OperationName> = Extract<Operation, { name: Name }>;
export type InputOf<Name extends OperationName> = z.input<OperationNamed<Name>['input']>;
export type OutputOf<Name extends OperationName> = Awaited<ReturnType<OperationNamed<Name>['run']>>;
