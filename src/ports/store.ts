import type { Disposable } from '../base/disposable.ts';
import type { AgentWords } from '../domain/agent-words.ts';
import type { BudgetStatus, Grant } from '../domain/budget.ts';
import type { Checkpoint, CheckpointKind } from '../domain/checkpoint.ts';
import type { ForeignFile } from '../domain/exchange/foreign-task.ts';
import type { Message, MessageState } from '../domain/message.ts';
import type { ReviewComment } from '../domain/review/review-comment.ts';
import type { DiffStat, Run, RunEvent, RunStatus } from '../domain/run.ts';
import type { Task, TaskChange, TaskComment, TaskDraft, TaskPatch, TaskView } from '../domain/task.ts';
import type { TaskFilter } from '../domain/task-filter.ts';
import type { TaskQuery } from '../domain/task-query.ts';
import type { BatchChanged, TaskChanged, TaskStep } from '../domain/task-step.ts';
import type { UsageEntry, UsageSum } from '../domain/usage.ts';
import type { OwnBatch } from './batches.ts';

export interface TaskRepository {
  /** Throws `task.missing` for an unknown dependency or parent, `task.cycle` with the circle named. */
  add(draft: TaskDraft): TaskView;
  edit(id: string, patch: TaskPatch): TaskView;
  /** All or none of them. */
  editMany(query: TaskQuery, patch: TaskPatch): TaskView[];
  comment(id: string, text: string): TaskView;
  /**
   * Gives a worker the most urgent task that is ready, nobody else's and in no run, or the one that is named: no two ever
   * get the same. null: there is none. Throws `task.claimed` for a named one that is not free.
   */
  claim(worker: string, id: string | null): TaskView | null;
  /** Takes a claim back. */
  release(id: string): TaskView;
  /** Throws `task.missing`. `id` may be given without the prefix when it is not ambiguous. */
  get(id: string): TaskView;
  /** The task of exactly this id. */
  find(id: string): TaskView | null;
  details(id: string): TaskDetails;
  /** Oldest first. */
  list(): TaskView[];
  count(): number;
  countOpen(): number;
  /** What one look at the project shows: the most urgent open tasks, those closed last, and those of the newest runs. */
  shown(): TaskView[];
  /** Most urgent first. */
  select(query: TaskQuery, page?: TaskPage): TaskView[];
  /** Best first: where all the words are, with any ending, in title, body, labels or comments. */
  search(words: string, options: { limit: number; isAll: boolean }): TaskView[];
  /** What nothing blocks and nobody has claimed, most urgent first; `isIdle`: and no run has. */
  ready(options?: { limit?: number; isIdle?: boolean }): TaskView[];
  close(id: string): TaskView;
  reopen(id: string): TaskView;
  addDependency(id: string, dependsOn: string): TaskView;
  removeDependency(id: string, dependsOn: string): TaskView;
  /** Several changes that are stored together, or not at all when `act` throws. */
  together<T>(act: () => T): T;
  /** As `together`; what it changes is one step of this person. */
  step<T>(act: () => T): T;
  /** All or none of them. Throws `undo.changed`, and `task.cycle` when that came of what was done since. */
  takeBack(changes: readonly TaskChanged[]): TaskView[];
}

/** What this person did to tasks, as far as it can be taken back. */
export interface TaskStepRepository {
  /** A step that is stored elsewhere. */
  add(change: BatchChanged): void;
  /** What is taken back next; or, of what was taken back and nothing was done since, what is done again next. */
  newest(isTakenBack: boolean): TaskStep | null;
  /** False: it is so already, or no step any more. */
  mark(id: number, isTakenBack: boolean): boolean;
}

/** No limit: all from there on. */
export interface TaskPage {
  limit?: number;
  offset?: number;
}

/** A task with what was said and done, and the ids of those that point at it. */
export interface TaskDetails extends TaskView {
  comments: TaskComment[];
  history: TaskChange[];
  blocks: string[];
  children: string[];
  relatedFrom: string[];
  discovered: string[];
}

/** Queries under names. `get` and `remove` throw `filter.missing`. */
export interface TaskFilterRepository {
  /** Replaces one of the same name. */
  save(filter: TaskFilter): void;
  get(name: string): TaskFilter;
  list(): TaskFilter[];
  remove(name: string): TaskFilter;
}

/** What an import did, or would do. */
export interface TaskImport {
  /** Ids of the new tasks. */
  added: string[];
  /** How many were there before, and stay as they are. */
  known: number;
  /** What was left out, with its line. */
  notes: string[];
}

