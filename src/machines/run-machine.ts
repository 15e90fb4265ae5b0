import { setup } from 'xstate';
import { firstContext, type Given, type GoesOn, type RunMachineContext, type RunMachineInput } from './run-context.ts';
import {
  acceptedBy,
  cancelReason,
  conflictReason,
  failed,
  failureOf,
  fellBack,
  followsOf,
  hasGates,
  interruptedReason,
  isCleanExit,
  isDelivered,
  isInterrupted,
  isLate,
  isPresent,
  isReviewAsked,
  isUnseenExit,
  isWork,
  lookReason,
  lostReason,
  mayGoBack,
  nextAttempt,
  resumed,
  unseenReason,
  usedUp,
} from './run-decisions.ts';
import type { RunEventOf, RunMachineEvent } from './run-events.ts';

/**
 * The lifecycle of a run: queued, preparing, working, gating, fixing, reviewing, delivering, awaiting, then done; or failed,
 * cancelled, and paused meanwhile.
 *
 * The machine only decides. It has no actions and invokes nothing: each state declares in `meta.ensure` what must be true
 * of the world while the run is in it, and the supervisor makes it true, again after every restart. So a restored
 * snapshot needs no special path, and nothing can be started twice (docs/adr/0002-level-triggered-runs.md).
 */
export const runMachineVersion = 3;
/** Snapshots of these versions can be read: 2 added the state `paused`, 3 what follows the work. */
export const readableMachineVersions: readonly number[] = [1, 2, 3];

/** What must be true while a run is in a state. Each is safe to repeat. */
export type Ensure =
  | 'nothing'
  | 'worktree'
  | 'session'
  | 'interrupted'
  | 'gates'
  | 'fix'
  | 'rewound'
  | 'delivery'
  | 'merge'
  | 'ended';

const machineSetup = setup({
  types: {
    context: {} as RunMachineContext,
    events: {} as RunMachineEvent,
    input: {} as RunMachineInput,
    meta: {} as { ensure: Ensure },
  },
});

const change = (changes: (given: Given) => Partial<RunMachineContext>) => machineSetup.assign(changes);
/** Sets the reason that a person reads, from the event. */
const because = (reason: (event: RunMachineEvent) => string) => change(({ event }) => ({ reason: reason(event) }));

const givenReason = because((event) => ('reason' in event ? event.reason : ''));
const toGates = { target: 'gating', actions: change(({ context }) => ({ attempt: context.attempt + 1, reason: '' })) };

/** The ways on from work that is complete; `reason` is that of a run which is done with it. */
function finish(guard: (given: Given) => boolean, what: string, reason: (event: RunMachineEvent) => string) {
  const asked = (given: Given) => guard(given) && isReviewAsked(given);
  return [
    { ...toGates, description: `${what}, with gates`, guard: (given: Given) => guard(given) && hasGates(given) },
    {
      target: 'reviewing',
      description: `${what}, a person is to look`,
      guard: asked,
      actions: because(() => lookReason),
    },
    {
      ...{ target: 'delivering', description: `${what}, delivered`, actions: because(reason) },
      guard: (given: Given) => guard(given) && isDelivered(given),
    },
    { target: 'done', description: what, guard, actions: because(reason) },
  ];
}

/** Where an agent works, on its task or on what a gate said. */
const work = (goesOn: GoesOn) => ({
  'session.started': { actions: change(() => ({ isSessionStarted: true })) },
  'session.refused': { target: 'failed', actions: givenReason },
  'run.fellBack': { target: 'preparing', actions: change(({ event }) => fellBack(event)) },
  // An exit status of 0 alone does not say that a chat's work is done.
  'session.exited': [
    {
      description: 'in the middle of a conversation',
      target: 'paused',
      guard: isInterrupted,
      actions: change(({ event }) => ({
        ...{ isSessionOver: true, goesOn },
        reason: interruptedReason(event as RunEventOf<'session.exited'>),
      })),
    },
    {
      // Neither success nor failure may be claimed: a person decides.
      description: 'nobody saw how',
      guard: ({ event }: Given) => isUnseenExit(event),
      actions: change(() => ({ isSessionOver: true, reason: unseenReason })),
    },
    {
      description: 'not with status 0',
      guard: ({ event }: Given) => !isCleanExit(event),
      target: 'failed',
      actions: because((event) => failureOf(event as RunEventOf<'session.exited'>)),
    },
    ...finish(
      ({ context }) => context.endsByItself,
      'a program that ends by itself',
      () => 'The agent finished.',
    ),
    ...finish(
      ({ context }) => context.answers > 0,
      'it has answered',
      () => 'The agent answered and was left.',
    ),
    { description: 'otherwise', target: 'cancelled' },
  ],
  'agent.waiting': { actions: givenReason },
});

