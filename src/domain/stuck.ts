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
