import { constants, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a host that leaves in an orderly way hands to the next one. */
export interface HandedOver {
  /** Bytes that draw the screen on an empty one of the session's size. */
  screen: Buffer;
  /** What was typed and the program has not read. */
  typed: Buffer;
}

/** Where the keepers of sessions and two hosts meet: a folder a session, made when its host goes. */
export class KeeperFolders {
  readonly #root: string;

  constructor(runDirectory: string) {
    this.#root = join(runDirectory, 'keepers');
  }

  of(id: string): string {
    return join(this.#root, id);
  }

  ids(): string[] {
    try {
      return readdirSync(this.#root);
    } catch {
      return [];
    }
  }

  /** Opens one of the FIFOs without waiting. Null when it is not there, or nobody reads what would be written. */
  open(id: string, fifo: 'in' | 'out' | 'control'): number | null {
    const way = fifo === 'out' ? constants.O_RDONLY : constants.O_WRONLY;
    try {
      return openSync(join(this.of(id), fifo), way | constants.O_NONBLOCK);
    } catch {
      return null;
    }
  }

  handOver(id: string, { screen, typed }: HandedOver): void {
    mkdirSync(this.of(id), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.of(id), 'typed'), typed, { mode: 0o600 });
    writeFileSync(join(this.of(id), 'screen'), screen, { mode: 0o600 });
  }

  /** Null after a host that was killed. Given once: a later host must not draw an old screen. */
  takeHandedOver(id: string): HandedOver | null {
    const [screen, typed] = [join(this.of(id), 'screen'), join(this.of(id), 'typed')];
    try {
      return { screen: readFileSync(screen), typed: readFileSync(typed) };
    } catch {
      return null;
    } finally {
      rmSync(screen, { force: true });
      rmSync(typed, { force: true });
    }
  }

  remove(id: string): void {
    rmSync(this.of(id), { recursive: true, force: true });
  }
}
