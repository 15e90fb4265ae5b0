import { ForgeError } from '../base/errors.ts';
import type { ReviewComment } from '../domain/review/review-comment.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReviewRepository } from '../ports/store.ts';
import type { Database } from './database.ts';

/** A prompt that did not arrive has told nobody. */
const isLost = "messages.state IN ('failed', 'cancelled')";
const select = `SELECT c.id, c.run, c.path, c.side, c.first, c.last, c.quote, c.text, c.actor, c.at,
    iif(${isLost}, NULL, c.sent_at) AS sentAt, iif(${isLost}, messages.note, '') AS note
  FROM review_comments c LEFT JOIN messages ON messages.id = c.message`;

/** Comments on lines that runs changed. What an agent was given stays as it was given. */
export class Reviews implements ReviewRepository {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  add(comment: Omit<ReviewComment, 'id' | 'at' | 'sentAt' | 'note'>): ReviewComment {
    return this.#database.write(() => {
      const sql = `INSERT INTO review_comments (run, path, side, first, last, quote, text, actor, at)
        VALUES (@run, @path, @side, @first, @last, @quote, @text, @actor, @at)`;
      const { lastInsertRowid } = this.#database.sqlite.prepare(sql).run({ ...comment, at: this.#clock() });
      return this.get(Number(lastInsertRowid));
    });
  }

  get(id: number): ReviewComment {
    const sql = `${select} WHERE c.id = ?`;
    const found = this.#database.read(() => this.#database.sqlite.prepare(sql).get(id));
    if (found) return found as ReviewComment;
    throw new ForgeError('review.missing', `There is no comment ${id}.`);
  }

  edit(id: number, text: string): ReviewComment {
    return this.#database.write(() => {
      this.#unsent(id);
      this.#database.sqlite.prepare('UPDATE review_comments SET text = ? WHERE id = ?').run(text, id);
      return this.get(id);
    });
  }

  remove(id: number): ReviewComment {
    return this.#database.write(() => {
      const comment = this.#unsent(id);
      this.#database.sqlite.prepare('DELETE FROM review_comments WHERE id = ?').run(id);
      return comment;
    });
  }

  list(runs: readonly string[]): ReviewComment[] {
    const sql = `${select} WHERE c.run IN (${runs.map(() => '?').join(', ')}) ORDER BY c.id`;
    return this.#database.read(() => this.#database.sqlite.prepare(sql).all(...runs) as ReviewComment[]);
  }

  setSent(ids: readonly number[], message: number | null): void {
    this.#database.write(() => {
      const set = this.#database.sqlite.prepare('UPDATE review_comments SET sent_at = ?, message = ? WHERE id = ?');
      for (const id of ids) set.run(this.#clock(), message, id);
    });
  }

  #unsent(id: number): ReviewComment {
    const comment = this.get(id);
    if (comment.sentAt === null) return comment;
    throw new ForgeError('review.sent', `Comment ${id} was sent to the agent already.`);
  }
}
