import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { endTree, startTimeOf } from '../../processes/end-tree.ts';
import { guardProgram } from './guard-program.ts';

/** Between TERM and KILL, in ms: a program writes its conversation down on the way out. */
const graceMs = 3_000;
/** What a program left behind may hold its output open: it is read for so long after the program's end, in ms. */
const outputMs = 1_000;
/** Longest line that is read, in characters: tools put pictures and whole files into theirs. */
const lineLengthMax = 32_000_000;
/** Lines of the end of the error output that are kept: some programs end with a long trace. */
const lastLinesMax = 40;
/** How much of it is told, in lines and characters. */
const toldLines = 3;
const toldMax = 400;

export interface WireProgramOptions {
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  hearLine(line: string): void;
  /** A line of its error output. */
  hearAside?(line: string): void;
  /** Its output is over, and it has ended. `how`: `exit status 1`, `SIGKILL`, or why it could not be started. */
  hearEnd(end: { isOk: boolean; how: string; lastWords: string }): void;
}

/** A program that is talked to line by line. It leads a session of its own, without a terminal, and ends with all that it started. */
export class WireProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #options: WireProgramOptions;
  readonly #startTime: string | null;
  readonly #gone: Promise<{ isOk: boolean; how: string }>;
  #ending: Promise<void> | null = null;
  #lastWords: string[] = [];
  #isSilenced = false;

  constructor(options: WireProgramOptions) {
    const { command, env, cwd } = options;
    this.#options = options;
    this.#child = spawn(command[0], command.slice(1), { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const { pid, stdin, stdout, stderr } = this.#child;
    this.#startTime = pid === undefined ? null : startTimeOf(pid);
    const guard = pid === undefined ? null : guardProgram(pid);
    // A program that has gone is told of by its end.
    stdin.on('error', () => {});
    readLines(stdout, (line) => {
      if (!this.#isSilenced) options.hearLine(line);
    });
    readLines(stderr, (line) => {
      this.#lastWords = [...this.#lastWords, line].slice(-lastLinesMax);
      if (!this.#isSilenced) options.hearAside?.(line);
    });
    this.#gone = new Promise((resolve) => {
      this.#child.on('error', (failure) => resolve({ isOk: false, how: `it cannot be run (${failure.message})` }));
      this.#child.on('exit', (code, signal) => {
        const told = () => resolve({ isOk: code === 0, how: signal ?? `exit status ${code}` });
        this.#child.on('close', told);
        setTimeout(told, outputMs).unref();
      });
    });
    void this.#gone.then(async (end) => {
      guard?.dispose();
      // A program that was not asked to end may have left its tools at work. What ends them would end the next program as well.
      if (!end.isOk) await this.end();
      await this.#ending;
      if (!this.#isSilenced) options.hearEnd({ ...end, lastWords: lastWordsOf(this.#lastWords) });
    });
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  endInput(text = ''): void {
    this.#child.stdin.end(text);
  }

  /** Ends it with all that it started. Its own end is still heard after that, unless `isSilent`. */
  async end(isSilent = false): Promise<void> {
    if (isSilent) this.#isSilenced = true;
    this.#ending ??= this.#endTree();
    await this.#ending;
  }

  async #endTree(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const { env, cwd } = this.#options;
    await endTree(pid, graceMs, { session: env.FORGE_SESSION ?? '-', cwd, startTime: this.#startTime });
    await this.#gone;
  }
}

function readLines(stream: Readable, hear: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  /** Pieces of a line that is not complete: joined once, however many they are. */
  let pieces: string[] = [];
  let length = 0;
  const take = (piece: string) => {
    length += piece.length;
    if (length <= lineLengthMax) pieces.push(piece);
  };
  stream.on('data', (bytes: Buffer) => {
    const [first, ...more] = decoder.write(bytes).split('\n');
    take(first);
    for (const next of more) {
      const line = length <= lineLengthMax ? pieces.join('') : '';
      pieces = [];
      length = 0;
      if (line.trim() !== '') hear(line);
      take(next);
    }
  });
}

/** The last lines that a person can read, without the trace of where in the program it was. */
function lastWordsOf(lines: readonly string[]): string {
  const words = lines
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => !/^(?:at |[{}]|\w+: \d+,?$)/.test(line));
  return words.slice(-toldLines).join(' ').slice(0, toldMax);
}
