import type { RunEvent } from './run.ts';

/**
 * What is done about an agent that is stuck. `nudge`: it is told what was seen. `rewind`: its work is taken back, then it is told. `replace`:
 * its fallback goes on, or it begins a new conversation. `ask`: the run is paused.
 */
export const stuckSteps = ['nudge', 'rewind', 'replace', 'ask'] as const;
export type StuckStep = (typeof stuckSteps)[number];

/** Who takes these steps, in the history of a run and of its prompts. */
export const stuckActor = 'supervisor';

/** Where the steps begin anew: the agent came to an answer, or a person let the run go on. */
function beginsAnew({ type, payload }: RunEvent): boolean {
  return type === 'agent.answered' || (type === 'run.resumed' && payload.by !== stuckActor);
}

/** The step that comes next in the order of the settings; after the last one a person is asked. Null: nothing is to be done. */
export function nextStep(steps: readonly StuckStep[], events: readonly RunEvent[]): StuckStep | null {
  if (steps.length === 0) return null;
  const since = events.slice(events.findLastIndex(beginsAnew) + 1);
  return steps[since.filter(({ type }) => type === 'run.stuck').length] ?? 'ask';
}

/** What an agent did before one of these says nothing of it now. */
const breaks: ReadonlySet<string> = new Set(['agent.answered', 'agent.waiting', 'run.resumed', 'run.stuck']);

/** Since when what an agent does counts, in ms since the epoch. `promptAt`: when it took its last prompt. */
export function countsSince(events: readonly RunEvent[], promptAt: number | null): number {
  return Math.max(promptAt ?? 0, events.findLast(({ type }) => breaks.has(type))?.at ?? 0);
}

/** It is paused since it seemed to be stuck. */
export function isThoughtStuck(events: readonly RunEvent[]): boolean {
  return events.findLast(({ type }) => type === 'run.paused')?.payload.isStuck === true;
}

/** A step back that has begun: what was seen, since when, and whether only the agent has still to be told. */
export interface StepBack {
  evidence: string;
  /** Ms since the epoch. */
  since: number;
  isTakenBack: boolean;
}

/** What tells how far a step back has come, or that it is over. */
const stepBackEvents: ReadonlySet<string> = new Set([
  ...['run.paused', 'run.resumed', 'run.fellBack', 'agent.answered', 'rewind.failed'],
]);

/** The step back that a supervisor which was killed meanwhile has left; null: there is none, or somebody has gone on since. */
export function openStepBack(events: readonly RunEvent[]): StepBack | null {
  const begun = events.findLastIndex(({ type }) => type === 'run.stuck');
  const { at = 0, payload = {} } = events[begun] ?? {};
  if (payload.step !== 'rewind') return null;
  const since = events.slice(begun + 1).filter(({ type }) => stepBackEvents.has(type));
  const [paused, resumed] = since;
  if (paused?.type !== 'run.paused' || since.length > 2 || since.some((event) => event.payload.by !== stuckActor))
    return null;
  // In a session of its own the agent was told by its first prompt.
  if (resumed && (resumed.type !== 'run.resumed' || resumed.payload.session !== null)) return null;
  return { evidence: String(payload.reason), since: at, isTakenBack: resumed !== undefined };
}
