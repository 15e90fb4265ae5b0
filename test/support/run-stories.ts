import type { RunMachineEvent } from '../../src/machines/run-events.ts';

/** A run as far as it came, in the words of the machine; `ends`: the state that it is in then. */
export interface RunStory {
  ends: string;
  endsByItself: boolean;
  events: RunMachineEvent[];
}

const prepared: RunMachineEvent = {
  type: 'worktree.prepared',
  path: '/w/fg-a3f8',
  branch: 'forge/fg-a3f8',
  base: 'c0',
};
const begun: RunMachineEvent[] = [{ type: 'run.started' }, prepared, { type: 'session.started', pid: 7 }];
const follows = { hasGates: true, review: 'open', delivery: 'branch' } as const;
const gating: RunMachineEvent[] = [...begun, { type: 'agent.answered', follows }];
const failed = (rounds: number, onFailure: 'ask' | 'rewind'): RunMachineEvent => ({
  ...{ type: 'gates.failed', attempt: 1, gate: 'tests', reason: 'It exited with status 1.', output: 'not ok' },
  ...{ rounds, onFailure, session: null },
});
const delivering: RunMachineEvent[] = [
  ...gating,
  { type: 'gates.passed', attempt: 1, follows },
  { type: 'run.approved', by: 'ada', follows },
];
const delivered: RunMachineEvent = { type: 'delivery.done', reason: 'It is on a branch.', awaits: true, commit: 'c1' };

/** A story for each state that the machine has. */
export const runStories: readonly RunStory[] = [
  { ends: 'queued', endsByItself: true, events: [] },
  { ends: 'preparing', endsByItself: true, events: begun.slice(0, 1) },
  { ends: 'working', endsByItself: false, events: [...begun, { type: 'agent.waiting', reason: 'permission' }] },
  { ends: 'gating', endsByItself: false, events: gating },
  { ends: 'fixing', endsByItself: false, events: [...gating, failed(1, 'ask')] },
  { ends: 'rewinding', endsByItself: false, events: [...gating, failed(0, 'rewind')] },
  { ends: 'reviewing', endsByItself: false, events: [...gating, { type: 'gates.passed', attempt: 1, follows }] },
  { ends: 'delivering', endsByItself: false, events: delivering },
  { ends: 'awaiting', endsByItself: false, events: [...delivering, delivered] },
  { ends: 'paused', endsByItself: true, events: [...begun, { type: 'session.lost' }] },
  {
    ends: 'done',
    endsByItself: false,
    events: [...delivering, delivered, { type: 'merge.seen', reason: 'It was merged.' }],
  },
  { ends: 'failed', endsByItself: true, events: [...begun, { type: 'session.exited', exitCode: 3, signal: null }] },
  { ends: 'cancelled', endsByItself: true, events: [...begun, { type: 'run.cancelled', by: 'ada' }] },
];