/** All of a file or nothing: throw `import.invalid` with the lines that are bad, and `task.cycle`. */
export interface TaskImportRepository {
  /** Lines of `tasks.jsonl`. */
  lines(content: string, isDryRun: boolean): TaskImport;
  /** `source` tells where keys come from: a key means the same task in each import from there. */
  foreign(source: string, file: ForeignFile, isDryRun: boolean): TaskImport;
}

/** What the machine left: stored beside the run, and given back as it was. */
export interface RunSnapshot {
  machineVersion: number;
  snapshot: unknown;
}

export interface NewRun {
  task: string;
  /** The wished one; empty: any. */
  worker: string;
  /** The wished one; empty: any. */
  agent: string;
  /** Left out: it came alone. */
  group?: RunGroup | null;
}

/** Runs that were dispatched together, of which at most so many are to be at work at once. */
export interface RunGroup {
  id: string;
  max: number;
}

export interface RunRepository {
  /**
   * Creates a run with its first event and snapshot, in one transaction that also claims the task: throws `task.running`
   * when a live run has it. Mints the ids of run and session.
   */
  create(input: NewRun, first: (ids: { run: string; session: string }) => RunTransition): Run;
  /**
   * Appends the event and replaces the snapshot and the row, in one transaction that also claims the worker: throws
   * `worker.busy` when another run holds it.
   */
  append(id: string, transition: RunTransition): Run;
  /** By its id, also a part of it. Throws `run.missing`. */
  get(id: string): Run;
  list(): Run[];
  live(): Run[];
  /** Those that have ended and were not settled: their work may not be kept yet. */
  unsettled(): Run[];
  /** All is done that the end of the run asks for. */
  settle(id: string): void;
  snapshot(id: string): RunSnapshot;
  events(id: string): RunEvent[];
  /** What it began with. */
  firstEvent(id: string): RunEvent;
  /** Null when there is none of exactly this id. */
  find(id: string): Run | null;
  setDiffStat(id: string, stat: DiffStat): void;
  /** Notes it in the history too. */
  setConversation(id: string, conversation: string): void;
  /** What queued runs wait for, by their ids. It follows from the rest of the store and is no event. */
  setWaits(waits: ReadonlyMap<string, string>): void;
  /** Puts what the events make of the run in the place of a snapshot and row that cannot be right; what was there goes into the history. */
  mend(id: string, snapshot: RunSnapshot, row: RunTransition['row'] & { status: RunStatus }): void;
  /** Adds an event to the history that changes nothing of the run, whatever its state. */
  note(id: string, event: RunTransition['event']): void;
}

/** One step of a run: the event, what it made of the run, and the machine's snapshot after it. */
export interface RunTransition {
  event: { type: string } & Record<string, unknown>;
  /** Left out: now. */
  at?: number;
  status: RunStatus;
  snapshot: RunSnapshot;
  row: Partial<
    Pick<
      Run,
      | 'worker'
      | 'agent'
      | 'reason'
      | 'worktree'
      | 'branch'
      | 'base'
      | 'session'
      | 'conversation'
      | 'startedAt'
      | 'endedAt'
    >
  >;
}

/** A model call of a run. */
export interface RunUsage extends UsageEntry {
  run: string;
  agent: string;
  conversation: string;
}

export interface UsageRepository {
  /**
   * Of several with one key and model in a conversation the newest counts alone, and stays with the run that told it first.
   * True when it was new.
   */
  put(by: { run: string; agent: string; conversation: string }, entry: UsageEntry): boolean;
  list(): RunUsage[];
  /** Calls of the model by a run since then, and all their tokens. */
  since(run: string, at: number): { calls: number; tokens: number };
  /**
   * All of it added up by run, agent, model, day and length of prompt; `promptLengths` in tokens, ascending. Made anew only for runs
   * that used more since the last call: the same array when none did.
   */
  sums(promptLengths: readonly number[]): readonly UsageSum[];
}

/** Batches from when each project had its own. */
export interface OwnBatchRepository {
  /** Those that were not handed over yet, oldest first. */
  list(): OwnBatch[];
  /** They are kept elsewhere now, each under a name that may be another one: what was granted to it follows it. */
  handOver(names: ReadonlyMap<string, string>): void;
}

/** Money that was granted beyond the limits of budgets, and which warnings were given. */
export interface BudgetRepository {
  grants(): Grant[];
  grant(grant: Omit<Grant, 'at'>): Grant;
  /**
   * Notes in the history of the run that a budget has come this far. True the first time for this limit: a warning is
   * given once, by whichever run.
   */
  warn(status: Pick<BudgetStatus, 'scope' | 'name' | 'level' | 'limitUsd'>, run: string, reason: string): boolean;
}

/** What the records of each session's agent said last. */
export interface WordsRepository {
  get(session: string): AgentWords | null;
  set(session: string, words: AgentWords): void;
}

