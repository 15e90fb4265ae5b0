import { ForgeError } from '../base/errors.ts';
import { faultPoint } from '../base/fault-point.ts';
import { randomId } from '../base/ids.ts';
import { type DiffStat, holdsWorker, isRunEnded, isRunningText, type Run, type RunEvent } from '../domain/run.ts';
import { whyNotReady } from '../domain/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewRun, RunRepository, RunSnapshot, RunTransition } from '../ports/store.ts';
import type { Database } from './database.ts';
import { findIds } from './find-id.ts';
import { RunEvents } from './run-events.ts';
import { type RunRow, runFromRow } from './run-row.ts';
import type { TaskRows } from './task-rows.ts';

export interface RunStoreInput {
  database: Database;
  tasks: TaskRows;
  prefix: string;
  clock: Clock;
}

/** Runs in SQLite: event, state and snapshot change together or not at all. */
export class Runs implements RunRepository {
  readonly #input: RunStoreInput;
  readonly #events: RunEvents;

  constructor(input: RunStoreInput) {
    this.#input = input;
    this.#events = new RunEvents(input.database);
  }

  create(input: NewRun, first: (ids: { run: string; session: string }) => RunTransition): Run {
    const { database, clock } = this.#input;
    faultPoint('event run.queued before');
    const created = database.write(() => {
      const task = this.#claimable(input.task);
      const number = this.#nextNumber(task);
      const id = `${task}-${number}`;
      const session = `${id}.${randomId(4)}`;
      const transition = first({ run: id, session });
      const now = clock();
      database.sqlite
        .prepare(
          `INSERT INTO runs (id, task, number, worker, agent, queue_group, group_max, status, reason, session, created_at, is_live)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, 1)`,
        )
        .run(
          ...[id, task, number, input.worker, input.agent, input.group?.id ?? null, input.group?.max ?? null],
          ...[transition.status, session, now],
        );
      return this.#apply(this.#row(id), transition, now);
    });
    faultPoint('event run.queued after');
    return created;
  }

  append(id: string, transition: RunTransition): Run {
    const { database, clock } = this.#input;
    faultPoint(`event ${transition.event.type} before`);
    const changed = database.write(() => {
      const run = this.#row(id);
      if (isRunEnded(run.status)) throw new ForgeError('run.ended', `run ${run.id} has ended: it is ${run.status}`);
      return this.#apply(run, transition, transition.at ?? clock());
    });
    faultPoint(`event ${transition.event.type} after`);
    return changed;
  }

  get(id: string): Run {
    return this.#input.database.read(() => this.#row(id));
  }

  list(): Run[] {
    return this.#select('SELECT * FROM runs ORDER BY created_at, task, number');
  }

  live(): Run[] {
    return this.#select('SELECT * FROM runs WHERE is_live = 1 ORDER BY created_at, task, number');
  }

  unsettled(): Run[] {
    return this.#select('SELECT * FROM runs WHERE is_live = 0 AND is_settled = 0 ORDER BY ended_at');
  }

  settle(id: string): void {
    const { database } = this.#input;
    database.write(() => database.sqlite.prepare('UPDATE runs SET is_settled = 1 WHERE id = ?').run(id));
  }

