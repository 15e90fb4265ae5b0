import type { Checkpoint, CheckpointKind } from '../domain/checkpoint.ts';
import type { Clock } from '../ports/clock.ts';
import type { CheckpointRepository, CheckpointState, NewCheckpoint, OpenRewind } from '../ports/store.ts';
import type { Database } from './database.ts';

type Row = Omit<Checkpoint, 'leftOut'> & { leftOut: string };

const columns = 'run, kind, number, why, commit_id AS "commit", content, head, files, left_out AS leftOut, at';

/** Checkpoints and kept work: rows are written before the refs that hold them, and removed after these. */
export class Checkpoints implements CheckpointRepository {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  note(checkpoint: NewCheckpoint, numberMin = 1): Checkpoint {
    return this.#database.write(() => {
      const newest = this.list(checkpoint.run, checkpoint.kind).at(-1)?.number ?? 0;
      const made = { number: Math.max(newest + 1, numberMin), at: this.#clock(), ...checkpoint };
      this.#insert(made, 'noted');
      return made;
    });
  }

  adopt(checkpoint: Checkpoint): void {
    this.#database.write(() => this.#insert(checkpoint, 'made'));
  }

  setState({ run, kind, number }: Checkpoint, state: CheckpointState): void {
    const sql = 'UPDATE checkpoints SET state = ? WHERE run = ? AND kind = ? AND number = ?';
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(state, run, kind, number));
  }

  remove({ run, kind, number }: Checkpoint): void {
    const sql = 'DELETE FROM checkpoints WHERE run = ? AND kind = ? AND number = ?';
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(run, kind, number));
  }

  list(run: string | null, kind: CheckpointKind): Checkpoint[] {
    const where = 'WHERE kind = @kind AND (@run IS NULL OR run = @run)';
    return this.#select(`SELECT ${columns} FROM checkpoints ${where} ORDER BY run, number`, { run, kind });
  }

  inState(state: CheckpointState): Checkpoint[] {
    return this.#select(`SELECT ${columns} FROM checkpoints WHERE state = @state ORDER BY run, kind, number`, {
      state,
    });
  }

  beginRewind(run: string, target: string, kept: number, by: string): number {
    return this.#database.write(() => {
      const giveUp = 'UPDATE rewinds SET ended_at = ? WHERE run = ? AND ended_at IS NULL';
      this.#database.sqlite.prepare(giveUp).run(this.#clock(), run);
      const sql = 'INSERT INTO rewinds (run, target, kept, by, at) VALUES (?, ?, ?, ?, ?)';
      const { lastInsertRowid } = this.#database.sqlite.prepare(sql).run(run, target, kept, by, this.#clock());
      return Number(lastInsertRowid);
    });
  }

  endRewind(id: number): void {
    const sql = 'UPDATE rewinds SET ended_at = ? WHERE id = ?';
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(this.#clock(), id));
  }

  endedRewind(run: string, by: string, since: number): OpenRewind | null {
    const sql = `SELECT id, run, target, kept, by FROM rewinds
      WHERE run = ? AND by = ? AND at >= ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1`;
    const found = this.#database.read(() => this.#database.sqlite.prepare(sql).get(run, by, since));
    return (found as OpenRewind | undefined) ?? null;
  }

  openRewinds(): OpenRewind[] {
    const sql = 'SELECT id, run, target, kept, by FROM rewinds WHERE ended_at IS NULL ORDER BY id';
    return this.#database.read(() => this.#database.sqlite.prepare(sql).all() as OpenRewind[]);
  }

  #insert(checkpoint: Checkpoint, state: CheckpointState): void {
    this.#database.sqlite
      .prepare(
        `INSERT INTO checkpoints (run, kind, number, state, why, commit_id, content, head, files, left_out, at)
         VALUES (@run, @kind, @number, @state, @why, @commit, @content, @head, @files, @leftOut, @at)`,
      )
      .run({ ...checkpoint, state, leftOut: JSON.stringify(checkpoint.leftOut) });
  }

  #select(sql: string, values: Record<string, string | null>): Checkpoint[] {
    return this.#database.read(() => {
      const rows = this.#database.sqlite.prepare(sql).all(values) as Row[];
      return rows.map((row) => ({ ...row, leftOut: JSON.parse(row.leftOut) as string[] }));
    });
  }
}
