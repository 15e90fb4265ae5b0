import { newCorrelation, presentCommand } from '../base/command-scope.ts';
import { actorOf } from '../domain/event-actor.ts';
import type { RunEvent, RunStatus } from '../domain/run.ts';
import type { RunTransition } from '../ports/store.ts';
import type { Database } from './database.ts';

type Cause = Pick<RunEvent, 'cause' | 'correlation'>;

const select =
  'SELECT sequence, run, type, payload, status, at, actor, cause, correlation FROM run_events WHERE run = ?';

type EventRow = Omit<RunEvent, 'payload'> & { payload: string };

/** The history of runs: rows are added and never changed, which the database itself refuses. */
export class RunEvents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(run: string): RunEvent[] {
    const rows = this.#database.sqlite.prepare(`${select} ORDER BY sequence`).all(run) as EventRow[];
    return rows.map(eventFromRow);
  }

  first(run: string): RunEvent {
    return eventFromRow(this.#database.sqlite.prepare(`${select} AND sequence = 1`).get(run) as EventRow);
  }

  /** Inside a transaction of the caller. */
  add(run: string, event: RunTransition['event'], status: RunStatus, at: number): void {
    const { sqlite } = this.#database;
    const actor = actorOf(event);
    const last = sqlite
      .prepare('SELECT sequence, status, entered FROM run_events WHERE run = ? ORDER BY sequence DESC LIMIT 1')
      .get(run) as { sequence: number; status: RunStatus; entered: number } | undefined;
    const sequence = (last?.sequence ?? 0) + 1;
    const entered = last?.status === status ? last.entered : sequence;
    const isBegun = last !== undefined && !actor.startsWith('person:');
    const { cause, correlation } = isBegun ? this.#causeOf(run, last.entered, actor) : ofCommand();
    sqlite
      .prepare(
        `INSERT INTO run_events (run, sequence, type, payload, status, at, actor, cause, correlation, entered)
         VALUES (@run, @sequence, @type, @payload, @status, @at, @actor, @cause, @correlation, @entered)`,
      )
      .run({
        ...{ run, sequence, type: event.type, payload: JSON.stringify(event), status, at },
        ...{ actor, cause, correlation, entered },
      });
  }

  /**
   * A state says what must be true, and the supervisor makes it true: what led to its doing is the event that brought the
   * run into the state. An agent speaks because of the prompt that it was given there, if it was given one.
   */
  #causeOf(run: string, entered: number, actor: string): Cause {
    const { at, correlation } = this.#database.sqlite
      .prepare('SELECT at, correlation FROM run_events WHERE run = ? AND sequence = ?')
      .get(run, entered) as { at: number; correlation: string | null };
    const own: Cause = { cause: `event ${entered}`, correlation };
    return (actor === 'agent' ? this.#promptSince(run, at) : null) ?? own;
  }

  #promptSince(run: string, at: number): Cause | null {
    const prompt = this.#database.sqlite
      .prepare(
        `SELECT id, correlation FROM messages
         WHERE session = (SELECT session FROM runs WHERE id = ?) AND typed_at >= ? AND correlation IS NOT NULL
         ORDER BY id DESC LIMIT 1`,
      )
      .get(run, at) as { id: number; correlation: string } | undefined;
    return prompt ? { cause: `prompt ${prompt.id}`, correlation: prompt.correlation } : null;
  }
}

function eventFromRow(row: EventRow): RunEvent {
  return { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
}

/** It begins here: with the command that is being done, or for what is done of one's own accord. */
function ofCommand(): Cause {
  return { cause: null, correlation: presentCommand() ?? newCorrelation() };
}
