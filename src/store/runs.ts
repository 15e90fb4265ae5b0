import { ForgeError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import {
  type DiffStat,
  holdsWorker,
  isRunEnded,
  isRunningText,
  type Run,
  type RunEvent,
  type RunStatus,
} from '../domain/run.ts';
import { viewTasks } from '../domain/task-graph.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewRun, RunRepository, RunSnapshot, RunTransition } from '../ports/store.ts';
import type { Database } from './database.ts';
import { findIds } from './find-id.ts';
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
  #input: RunStoreInput;

  constructor(input: RunStoreInput) {
    this.#input = input;
  }

  create(input: NewRun, first: (ids: { run: string; session: string }) => RunTransition): Run {
    const { database, clock } = this.#input;
    return database.write(() => {
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
  }

  append(id: string, transition: RunTransition): Run {
    const { database, clock } = this.#input;
    return database.write(() => {
      const run = this.#row(id);
      if (isRunEnded(run.status)) throw new ForgeError('run.ended', `run ${run.id} has ended: it is ${run.status}`);
      return this.#apply(run, transition, clock());
    });
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

  snapshot(id: string): RunSnapshot {
    const { database } = this.#input;
    return database.read(() => {
      const row = database.sqlite
        .prepare('SELECT machine_version, snapshot FROM run_snapshots WHERE run = ?')
        .get(this.#row(id).id) as { machine_version: number; snapshot: string };
      return { machineVersion: row.machine_version, snapshot: parseOrNull(row.snapshot) };
    });
  }

  events(id: string): RunEvent[] {
    const { database } = this.#input;
    return database.read(() => {
      const rows = database.sqlite
        .prepare('SELECT sequence, run, type, payload, status, at FROM run_events WHERE run = ? ORDER BY sequence')
        .all(this.#row(id).id) as EventRow[];
      return rows.map(eventFromRow);
    });
  }

  firstEvent(id: string): RunEvent {
    const { database } = this.#input;
    return database.read(() => {
      const sql = 'SELECT sequence, run, type, payload, status, at FROM run_events WHERE run = ? AND sequence = 1';
      return eventFromRow(database.sqlite.prepare(sql).get(this.#row(id).id) as EventRow);
    });
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
    });
  }

  setWaits(waits: ReadonlyMap<string, string>): void {
    const { database } = this.#input;
    const change = database.sqlite.prepare(
      "UPDATE runs SET reason = @reason WHERE id = @id AND status = 'queued' AND reason <> @reason",
    );
    database.write(() => {
      for (const [id, reason] of waits) change.run({ id, reason });
    });
  }

  note(id: string, event: RunTransition['event']): void {
    const { database, clock } = this.#input;
    database.write(() => {
      const run = this.#row(id);
      this.#addEvent(run.id, event, run.status, clock());
    });
  }

  /** The id of the task, if a run of it may begin now. */
  #claimable(typed: string): string {
    const tasks = viewTasks(this.#input.tasks.all());
    const found = findIds(
      tasks.map((task) => task.id),
      this.#input.prefix,
      typed,
    );
    const task = tasks.find(({ id }) => found.length === 1 && id === found[0]);
    if (task === undefined) throw new ForgeError('task.missing', `there is no task ${typed}`);
    if (task.status === 'closed') throw new ForgeError('task.closed', `${task.id} is closed`);
    const running = this.#runThat('is_live = 1 AND task = ?', task.id);
    if (running !== null) {
      throw new ForgeError('task.running', isRunningText(running));
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
    this.#addEvent(next.id, event, status, now);
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

  #addEvent(run: string, event: RunTransition['event'], status: RunStatus, at: number): void {
    this.#input.database.sqlite
      .prepare(
        `INSERT INTO run_events (run, sequence, type, payload, status, at)
         SELECT @run, coalesce(max(sequence), 0) + 1, @type, @payload, @status, @at FROM run_events WHERE run = @run`,
      )
      .run({ run, type: event.type, payload: JSON.stringify(event), status, at });
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
    if (found.length === 0) throw new ForgeError('run.missing', `there is no run ${typed}`);
    throw new ForgeError('run.missing', `${typed} can mean ${found.slice(0, 5).join(', ')}`, {
      next: 'Give more of the id.',
    });
  }

  #select(sql: string): Run[] {
    const { database } = this.#input;
    return database.read(() => (database.sqlite.prepare(sql).all() as RunRow[]).map(runFromRow));
  }
}

type EventRow = Omit<RunEvent, 'payload'> & { payload: string };

function eventFromRow(row: EventRow): RunEvent {
  return { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
}

/** A snapshot that cannot be parsed is no snapshot: whoever restores it checks its shape anyway. */
function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
