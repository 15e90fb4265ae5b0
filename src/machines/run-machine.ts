import { setup } from 'xstate';
import type { FallbackCause } from '../domain/fallback.ts';

/**
 * The lifecycle of a run, as far as this version goes: queued, preparing, working, paused, then done, failed or cancelled.
 *
 * The machine only decides. It has no actions and invokes nothing: each state declares in `meta.ensure` what must be true
 * of the world while the run is in it, and the supervisor makes it true, again after every restart. So a restored
 * snapshot needs no special path, and nothing can be started twice (docs/adr/0002-level-triggered-runs.md).
 */
export const runMachineVersion = 2;
/** Snapshots of these versions can be read: 2 added the state `paused`. */
export const readableMachineVersions: readonly number[] = [1, 2];

/** What must be true while a run is in a state. Each is safe to repeat. */
export type Ensure = 'nothing' | 'worktree' | 'session' | 'interrupted' | 'ended';

export type RunMachineEvent =
  | { type: 'run.started' }
  | { type: 'worktree.prepared'; path: string; branch: string; base: string }
  | { type: 'worktree.failed'; reason: string }
  | { type: 'session.started'; pid: number | null }
  | { type: 'session.refused'; reason: string }
  | { type: 'session.exited'; exitCode: number | null; signal: number | null }
  | { type: 'session.lost' }
  | { type: 'agent.waiting'; reason: string }
  | { type: 'agent.answered' }
  | { type: 'run.paused'; reason: string; by: string }
  /** `session`: the one that it goes on in, when the one before is gone; null: that is alive. */
  | { type: 'run.resumed'; by: string; session: string | null }
  /** The agent `from` could not go on: `agent` does, in the same worktree and a new session. */
  | {
      type: 'run.fellBack';
      cause: FallbackCause;
      reason: string;
      from: string;
      agent: string;
      session: string;
      /** The one that is taken along; null: none, since it is another program. */
      conversation: string | null;
      /** Session and conversation of `from`: by these its last words are found. */
      left: string;
      leftConversation: string | null;
      endsByItself: boolean;
    }
  | { type: 'run.approved'; by: string }
  | { type: 'run.cancelled'; by: string };

export interface RunMachineContext {
  /** The program's end is the end of its work; otherwise it stays and waits for the next prompt. */
  endsByItself: boolean;
  /** How often the agent said that its answer was complete. */
  answers: number;
  isSessionStarted: boolean;
  reason: string;
}

export interface RunMachineInput {
  endsByItself: boolean;
}

type Exited = Extract<RunMachineEvent, { type: 'session.exited' }>;

const machineSetup = setup({
  types: {
    context: {} as RunMachineContext,
    events: {} as RunMachineEvent,
    input: {} as RunMachineInput,
    meta: {} as { ensure: Ensure },
  },
});

/** Sets the reason that a person reads, from the event. */
const because = (reason: (event: RunMachineEvent) => string) =>
  machineSetup.assign({ reason: ({ event }) => reason(event) });

const givenReason = because((event) => ('reason' in event ? event.reason : ''));
const actor = (event: RunMachineEvent) => ('by' in event ? event.by : 'somebody');
const unseenReason =
  'The agent ended when no session host could see how. Look at its work, then accept it or cancel the run.';
const lostReason = 'The session was lost: the machine or its session host ended. The worktree is as it was.';

export const runMachine = machineSetup.createMachine({
  id: 'run',
  initial: 'queued',
  context: ({ input }) => ({ endsByItself: input.endsByItself, answers: 0, isSessionStarted: false, reason: '' }),
  states: {
    queued: {
      meta: { ensure: 'nothing' },
      on: { 'run.started': { target: 'preparing' }, 'run.cancelled': { target: 'cancelled' } },
    },
    preparing: {
      meta: { ensure: 'worktree' },
      on: {
        'worktree.prepared': { target: 'working' },
        'worktree.failed': { target: 'failed', actions: givenReason },
        'run.cancelled': { target: 'cancelled' },
      },
    },
    working: {
      meta: { ensure: 'session' },
      on: {
        'session.started': { actions: machineSetup.assign({ isSessionStarted: true }) },
        'session.refused': { target: 'failed', actions: givenReason },
        'session.lost': { target: 'paused', actions: because(() => lostReason) },
        'run.paused': { target: 'paused', actions: givenReason },
        'run.fellBack': { target: 'preparing', actions: machineSetup.assign(({ event }) => fellBack(event)) },
        // An exit status of 0 alone does not say that a chat's work is done.
        'session.exited': [
          {
            // Neither success nor failure may be claimed: a person decides.
            description: 'nobody saw how',
            guard: ({ event }) => isUnseenExit(event),
            actions: because(() => unseenReason),
          },
          {
            description: 'not with status 0',
            guard: ({ event }) => isCleanExit(event) === false,
            target: 'failed',
            actions: because((event) => failureOf(event as Exited)),
          },
          {
            description: 'a program that ends by itself',
            guard: ({ context }) => context.endsByItself,
            target: 'done',
            actions: because(() => 'The agent finished.'),
          },
          {
            description: 'it has answered',
            guard: ({ context }) => context.answers > 0,
            target: 'done',
            actions: because(() => 'The agent answered and was left.'),
          },
          { description: 'otherwise', target: 'cancelled' },
        ],
        'agent.waiting': { actions: givenReason },
        'agent.answered': {
          actions: machineSetup.assign({ answers: ({ context }) => context.answers + 1, reason: '' }),
        },
        'run.approved': { target: 'done', actions: because((event) => `Accepted by ${actor(event)}.`) },
        'run.cancelled': { target: 'cancelled' },
      },
    },
    paused: {
      meta: { ensure: 'interrupted' },
      on: {
        'run.resumed': {
          target: 'preparing',
          actions: machineSetup.assign({
            isSessionStarted: ({ event }) => event.type === 'run.resumed' && event.session === null,
            reason: '',
          }),
        },
        'run.approved': { target: 'done', actions: because((event) => `Accepted by ${actor(event)}.`) },
        'run.cancelled': { target: 'cancelled' },
      },
    },
    done: { type: 'final', meta: { ensure: 'ended' } },
    failed: { type: 'final', meta: { ensure: 'ended' } },
    cancelled: { type: 'final', meta: { ensure: 'ended' }, entry: because(cancelReason) },
  },
});

/** As a run that begins, but for why. */
function fellBack(event: RunMachineEvent): Partial<RunMachineContext> {
  if (event.type !== 'run.fellBack') return {};
  const { endsByItself, from, agent, reason } = event;
  return { endsByItself, answers: 0, isSessionStarted: false, reason: `${from}: ${reason} It goes on with ${agent}.` };
}

function isUnseenExit(event: RunMachineEvent): boolean {
  return event.type === 'session.exited' && event.exitCode === null && event.signal === null;
}

function isCleanExit(event: RunMachineEvent): boolean {
  return event.type === 'session.exited' && event.exitCode === 0 && !event.signal;
}

function failureOf(event: Exited): string {
  if (event.signal) return `The agent was ended by signal ${event.signal}.`;
  return `The agent exited with status ${event.exitCode}.`;
}

function cancelReason(event: RunMachineEvent): string {
  return event.type === 'run.cancelled' ? `Cancelled by ${event.by}.` : 'The agent was left before it had answered.';
}
