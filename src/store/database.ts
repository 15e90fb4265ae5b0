import type Sqlite from 'better-sqlite3';
import { ForgeError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import { guard } from './guard.ts';
import { newerWords, openPlaced, openToLook, type Placed } from './open-database.ts';
import { isSame, placeOf, type Sides, sidesOf } from './places.ts';
import { rescue } from './rescue.ts';

/** Whoever takes the file away is given this long to take the rest: what is put back at once could go with it, in part. */
const TAKEN_AWAY_MS = 50;
/** So often another process, which has the newer content, is given that time to put it back. */
const RESCUE_ATTEMPTS = 20;

/**
 * One open database. Reads and writes go through `read` and `write`, so that every failure of SQLite becomes a
 * `ForgeError` and every write is one immediate transaction. A file that was taken away while it is open (`git clean -fdx`)
 * is put back with all that was in it, and nothing is written into one that nobody can find any more.
 */
export class Database {
  readonly file: string;
  /** What a person should know of what became of the file. */
  readonly notices: string[] = [];
  readonly #waitsOutside: (task: string) => boolean;
  #sqlite: Sqlite.Database;
  #place: string;
  #sides: Sides;
  #ownChanges = 0;
  #foreignVersion: number;
  #foreignChanges = 0;
  #ends: (() => void)[] = [];

  /**
   * `mode` `look`: nothing is made, migrated or changed; throws `store.broken` for one of an earlier format too.
   * `waitsOutside`: whether one must wait for a task of another project.
   */
  constructor(file: string, mode: 'use' | 'look' = 'use', waitsOutside: (task: string) => boolean = () => false) {
    this.file = file;
    this.#waitsOutside = waitsOutside;
    const { sqlite, place, sides } =
      mode === 'use' ? openPlaced(file) : { sqlite: openToLook(file), place: placeOf(file), sides: sidesOf(file) };
    this.#sqlite = this.#withFunction(sqlite);
    this.#place = place;
    this.#sides = sides;
    this.#foreignVersion = this.#dataVersion();
    if (this.isReadOnly) this.notices.push(`${newerWords(file, this.#sqlite)}. It is only read.`);
  }

  /** The open handle. Another one after the file was put back: neither it nor a statement of it is to be kept. */
  get sqlite(): Sqlite.Database {
    return this.#sqlite;
  }

  /** A newer Forge wrote it: what this one knows of it can be read. */
  get isReadOnly(): boolean {
    return this.#sqlite.readonly;
  }

  read<T>(act: () => T): T {
    return guard(this.file, () => {
      if (!this.isReadOnly && !this.#sqlite.inTransaction && this.#isGone()) this.#putBack();
      return act();
    });
  }

  /** Called once, when the transaction that is open now has been stored or taken back. */
  atEnd(act: () => void): void {
    this.#ends.push(act);
  }

  /** Runs `act` in an immediate transaction: it sees, and then leaves, one state of the store. */
  write<T>(act: () => T): T {
    if (this.isReadOnly) throw new ForgeError('store.newer', newerWords(this.file, this.#sqlite));
    return guard(this.file, () => {
      const before = this.#rowsChanged();
      try {
        return this.#inTransaction(act);
      } finally {
        if (!this.#sqlite.inTransaction) for (const end of this.#ends.splice(0)) end();
        if (this.#rowsChanged() !== before) this.#ownChanges += 1;
      }
    });
  }

  /** The whole database as the bytes of a file, in one state. */
  bytes(): Uint8Array {
    return this.read(() => this.#sqlite.serialize());
  }

  /** Looked at under the write lock, which whoever puts the file back holds too: no write is left behind. */
  #inTransaction<T>(act: () => T): T {
    const gone = Symbol('gone');
    for (;;) {
      const look = this.#sqlite.inTransaction ? act : () => (this.#isGone() ? gone : act());
      const result = this.#sqlite.transaction(look).immediate();
      if (result !== gone) return result as T;
      this.#putBack();
    }
  }

  #withFunction(sqlite: Sqlite.Database): Sqlite.Database {
    return sqlite.function('waits_outside', (id) => Number(this.#waitsOutside(id as string)));
  }

  #isGone(): boolean {
    return placeOf(this.file) !== this.#place || !isSame(sidesOf(this.file), this.#sides);
  }

  #putBack(): void {
    const back = this.#rescued();
    this.#sqlite.close();
    this.#sqlite = this.#withFunction(back.sqlite);
    this.#place = back.place;
    this.#sides = back.sides;
    this.#foreignVersion = this.#dataVersion();
    this.#foreignChanges += 1;
    this.notices.push(back.notice);
  }

  #rescued(): Placed & { notice: string } {
    for (let attempt = 1; ; attempt++) {
      pause(TAKEN_AWAY_MS);
      const notice = rescue(this.#sqlite, this.file, this.#place, attempt >= RESCUE_ATTEMPTS);
      if (notice === null) continue;
      try {
        return { ...openPlaced(this.file, true), notice };
      } catch (failure) {
        // Taken away once more.
        if (attempt >= 2 * RESCUE_ATTEMPTS) throw failure;
      }
    }
  }

  /** Grows when this process changed a row, and when another process has written since the last call. */
  revision(): number {
    return this.read(() => {
      const version = this.#dataVersion();
      if (version !== this.#foreignVersion) this.#foreignChanges += 1;
      this.#foreignVersion = version;
      return this.#ownChanges + this.#foreignChanges;
    });
  }

  close(): void {
    this.#sqlite.close();
  }

  #rowsChanged(): number {
    return this.#sqlite.prepare('SELECT total_changes()').pluck().get() as number;
  }

  #dataVersion(): number {
    return this.#sqlite.pragma('data_version', { simple: true }) as number;
  }
}
