import { asForgeError, ForgeError } from '../../base/errors.ts';
import type { Message } from '../../domain/message.ts';
import { isRunEnded, type Run, type RunEvent } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import { stepRun } from '../../machines/run-step.ts';
import type { Store } from '../../ports/store.ts';
import type { SupervisorContext } from '../context.ts';
import { typableText } from './prompt-keys.ts';

/** What a reviewer says. `since`: when the newest comment was made, in ms since the epoch. */
export interface Review {
  words: string;
  since: number;
  comments: number;
}

/** Who has the words: the run, and the prompt that brings them; null: a session begins with them. */
export interface SentBack {
  run: Run;
  message: number | null;
}

/**
 * Gives the words of a reviewer to the agent: as a prompt to the session that is there, otherwise as what the next session of the run,
 * or the next run of its task, begins with. Safe to repeat, also after a kill in its middle: what was said already is not said again.
 */
export async function sendBack(context: SupervisorContext, run: Run, review: Review): Promise<SentBack> {
  const { store, runs, actor } = context;
  const newest = newestOf(store, run.task);
  const begun = wordsOfReview(store, newest);
  if (begun?.words === review.words && begun.at >= review.since) return { run: newest, message: null };
  if (isRunEnded(run.status)) return { run: await sendAnew(context, run, review), message: null };
  if (!takesWords(store, run)) throw unheard(run);
  if (run.status === 'paused') {
    note(context, run, review);
    const resumed = runs.resume(run.id, actor);
    return resumed.session === run.session ? type(context, resumed, review) : { run: resumed, message: null };
  }
  try {
    return await type(context, run, review);
  } catch (failure) {
    if (!gone.has(asForgeError(failure).code)) throw failure;
    if (run.status === 'gating') throw unheard(run);
    note(context, run, review);
    runs.pause(run.id, 'It goes on with what the review says.', actor);
    return { run: runs.resume(run.id, actor), message: null };
  }
}

/** Its agent is at work or can be again: a paused one whose gates or delivery come next is not. */
function takesWords(store: Store, run: Run): boolean {
  if (run.status !== 'paused') return ['working', 'gating', 'fixing', 'reviewing'].includes(run.status);
  const resumed: RunMachineEvent = { type: 'run.resumed', by: '', session: null };
  const next = stepRun(store.runs.snapshot(run.id), resumed)?.status;
  return next === 'preparing' || next === 'fixing';
}

const gone: ReadonlySet<string> = new Set(['session.missing', 'session.ended']);

function unheard(run: Run): ForgeError {
  return new ForgeError('run.state', `Run ${run.id} is ${run.status}: no agent of it takes comments now.`, {
    next: `Wait, or end it: forge cancel ${run.id}. Then send again: what has ended goes on as a new run.`,
  });
}

async function type({ store, messages }: SupervisorContext, run: Run, review: Review): Promise<SentBack> {
  const { words, since, comments } = review;
  const isMeant = ({ text, createdAt, state }: Message) =>
    text === typableText(words) && createdAt >= since && state !== 'failed' && state !== 'cancelled';
  const said = store.messages.list(run.session).find(isMeant);
  if (said) return { run, message: said.id };
  const [message] = await messages.send([run.session], words, []);
  const { id, actor } = message as Message;
  store.runs.note(run.id, { type: 'review.sent', by: actor, comments, prompt: id });
  return { run, message: id };
}

/** The words wait in the history of the run for what begins with them. */
function note({ store, actor }: SupervisorContext, run: Run, { words, comments, since }: Review): void {
  const isNoted = store.runs.events(run.id).some((event) => event.payload.words === words && event.at >= since);
  if (!isNoted) store.runs.note(run.id, { type: 'review.sent', by: actor, comments, words });
}

function sendAnew(context: SupervisorContext, run: Run, review: Review): Promise<Run> {
  const { store, runs } = context;
  note(context, run, review);
  if (store.tasks.get(run.task).status === 'closed') store.tasks.reopen(run.task);
  return runs.dispatch(run.task, null);
}

/** What a reviewer said that the present session of this run began with, or is to begin with; null: it begins otherwise. */
export function wordsOfReview(store: Store, run: Run): { words: string; at: number } | null {
  const events = store.runs.events(run.id);
  const goesOn = events.findLast(({ payload }) => typeof payload.session === 'string');
  const said = goesOn ? lastReview(events) : lastReview(earlierEvents(store, run));
  if (!said) return null;
  const after = goesOn
    ? events.find((event) => event.sequence > said.sequence && event.type === 'run.resumed')
    : undefined;
  return after === goesOn ? { words: String(said.payload.words), at: said.at } : null;
}

function lastReview(events: readonly RunEvent[]): RunEvent | undefined {
  return events.findLast(({ type: kind, payload }) => kind === 'review.sent' && typeof payload.words === 'string');
}

/** Of the run of this task that ended before this one began, what happened since. */
function earlierEvents(store: Store, { task, id, createdAt }: Run): RunEvent[] {
  const earlier = store.runs.list().filter((run) => run.task === task && run.id !== id && run.createdAt <= createdAt);
  const before = earlier.reduce<Run | null>((last, run) => (last && last.createdAt > run.createdAt ? last : run), null);
  const endedAt = before?.endedAt ?? null;
  return before && endedAt !== null ? store.runs.events(before.id).filter(({ at }) => at >= endedAt) : [];
}

function newestOf(store: Store, task: string): Run {
  const runs = store.runs.list().filter((run) => run.task === task);
  return runs.reduce((last, run) => (run.createdAt >= last.createdAt ? run : last));
}