const answered = change(({ context }) => ({ answers: context.answers + 1, reason: '' }));
/** What the run waits for stays. */
const answeredMore = change(({ context }) => ({ answers: context.answers + 1 }));
/** Its gates are run for this answer. */
const answeredAnew = change(({ context }) => ({ ...nextAttempt(context), answers: context.answers + 1 }));
/** Where it goes on when it is let, and why it does not now. */
const goesOnFrom = (goesOn: GoesOn) =>
  change(({ event }) => ({ goesOn, reason: 'reason' in event ? event.reason : '' }));
const cancel = { 'run.cancelled': { target: 'cancelled' } };
const pause = (goesOn: GoesOn) => ({
  'run.paused': { target: 'paused', actions: goesOnFrom(goesOn) },
});
/** Accepted as it is, whatever gates said. */
const accept = {
  'run.approved': [
    {
      ...{ target: 'delivering', description: 'delivered', guard: isDelivered },
      actions: change(({ event }) => ({ isApproved: true, reason: acceptedBy(event) })),
    },
    { target: 'done', actions: because(acceptedBy) },
  ],
};
/** How it came to be delivered, and what became of it. */
const delivered = change(({ context, event }) => ({
  reason: [context.reason, 'reason' in event ? event.reason : ''].filter(Boolean).join(' '),
}));
const lose = (goesOn: GoesOn) => ({
  'session.lost': {
    target: 'paused',
    actions: change(() => ({ isSessionOver: true, goesOn, reason: lostReason })),
  },
});
const sessionOver = { actions: change(() => ({ isSessionOver: true })) };

