import { counted } from '../base/counted.ts';
import type { Run } from './run.ts';
import type { Worker } from './worker.ts';

/** A step of priority is worth this long in the queue, in ms: 4 waits behind 0 for two hours of coming later, not for ever. */
export const stepOfPriorityMs = 30 * 60_000;

const gapText = 'Waits a moment: another run has just begun.';
const turnText = 'Waits for its turn: another project has fewer runs at work.';
const atWorkText = (count: number) => `${counted(count, 'run')} ${count === 1 ? 'is' : 'are'} at work`;
const allText = (limit: number) => `Waits: ${atWorkText(limit)} in all projects (limits.allProjects).`;

/** What a run waits for that lies outside of its project. `limit` is given when that is what is reached. */
export function outsideText(limit: number | null): string {
  return limit === null ? turnText : allText(limit);
}

/** What a run waits for passes without anybody of its project: a moment, or runs of other projects. */
export function passesByItself(reason: string): boolean {
  return reason === '' || reason === gapText || reason === turnText || / in all projects /.test(reason);
}

/** A queued run, with what its task says now. */
export interface QueuedRun extends Pick<Run, 'id' | 'worker' | 'agent' | 'group' | 'groupMax' | 'createdAt'> {
  priority: number;
  blockedBy: readonly string[];
  /** A budget that it would spend is used up. */
  isSpent: boolean;
}

export interface QueueFacts {
  queued: readonly QueuedRun[];
  /** Runs that hold a worker. */
  atWork: readonly Pick<Run, 'id' | 'worker' | 'agent' | 'group'>[];
  /** How many of a group are at work in other projects. */
  atWorkElsewhere: (group: string) => number;
  workers: readonly Worker[];
  limits: { total: number; perAgent: Readonly<Record<string, number>> };
  /** Another has begun a moment ago. */
  isGap: boolean;
  /** Why none may begin, for a reason that lies outside of the project; null: there is none. */
  refused: string | null;
  /** The program of this worker is known not to be on this machine. */
  isUnfit: (run: string, worker: string) => boolean;
}

export interface QueueStep {
  /** The next one to begin, and on which worker. */
  start: { run: string; worker: Worker } | null;
  /** What each of the others waits for, as a sentence. */
  waits: ReadonlyMap<string, string>;
}

/**
 * Which queued run begins next. All that decides is stored, so a queue that begins anew goes on in the same order. None
 * starves: one that came `stepOfPriorityMs` earlier is before a task that is a step more urgent, and whatever each waits
 * for (a worker, room for its agent) goes to the first in this order that can use it.
 */
export function nextInQueue(facts: QueueFacts): QueueStep {
  const waits = new Map<string, string>();
  let start: QueueStep['start'] = null;
  for (const run of [...facts.queued].sort(byTurn)) {
    const found = workerFor(run, facts);
    if (typeof found === 'string') waits.set(run.id, found);
    else if (facts.isGap) waits.set(run.id, gapText);
    else if (facts.refused !== null) waits.set(run.id, facts.refused);
    else start ??= { run: run.id, worker: found };
  }
  return { start, waits };
}

/** The one whose place in the queue comes first. */
export function byTurn(a: QueuedRun, b: QueuedRun): number {
  return turnOf(a) - turnOf(b) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

function turnOf({ createdAt, priority }: QueuedRun): number {
  return createdAt + priority * stepOfPriorityMs;
}

/** The idle worker that can take the run now, or what it waits for. */
function workerFor(run: QueuedRun, facts: QueueFacts): Worker | string {
  const { atWork, limits, workers } = facts;
  if (run.blockedBy.length > 0) return `Waits for ${run.blockedBy.join(', ')}.`;
  if (run.isSpent) return 'Waits: a budget of it is spent. See: forge budget list';
  if (atWork.length >= limits.total) return `Waits: ${atWorkText(limits.total)}, as many as limits.total allows.`;
  if (run.groupMax !== null && run.group !== null && countTogether(run.group, facts) >= run.groupMax)
    return `Waits: of those that were dispatched with it ${run.groupMax} may be at work at once.`;
  const able = workers.filter(
    ({ name, agent }) => (run.worker === '' || run.worker === name) && (run.agent === '' || run.agent === agent),
  );
  if (able.length === 0) return `Waits for a worker: the settings have none ${wishOf(run)}.`;
  const roomy = able.filter(({ agent }) => countOf(atWork, agent) < (limits.perAgent[agent] ?? limits.total));
  const [full] = able;
  if (roomy.length === 0 && full)
    return `Waits: ${limits.perAgent[full.agent]} of ${full.agent} may be at work at once (limits.perAgent).`;
  const idle = roomy.filter(({ name }) => !atWork.some(({ worker }) => worker === name));
  if (idle.length === 0) return busyText(roomy, atWork);
  const fit = idle.find(({ name }) => !facts.isUnfit(run.id, name));
  return fit ?? `Waits: the program of ${idle[0]?.agent} is not found. See: forge agent list`;
}

function countTogether(group: string, { atWork, atWorkElsewhere }: QueueFacts): number {
  return atWork.filter((other) => other.group === group).length + atWorkElsewhere(group);
}

function countOf(atWork: QueueFacts['atWork'], agent: string): number {
  return atWork.filter((other) => other.agent === agent).length;
}

function wishOf({ worker, agent }: QueuedRun): string {
  return worker !== '' ? `that is named ${worker}` : agent !== '' ? `that runs ${agent}` : 'at all';
}

function busyText(workers: readonly Worker[], atWork: QueueFacts['atWork']): string {
  const [only, ...more] = workers;
  if (only === undefined || more.length > 0) return 'Waits for an idle worker.';
  return `Waits for ${only.name}, which is busy with run ${atWork.find(({ worker }) => worker === only.name)?.id}.`;
}

/** What would become of a task that is dispatched now: which worker takes it, and why that one; or what it would wait for. */
export interface Outlook {
  /** Null: it would wait. */
  worker: string | null;
  why: string;
}

export function outlookOf(run: QueuedRun, facts: QueueFacts): Outlook {
  const found = workerFor(run, facts);
  if (typeof found === 'string') return { worker: null, why: found };
  if (facts.refused !== null) return { worker: null, why: facts.refused };
  if (run.worker !== '') return { worker: found.name, why: 'The task names it, and it is idle.' };
  const wish = run.agent === '' ? '' : ` that runs ${run.agent}, as the task wishes`;
  const passed = facts.workers.slice(0, facts.workers.indexOf(found)).map((worker) => whyNot(worker, run, facts));
  const others = passed.length === 0 ? '' : ` ${passed.join('; ')}.`;
  return { worker: found.name, why: `It is the first idle one${wish}.${others}` };
}

function whyNot({ name, agent }: Worker, run: QueuedRun, { atWork, limits }: QueueFacts): string {
  if (run.agent !== '' && run.agent !== agent) return `${name} runs ${agent}`;
  const busy = atWork.find(({ worker }) => worker === name);
  if (busy) return `${name} has ${busy.id}`;
  const isFull = countOf(atWork, agent) >= (limits.perAgent[agent] ?? limits.total);
  return isFull ? `${name} would be one too many of ${agent}` : `${name} has no program on this machine`;
}
