import { presentCommand } from '../base/command-scope.ts';
import { ForgeError } from '../base/errors.ts';
import { faultPoint } from '../base/fault-point.ts';
import type { Message, MessageState } from '../domain/message.ts';
import type { MessageChange, MessageRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

interface MessageRow {
  id: number;
  session: string;
  text: string;
  state: MessageState;
  note: string;
  actor: string;
  created_at: number;
  typed_at: number | null;
  accepted_at: number | null;
  answered_at: number | null;
}

/** Prompts on their way into sessions, oldest first. */
export class Messages implements MessageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(sessions: readonly string[], text: string, actor: string, at: number): Message[] {
    return this.#database.write(() => {
      const insert = this.#database.sqlite.prepare(
        `INSERT INTO messages (session, text, state, actor, created_at, correlation) VALUES (?, ?, 'queued', ?, ?, ?)`,
      );
      return sessions.map((session) =>
        this.get(Number(insert.run(session, text, actor, at, presentCommand()).lastInsertRowid)),
      );
    });
  }

  get(id: number): Message {
    const [found] = this.#select('WHERE id = ?', id);
    if (found) return found;
    throw new ForgeError('message.missing', `There is no message ${id}.`);
  }

  list(session: string | null): Message[] {
    return session === null ? this.#select('') : this.#select('WHERE session = ?', session);
  }

  unfinished(): Message[] {
    return this.#select(`WHERE state IN ('queued', 'typing', 'typed', 'accepted')`);
  }

  newest(): Message[] {
    return this.#select('WHERE id IN (SELECT max(id) FROM messages GROUP BY session)');
  }

  change(id: number, from: readonly MessageState[], change: MessageChange): boolean {
    const states = from.map(() => '?').join(', ');
    const { state, note = '', typedAt, acceptedAt, answeredAt } = change;
    const values = [state, note, typedAt ?? null, acceptedAt ?? null, answeredAt ?? null, id, ...from];
    const changed = () =>
      this.#database.sqlite
        .prepare(
          `UPDATE messages SET state = ?, note = ?, typed_at = coalesce(?, typed_at),
             accepted_at = coalesce(?, accepted_at), answered_at = coalesce(?, answered_at)
           WHERE id = ? AND state IN (${states})`,
        )
        .run(...values).changes;
    faultPoint(`prompt ${state} before`);
    const isChanged = this.#database.write(changed) > 0;
    faultPoint(`prompt ${state} after`);
    return isChanged;
  }

  move(from: string, to: string, isSaidAgain: boolean): void {
    const begins = isSaidAgain ? "state IN ('queued', 'accepted')" : "state = 'queued'";
    this.#database.write(() => {
      const { sqlite } = this.#database;
      sqlite
        .prepare(
          `UPDATE messages SET session = ?, state = 'queued', note = '', typed_at = NULL, accepted_at = NULL
           WHERE session = ? AND ${begins}`,
        )
        .run(to, from);
      sqlite.prepare("UPDATE messages SET session = ? WHERE session = ? AND state = 'accepted'").run(to, from);
    });
  }

  #select(where: string, ...values: unknown[]): Message[] {
    const columns = 'id, session, text, state, note, actor, created_at, typed_at, accepted_at, answered_at';
    const sql = `SELECT ${columns} FROM messages ${where} ORDER BY id`;
    const rows = this.#database.read(() => this.#database.sqlite.prepare(sql).all(...values) as MessageRow[]);
    return rows.map(({ created_at, typed_at, accepted_at, answered_at, ...row }) => ({
      ...row,
      createdAt: created_at,
      typedAt: typed_at,
      acceptedAt: accepted_at,
      answeredAt: answered_at,
    }));
  }
}