  snapshot(id: string): RunSnapshot {
    const { database } = this.#input;
    return database.read(() => {
      const row = database.sqlite
        .prepare('SELECT machine_version, snapshot FROM run_snapshots WHERE run = ?')
        .get(this.#row(id).id) as { machine_version: number; snapshot: string } | undefined;
      return { machineVersion: row?.machine_version ?? 0, snapshot: parseOrNull(row?.snapshot ?? '') };
    });
  }

  events(id: string): RunEvent[] {
    return this.#input.database.read(() => this.#events.list(this.#row(id).id));
  }

  firstEvent(id: string): RunEvent {
    return this.#input.database.read(() => this.#events.first(this.#row(id).id));
  }

  find(id: string): Run | null {
    return this.#input.database.read(() => this.#runThat('id = ?', id));
  }

  setDiffStat(id: string, { filesChanged, linesAdded, linesRemoved }: DiffStat): void {
    const { database } = this.#input;
    const known = this.get(id);
    const isSame =
      known.filesChanged === filesChanged && known.linesAdded === linesAdded && known.linesRemoved === linesRemoved;
    if (isSame) return;
    database.write(() => {
      database.sqlite
        .prepare('UPDATE runs SET files_changed = ?, lines_added = ?, lines_removed = ? WHERE id = ?')
        .run(filesChanged, linesAdded, linesRemoved, known.id);
    });
  }

  setConversation(id: string, conversation: string): void {
    const { database } = this.#input;
    if (this.get(id).conversation === conversation) return;
    database.write(() => {
      database.sqlite.prepare('UPDATE runs SET conversation = ? WHERE id = ?').run(conversation, id);
      this.note(id, { type: 'conversation.known', conversation });
    });
  }

  setWaits(waits: ReadonlyMap<string, string>): void {
    const { database } = this.#input;
    database.write(() => {
      const change = database.sqlite.prepare(
        "UPDATE runs SET reason = @reason WHERE id = @id AND status = 'queued' AND reason <> @reason",
      );
      for (const [id, reason] of waits) change.run({ id, reason });
    });
  }

  note(id: string, event: RunTransition['event']): void {
    const { database, clock } = this.#input;
    database.write(() => {
      const run = this.#row(id);
      this.#events.add(run.id, event, run.status, clock());
    });
  }

  mend(id: string, snapshot: RunSnapshot, { status, ...row }: Parameters<RunRepository['mend']>[2]): void {
    const { database, clock } = this.#input;
    database.write(() => {
      const run = this.#row(id);
      const event = { type: 'run.mended', before: { ...run, snapshot: this.#snapshotText(id) } };
      this.#apply(run, { event, status, snapshot, row }, clock());
    });
  }

  #snapshotText(id: string): string | null {
    const sql = 'SELECT snapshot FROM run_snapshots WHERE run = ?';
    return (this.#input.database.sqlite.prepare(sql).pluck().get(id) as string | undefined) ?? null;
  }

  /** The id of the task, if a run of it may begin now. */
  #claimable(typed: string): string {
    const [found, ...more] = this.#input.tasks.find(typed, this.#input.prefix);
    const task = found === undefined || more.length > 0 ? null : this.#input.tasks.view(found);
    if (task === null) throw new ForgeError('task.missing', `there is no task ${typed}`);
    if (task.status === 'closed') throw new ForgeError('task.closed', `${task.id} is closed`);
    const running = this.#runThat('is_live = 1 AND task = ?', task.id);
    if (running !== null) {
      throw new ForgeError('task.running', isRunningText(running));
    }
    if (task.claimedAt !== undefined) {
      throw new ForgeError('task.claimed', `${task.id} ${whyNotReady(task)}`);
    }
    return task.id;
  }

  #apply(run: Run, transition: RunTransition, now: number): Run {
    const { sqlite } = this.#input.database;
    const { status, event, row, snapshot } = transition;
    const isEnded = isRunEnded(status);
    const next: Run = { ...run, ...row, status };
    if (holdsWorker(status) && !holdsWorker(run.status)) this.#refuseBusy(next);
    if (isEnded) next.endedAt ??= now;
    sqlite
      .prepare(
        `UPDATE runs SET worker = @worker, agent = @agent, status = @status, reason = @reason, worktree = @worktree, branch = @branch, base = @base,
           session = @session, conversation = @conversation, started_at = @startedAt, ended_at = @endedAt, is_live = @isLive, holds_worker = @holdsWorker WHERE id = @id`,
      )
      .run({
        id: next.id,
        worker: next.worker,
        agent: next.agent,
        status,
        reason: next.reason,
        worktree: next.worktree,
        branch: next.branch,
        base: next.base,
        session: next.session,
        conversation: next.conversation,
        startedAt: next.startedAt,
        endedAt: next.endedAt,
        isLive: isEnded ? 0 : 1,
        holdsWorker: holdsWorker(status) ? 1 : 0,
      });
    this.#events.add(next.id, event, status, now);
    sqlite
      .prepare(
        `INSERT INTO run_snapshots (run, machine_version, snapshot) VALUES (?, ?, ?)
         ON CONFLICT (run) DO UPDATE SET machine_version = excluded.machine_version, snapshot = excluded.snapshot`,
      )
      .run(next.id, snapshot.machineVersion, JSON.stringify(snapshot.snapshot ?? null));
    return next;
  }

  #refuseBusy({ id, worker }: Run): void {
    const holder = this.#runThat('holds_worker = 1 AND worker = ?', worker);
    if (holder === null || holder.id === id) return;
    throw new ForgeError('worker.busy', `${worker} is busy with ${holder.task} (run ${holder.id})`);
  }

  #runThat(condition: string, value: string): Run | null {
    const row = this.#input.database.sqlite.prepare(`SELECT * FROM runs WHERE ${condition}`).get(value) as
      | RunRow
      | undefined;
    return row === undefined ? null : runFromRow(row);
  }

  #nextNumber(task: string): number {
    const sql = 'SELECT coalesce(max(number), 0) + 1 FROM runs WHERE task = ?';
    return this.#input.database.sqlite.prepare(sql).pluck().get(task) as number;
  }

  #row(typed: string): Run {
    const { sqlite } = this.#input.database;
    const byId = sqlite.prepare('SELECT * FROM runs WHERE id = ?');
    const exact = byId.get(typed) as RunRow | undefined;
    if (exact !== undefined) return runFromRow(exact);
    const ids = sqlite.prepare('SELECT id FROM runs ORDER BY id').pluck().all() as string[];
    const found = findIds(ids, this.#input.prefix, typed);
    if (found.length === 1) return runFromRow(byId.get(found[0]) as RunRow);
    if (found.length === 0) throw new ForgeError('run.missing', `There is no run ${typed}.`);
    throw new ForgeError('run.missing', `${typed} can mean ${found.slice(0, 5).join(', ')}`, {
      next: 'Give more of the id.',
    });
  }

  #select(sql: string): Run[] {
    const { database } = this.#input;
    return database.read(() => (database.sqlite.prepare(sql).all() as RunRow[]).map(runFromRow));
  }
}

/** A snapshot that cannot be parsed is no snapshot: whoever restores it checks its shape anyway. */
function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