export interface MessageChange extends Partial<Pick<Message, 'note' | 'typedAt' | 'acceptedAt' | 'answeredAt'>> {
  state: MessageState;
}

/** Prompts on their way into sessions, oldest first in every list. */
export interface MessageRepository {
  /** One for each session, queued. */
  add(sessions: readonly string[], text: string, actor: string, at: number): Message[];
  /** Throws `message.missing`. */
  get(id: number): Message;
  /** Those of a session; null: all. */
  list(session: string | null): Message[];
  /** Those that are queued, being typed, or not answered yet. */
  unfinished(): Message[];
  /** The newest one of each session. */
  newest(): Message[];
  /** Those that wait for the session `from` go to `to`, and those that were not answered there; `isSaidAgain`: to be typed again. */
  move(from: string, to: string, isSaidAgain: boolean): void;
  /** False, and nothing changed, when it is in none of the states `from` any more. */
  change(id: number, from: readonly MessageState[], change: MessageChange): boolean;
}

export type NewCheckpoint = Omit<Checkpoint, 'number' | 'at'>;
/** `noted`: its ref is about to be made. `going`: its ref is about to be removed. */
export type CheckpointState = 'noted' | 'made' | 'going';

/** A rewind that has not come to its end. `target` is a ref, `kept` the number of what was there before. */
export interface OpenRewind {
  id: number;
  run: string;
  target: string;
  kept: number;
  by: string;
}

/** Checkpoints and kept work of runs, oldest first in every list. */
export interface CheckpointRepository {
  /** With the next number of its run and kind, `numberMin` at least. */
  note(checkpoint: NewCheckpoint, numberMin?: number): Checkpoint;
  /** One whose ref was found without a row. */
  adopt(checkpoint: Checkpoint): void;
  setState(checkpoint: Checkpoint, state: CheckpointState): void;
  remove(checkpoint: Checkpoint): void;
  /** Of a run; null: of all. In whatever state. */
  list(run: string | null, kind: CheckpointKind): Checkpoint[];
  inState(state: CheckpointState): Checkpoint[];
  /** An earlier one of the run that has no end is given up. */
  beginRewind(run: string, target: string, kept: number, by: string): number;
  endRewind(id: number): void;
  /** The newest one of the run by this person or part since then; null: there was none. */
  endedRewind(run: string, by: string, since: number): OpenRewind | null;
  openRewinds(): OpenRewind[];
}

/** What people said of lines that runs changed, in the order in which they said it. */
export interface ReviewRepository {
  add(comment: Omit<ReviewComment, 'id' | 'at' | 'sentAt' | 'note'>): ReviewComment;
  /** Throws `review.missing`. */
  get(id: number): ReviewComment;
  /** Throws `review.missing`, and `review.sent` for one that an agent was given. */
  edit(id: number, text: string): ReviewComment;
  /** As `edit`. */
  remove(id: number): ReviewComment;
  /** Of these runs. */
  list(runs: readonly string[]): ReviewComment[];
  /** `message`: the prompt with them; when that fails or is taken back they are not sent. Null: a session begins with them. */
  setSent(ids: readonly number[], message: number | null): void;
}

/** A project's store: synchronous, safe for several processes at once (WAL, busy timeout). */
export interface Store extends Disposable {
  readonly tasks: TaskRepository;
  readonly steps: TaskStepRepository;
  readonly imports: TaskImportRepository;
  readonly filters: TaskFilterRepository;
  readonly runs: RunRepository;
  readonly usage: UsageRepository;
  readonly ownBatches: OwnBatchRepository;
  readonly budgets: BudgetRepository;
  readonly checkpoints: CheckpointRepository;
  readonly words: WordsRepository;
  readonly messages: MessageRepository;
  readonly reviews: ReviewRepository;
  /** A newer Forge wrote it. */
  readonly isReadOnly: boolean;
  /** Grows whenever any process changed the store; cheap to ask. */
  revision(): number;
  /** Another text whenever something changed elsewhere that tasks of this store wait for; cheap to ask. */
  elsewhere(): string;
  /**
   * Takes in `tasks.jsonl` if it changed on disk; what needs a person, such as a line that cannot be read, is in `problems`. `inOrder`: its lines
   * are by id afterwards, also those of a large file, in which what changes is put at the end.
   */
  sync(inOrder?: boolean): { problems: string[] };
  /** Lines that this store put into `tasks.jsonl` since it was asked last; null: it wrote the file whole. */
  written(): string[] | null;
  /** Every task with its comments and history, by id. */
  export(): Task[];
  /** The whole store as the bytes of a database file. */
  bytes(): Uint8Array;
  /** A word that belongs to this store and goes where it goes. */
  note(key: string): string | null;
  setNote(key: string, value: string): void;
}
