import { ReadStream, type WriteStream } from 'node:tty';
import { type Disposable, DisposableStack, disposable } from '../../base/disposable.ts';
import { ForgeError } from '../../base/errors.ts';
import { markTerminal } from './terminal-marker.ts';
import { enterSequence, leaveSequence } from './terminal-modes.ts';
import { TtyOutput } from './tty-output.ts';

/** Dragging a window edge sends many sizes: one layout when there was none for so long, in ms, */
const resizeQuietMs = 30;
/** and one as often as this while they come, in ms: agents draw all of their screens anew for each. */
const resizeEveryMs = 250;
/** As much of a paste is taken at once, in bytes. */
const inputBytes = 64 * 1024;

export interface TerminalSize {
  cols: number;
  rows: number;
}

export interface TerminalDevice {
  input: ReadStream & { fd: number };
  output: WriteStream & { fd: number };
  /** Where the marker file of a held terminal lies, for `repairTerminal` after a kill -9. A folder of ours, made if missing. */
  markerDir: string;
}

export interface TerminalEvents {
  /** The next read overwrites `chunk`: copy what is kept. */
  onInput(chunk: Uint8Array): void;
  onResize(size: TerminalSize): void;
  /** Another program had the terminal: everything must be painted again. */
  onLost(): void;
  /** The last write was taken. */
  onReady(): void;
  /** What to send first when the terminal is given back. */
  onLeave(): string;
  /** The terminal is gone (window closed, connection lost). */
  onGone(): void;
}

/** The person's terminal while Forge holds it. Disposing, an exit, an uncaught error and any deadly signal give it back. */
export interface OuterTerminal extends Disposable {
  readonly size: TerminalSize;
  /** False while the last write is under way: drop the frame, paint the newest one at `onReady`. */
  readonly isReady: boolean;
  write(text: string): void;
  /** Gives the terminal to `use` as it was before, and takes it again when that has settled. */
  lend<T>(use: () => Promise<T>): Promise<T>;
}

/** Takes the terminal: raw mode, alternate screen, paste brackets, focus reports. Throws `terminal.missing` when there is none. */
export function openOuterTerminal(options: TerminalDevice & TerminalEvents): OuterTerminal {
  const { input, output } = options;
  if (!input.isTTY || !output.isTTY) {
    throw new ForgeError('terminal.missing', 'The dashboard needs a terminal for its input and its output.');
  }
  const held = new DisposableStack();
  const tty = held.use(new TtyOutput(output.fd, options.onGone));
  held.use(markTerminal(options.markerDir, output.fd));
  let isHeld = false;
  let isDisposed = false;
  let isLent = false;
  const keyboard = openKeyboard(input, options.onInput);
  held.defer(() => keyboard.destroy());
  take();

  const give = disposable(() => {
    isDisposed = true;
    leave();
    held.dispose();
  });
  listen(keyboard, 'end', options.onGone);
  for (const stream of [keyboard, input]) listen(stream, 'error', options.onGone);
  keyboard.resume();
  listenToSize();
  listenToEnd();

  return {
    get size() {
      return { cols: output.columns, rows: output.rows };
    },
    get isReady() {
      return isHeld && !tty.isBusy;
    },
    write(text) {
      if (isHeld) tty.write(text, () => !isDisposed && options.onReady());
    },
    lend,
    dispose: () => give.dispose(),
  };

  function take(): void {
    // Node skips a mode that it believes to be set; after a suspension another program has set its own.
    input.setRawMode(false);
    input.setRawMode(true);
    tty.writeNow(enterSequence);
    isHeld = true;
  }

  function leave(): void {
    if (!isHeld) return;
    isHeld = false;
    tty.writeNow(options.onLeave() + leaveSequence);
    try {
      input.setRawMode(false);
    } catch {}
  }

  function listenToSize(): void {
    let telling: NodeJS.Timeout | undefined;
    let begunAt: number | null = null;
    const tell = () => {
      begunAt = null;
      options.onResize({ cols: output.columns, rows: output.rows });
    };
    listen(output, 'resize', () => {
      begunAt ??= performance.now();
      clearTimeout(telling);
      telling = setTimeout(tell, Math.min(resizeQuietMs, begunAt + resizeEveryMs - performance.now()));
    });
    held.defer(() => clearTimeout(telling));
  }

  async function lend<T>(use: () => Promise<T>): Promise<T> {
    isLent = true;
    keyboard.pause();
    leave();
    try {
      return await use();
    } finally {
      isLent = false;
      if (!isDisposed) {
        take();
        keyboard.resume();
        // It may have another size, of which nothing was drawn.
        options.onResize({ cols: output.columns, rows: output.rows });
        options.onLost();
      }
    }
  }

  function listenToEnd(): void {
    // Comes before Node prints an uncaught error, so that is read on the shell's screen.
    listen(process, 'exit', () => give.dispose());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
      listen(process, signal, () => {
        // Keys of whoever has the terminal come to all that was started from it.
        if (isLent && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
        give.dispose();
        process.kill(process.pid, signal);
      });
    }
    listen(process, 'SIGTSTP', () => {
      leave();
      process.kill(process.pid, 'SIGSTOP');
    });
    listen(process, 'SIGCONT', () => {
      if (isLent) return;
      take();
      options.onLost();
    });
  }

  function listen(emitter: NodeJS.EventEmitter, event: string, listener: (value: never) => void): void {
    emitter.on(event, listener as (...values: unknown[]) => void);
    held.defer(() => emitter.off(event, listener as (...values: unknown[]) => void));
  }
}

/**
 * Reads what `input` would, which must not read itself then, each time into the same memory: the way through a stream takes a tenth of the
 * time of a letter. The modes of the terminal stay those that `input` sets and gives back.
 */
function openKeyboard(input: TerminalDevice['input'], onInput: TerminalEvents['onInput']): ReadStream {
  const callback = (count: number, buffer: Uint8Array) => {
    onInput(buffer.subarray(0, count));
    return true;
  };
  return new ReadStream(input.fd, { onread: { buffer: new Uint8Array(inputBytes), callback } });
}