export const runMachine = machineSetup.createMachine({
  id: 'run',
  initial: 'queued',
  context: ({ input }) => firstContext(input),
  states: {
    queued: {
      meta: { ensure: 'nothing' },
      on: {
        'run.started': {
          target: 'preparing',
          actions: change(({ context, event }) => ({
            endsByItself:
              event.type === 'run.started' && event.endsByItself !== undefined
                ? event.endsByItself
                : context.endsByItself,
          })),
        },
        ...cancel,
      },
    },
    preparing: {
      meta: { ensure: 'worktree' },
      on: {
        'worktree.prepared': { target: 'working' },
        'worktree.failed': { target: 'failed', actions: givenReason },
        ...cancel,
      },
    },
    working: {
      meta: { ensure: 'session' },
      on: {
        ...work('working'),
        'agent.answered': [
          { target: 'gating', description: 'with gates', guard: hasGates, actions: answeredAnew },
          {
            ...{ target: 'delivering', description: 'nobody is to look, delivered' },
            guard: ({ event }) => followsOf(event).review === 'never' && isDelivered({ event } as Given),
            actions: answered,
          },
          { actions: answered },
        ],
        'run.approved': [
          {
            ...{ target: 'gating', description: 'with gates', guard: hasGates },
            actions: change(({ context }) => ({ ...nextAttempt(context), isApproved: true })),
          },
          ...accept['run.approved'],
        ],
        ...lose('working'),
        ...pause('working'),
        ...cancel,
      },
    },
    gating: {
      meta: { ensure: 'gates' },
      on: {
        'gates.passed': finish(isPresent, 'they pass', () => 'The gates pass.').slice(1),
        'gates.failed': [
          {
            ...{ target: 'fixing', description: 'it may go back to the agent' },
            guard: (given) => isPresent(given) && mayGoBack(given),
            actions: change(failed),
          },
          {
            ...{ target: 'rewinding', description: 'the work is taken back' },
            guard: (given) => isPresent(given) && (given.event as RunEventOf<'gates.failed'>).onFailure === 'rewind',
            actions: change(failed),
          },
          {
            ...{ target: 'paused', description: 'a person is asked', guard: isPresent },
            actions: change((given) => ({ ...failed(given), goesOn: 'fixing', reason: usedUp(given) })),
          },
        ],
        'gates.broken': { target: 'paused', guard: isPresent, actions: goesOnFrom('gating') },
        // Somebody said more meanwhile: what the gates see is not what will be delivered.
        'agent.answered': { target: 'gating', actions: answeredAnew },
        'session.exited': sessionOver,
        'session.lost': sessionOver,
        ...accept,
        ...pause('gating'),
        ...cancel,
      },
    },
    fixing: {
      meta: { ensure: 'fix' },
      on: {
        ...work('fixing'),
        'agent.answered': { target: 'gating', actions: answeredAnew },
        ...accept,
        ...lose('fixing'),
        ...pause('fixing'),
        ...cancel,
      },
    },
    rewinding: {
      meta: { ensure: 'rewound' },
      on: {
        'run.rewound': { target: 'paused', actions: goesOnFrom('working') },
        'session.exited': sessionOver,
        'session.lost': sessionOver,
        ...cancel,
      },
    },
    reviewing: {
      meta: { ensure: 'nothing' },
      on: {
        'agent.answered': [
          { target: 'gating', description: 'with gates', guard: hasGates, actions: answeredAnew },
          { actions: answeredMore },
        ],
        'session.exited': sessionOver,
        'session.lost': sessionOver,
        ...accept,
        ...pause('working'),
        ...cancel,
      },
    },
    delivering: {
      meta: { ensure: 'delivery' },
      on: {
        'delivery.done': [
          {
            ...{ target: 'awaiting', description: 'until it is merged', actions: delivered },
            guard: ({ event }) => event.awaits,
          },
          { target: 'done', actions: delivered },
        ],
        'delivery.conflicted': {
          target: 'paused',
          actions: change(({ event }) => ({
            goesOn: 'fixing',
            isApproved: false,
            reason: conflictReason(event as RunEventOf<'delivery.conflicted'>),
          })),
        },
        'delivery.failed': { target: 'paused', actions: goesOnFrom('delivering') },
        'session.exited': sessionOver,
        'session.lost': sessionOver,
        ...cancel,
      },
    },
    awaiting: {
      meta: { ensure: 'merge' },
      on: {
        'merge.seen': { target: 'done', actions: givenReason },
        'merge.missed': { actions: givenReason },
        'run.approved': { target: 'done', actions: because(acceptedBy) },
        ...cancel,
      },
    },
    paused: {
      meta: { ensure: 'interrupted' },
      on: {
        'run.resumed': [
          goOn('fixing', ({ event }) => ({ ...resumed(event), failures: {} })),
          goOn('gating', ({ context }) => ({ ...nextAttempt(context), failures: {} })),
          goOn('delivering', () => ({ reason: '' })),
          ...finish(
            ({ context }) => context.goesOn === 'complete',
            'its agent finished meanwhile',
            () => 'The agent finished.',
          ),
          { target: 'preparing', actions: change(({ event }) => ({ ...resumed(event), failures: {} })) },
        ],
        'run.fellBack': {
          ...{ target: 'preparing', description: 'it was thought to be stuck, and has died' },
          actions: change(({ event }) => fellBack(event)),
        },
        'session.exited': [
          ...finish(
            ({ context, event }) =>
              isLate(event) && isCleanExit(event) && (context.endsByItself || context.answers > 0),
            'it was thought to be stuck, and has finished',
            () => 'The agent finished.',
          ),
          {
            ...{ target: 'failed', description: 'it was thought to be stuck, and has died' },
            guard: ({ event }) => isLate(event) && !isCleanExit(event) && !isUnseenExit(event),
            actions: because((event) => `It seemed to be stuck. ${failureOf(event as RunEventOf<'session.exited'>)}`),
          },
          {
            ...{ target: 'cancelled', description: 'it was thought to be stuck, and was left' },
            guard: ({ event }) => isLate(event) && isCleanExit(event),
          },
          // It was told to stop, and has finished all the same: that is taken when the run goes on.
          {
            guard: ({ context, event }) => context.endsByItself && isCleanExit(event) && isWork(context.goesOn),
            actions: change(({ context }) => ({
              ...{ isSessionOver: true, goesOn: 'complete' },
              reason: `${context.reason} Its agent has finished meanwhile.`,
            })),
          },
        ],
        'agent.answered': [
          {
            ...{ target: 'gating', description: 'it was thought to be stuck, with gates' },
            guard: (given) => isLate(given.event) && hasGates(given),
            actions: answeredAnew,
          },
          {
            ...{ target: 'working', description: 'it was thought to be stuck', actions: answered },
            guard: ({ event }) => isLate(event),
          },
          {
            guard: (given) => isWork(given.context.goesOn) && hasGates(given),
            actions: change(({ context }) => ({
              ...{ answers: context.answers + 1, goesOn: 'complete' },
              reason: `${context.reason} Its agent has answered meanwhile.`,
            })),
          },
          { actions: answeredMore },
        ],
        ...accept,
        ...cancel,
      },
    },
    done: { type: 'final', meta: { ensure: 'ended' } },
    failed: { type: 'final', meta: { ensure: 'ended' } },
    cancelled: { type: 'final', meta: { ensure: 'ended' }, entry: because(cancelReason) },
  },
});

function goOn(goesOn: Exclude<GoesOn, 'working' | 'complete'>, changes: (given: Given) => Partial<RunMachineContext>) {
  return {
    ...{ target: goesOn, description: 'it was paused there' },
    guard: ({ context }: Given) => context.goesOn === goesOn,
    actions: change(changes),
  };
}
