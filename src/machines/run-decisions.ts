import { type Completion, nothingFollows } from '../domain/completion.ts';
import type { Given, GoesOn, RunMachineContext } from './run-context.ts';
import type { RunEventOf, RunMachineEvent } from './run-events.ts';

const unseenEnd = 'The agent ended when no session host could see how.';
export const unseenReason = `${unseenEnd} Look at its work, then accept it or cancel the run.`;
export const lostReason = 'The session was lost: the machine or its session host ended. The worktree is as it was.';

export const acceptedBy = (event: RunMachineEvent) => `Accepted by ${'by' in event ? event.by : 'somebody'}.`;

export const followsOf = (event: RunMachineEvent): Completion =>
  ('follows' in event && event.follows) || nothingFollows;
export const hasGates = ({ event }: Given) => followsOf(event).hasGates;
export const isDelivered = ({ event }: Given) => followsOf(event).delivery !== 'none';

export const isPresent = ({ context, event }: Given) => 'attempt' in event && event.attempt === context.attempt;

export const lookReason = 'The work is complete. Look at it, then accept it or say more.';

/** An accepted work is not asked about again. */
export function isReviewAsked({ context, event }: Given): boolean {
  if (context.isApproved || event.type === 'run.approved') return false;
  const { review } = followsOf(event);
  const isOpen = !context.isSessionOver && event.type !== 'session.exited';
  return review === 'always' || (review === 'open' && isOpen && !context.endsByItself);
}

export function isLate(event: RunMachineEvent): boolean {
  return 'isLate' in event && event.isLate === true;
}

export function isWork(goesOn: GoesOn): boolean {
  return goesOn === 'working' || goesOn === 'fixing';
}

export function resumed(event: RunMachineEvent): Partial<RunMachineContext> {
  const isAlive = event.type === 'run.resumed' && event.session === null;
  return { isSessionStarted: isAlive, isSessionOver: false, reason: '' };
}

export function nextAttempt({ attempt }: RunMachineContext): Partial<RunMachineContext> {
  return { attempt: attempt + 1, reason: '' };
}

export function mayGoBack({ context, event }: Given): boolean {
  return event.type === 'gates.failed' && (context.failures[event.gate] ?? 0) < event.rounds;
}

export function failed({ context, event }: Given): Partial<RunMachineContext> {
  if (event.type !== 'gates.failed') return {};
  const { gate, reason, session } = event;
  const failures = { ...context.failures, [gate]: (context.failures[gate] ?? 0) + 1 };
  const isInNew = session !== null && mayGoBack({ context, event });
  const started = isInNew ? { isSessionStarted: false, isSessionOver: false } : {};
  return { failures, reason, isApproved: false, ...started };
}

export function usedUp({ context, event }: Given): string {
  if (event.type !== 'gates.failed') return '';
  const times = context.failures[event.gate] ?? 0;
  const told = times === 0 ? '' : ` Its output went back to the agent ${times === 1 ? 'once' : `${times} times`}.`;
  return `${event.reason}${told} Let it go on to have it mended, or accept the work as it is.`;
}

/** As a run that begins, but for why. */
export function fellBack(event: RunMachineEvent): Partial<RunMachineContext> {
  if (event.type !== 'run.fellBack') return {};
  const { endsByItself, from, agent, reason } = event;
  const started = { endsByItself, answers: 0, isSessionStarted: false, isSessionOver: false };
  return { ...started, reason: `${from}: ${reason} It goes on with ${agent}.` };
}

export function isUnseenExit(event: RunMachineEvent): boolean {
  return event.type === 'session.exited' && event.exitCode === null && event.signal === null;
}

export function isCleanExit(event: RunMachineEvent): boolean {
  return event.type === 'session.exited' && event.exitCode === 0 && !event.signal;
}

/** A chat whose program was cut off: it can go on where it was. */
export function isInterrupted({ context, event }: Given): boolean {
  return event.type === 'session.exited' && event.isCutOff === true && !context.endsByItself;
}

export function interruptedReason(event: RunEventOf<'session.exited'>): string {
  const ended = isUnseenExit(event) ? unseenEnd : failureOf(event);
  return `${ended} Let it go on where it was, accept its work as it is, or cancel the run.`;
}

export function failureOf(event: RunEventOf<'session.exited'>): string {
  if (event.signal) return `The agent was ended by signal ${event.signal}.`;
  return `The agent exited with status ${event.exitCode}.`;
}

export function conflictReason({ files, against, asks }: RunEventOf<'delivery.conflicted'>): string {
  const accepted = asks === undefined ? 'it is tried again' : 'it is delivered all the same';
  const next = `Resumed, its agent resolves that; accepted, ${accepted}.`;
  return `It does not merge with ${against}: conflicts in ${files.join(', ')}. ${next}`;
}

export function cancelReason(event: RunMachineEvent): string {
  return event.type === 'run.cancelled' ? `Cancelled by ${event.by}.` : 'The agent was left before it had answered.';
}
