import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, disposable } from '../base/disposable.ts';
import type { LogLine } from '../ui/app/asked.ts';

/** How much of the end of a log is read at first, in bytes. */
const tailBytes = 128 * 1024;

/** How often new lines are looked for, in ms. */
const lookMs = 500;

const daemons = ['supervisor', 'session-host'] as const;

/** Tells the last lines of the logs of both daemons, by time, and then what is written, until disposed. */
export function followLogs(folder: string, tell: (lines: LogLine[]) => void): Disposable {
  let number = 0;
  const logs = daemons.map((from) => new GrowingLog(join(folder, `${from}.log`), from));
  const look = () => {
    const lines = logs.flatMap((log) => log.read()).sort((a, b) => a.at - b.at);
    if (lines.length > 0) tell(lines.map((line) => ({ ...line, number: number++ })));
  };
  look();
  const timer = setInterval(look, lookMs);
  return disposable(() => clearInterval(timer));
}

class GrowingLog {
  readonly #path: string;
  readonly #from: string;
  #position = -1;
  /** A line without a time of its own belongs to the one before it. */
  #at = 0;
  #rest = '';

  constructor(path: string, from: string) {
    this.#path = path;
    this.#from = from;
  }

  /** The complete lines that came since the last time. */
  read(): Omit<LogLine, 'number'>[] {
    const text = this.#rest + this.#newText();
    const lines = text.split('\n');
    this.#rest = (lines.pop() ?? '').slice(-tailBytes);
    return lines.filter(Boolean).map((line) => {
      const [, time = '', said = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s.exec(line) ?? [];
      if (time !== '') this.#at = Date.parse(time);
      return { from: this.#from, at: this.#at, text: said };
    });
  }

  #newText(): string {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      // That daemon has not written anything yet.
      return '';
    }
    try {
      const { size } = fstatSync(file);
      const isFirst = this.#position < 0 || size < this.#position;
      const start = isFirst ? Math.max(0, size - tailBytes) : this.#position;
      const bytes = Buffer.alloc(Math.min(size - start, tailBytes));
      this.#position = start + readSync(file, bytes, 0, bytes.length, start);
      const text = bytes.toString('utf8');
      // The first line is cut where the end of the log begins in it.
      return isFirst && start > 0 ? text.slice(text.indexOf('\n') + 1) : text;
    } finally {
      closeSync(file);
    }
  }
}
