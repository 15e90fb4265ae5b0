import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the person was told, and what may have happened besides: a call that was not answered may have been done. */
export class Ledger {
  readonly folder: string;
  /** By id: titles that the task may have. */
  readonly tasks = new Map<string, Set<string>>();
  readonly closed = new Set<string>();
  readonly maybeAdded = new Set<string>();
  readonly runs = new Map<string, RunPromise>();
  readonly prompts = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Lines of work that agents have written, each in a file of the worktree of a run. */
  lines(): { run: string; file: string; line: string }[] {
    return this.#read('lines').map((row) => {
      const [run = '', rest = ''] = split(row, row.indexOf(' '));
      const [file = '', line = ''] = split(rest, rest.lastIndexOf(' '));
      return { run, file, line };
    });
  }

  /** A line each time a program was started. */
  starts(): string[] {
    return this.#read('starts');
  }

  promptsHeard(): string[] {
    return this.#read('prompts');
  }

  #read(name: string): string[] {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }
}

/** `accepted`, `cancelled`, `paused`: it was answered, and nothing that would change it was asked for since. */
export type RunPromise = 'none' | 'accepted' | 'cancelled' | 'paused';

function split(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}
