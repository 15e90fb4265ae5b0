import type { AgentRuntime, RuntimeEvent, RuntimeOptions } from '../../ports/agent-runtime.ts';
import { type JsonObject, parseLine } from '../json-line.ts';
import { failureOf } from './failure-of.ts';
import { WireProgram } from './wire-program.ts';

/** What differs between programs that are started for each prompt. */
export interface TurnProgram {
  /** The whole command for the next prompt, and what of the prompt goes to its standard input. */
  begin(prompt: string): { command: string[]; input: string };
  /** A line of its output. What it says of the end counts when the program has ended. */
  read(record: JsonObject): void;
  /** A line of its error output. */
  readAside?(line: string): void;
  /** It did not take the prompt, by its last words, and may if it is started again. */
  isRefused?(lastWords: string): boolean;
  /** It has ended, with these last words. Gives why the prompt failed, or ''. */
  end(lastWords: string): Promise<string>;
}

/** Conversations with a program that takes one prompt and ends: a process a prompt. */
export class TurnPrograms implements AgentRuntime {
  readonly canAsk = false;
  readonly #options: RuntimeOptions;
  readonly #turn: TurnProgram;
  #program: WireProgram | null = null;
  #isInterrupted = false;

  constructor(options: RuntimeOptions, turn: (hear: (event: RuntimeEvent) => void) => TurnProgram) {
    this.#options = options;
    this.#turn = turn((event) => options.hear(event));
  }

  send(prompt: string): void {
    this.#isInterrupted = false;
    this.#start(prompt, true);
  }

  interrupt(): void {
    this.#isInterrupted = true;
    void this.#program?.end();
  }

  /** It asks nothing. */
  answer(): void {}

  async close(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    await program?.end(true);
  }

  #start(prompt: string, isFirstTry: boolean): void {
    const { env, cwd } = this.#options;
    const { command, input } = this.#turn.begin(prompt);
    this.#program = new WireProgram({
      ...{ command, env, cwd },
      hearLine: (line) => {
        const record = parseLine(line);
        if (record !== null) this.#turn.read(record);
      },
      hearAside: (line) => this.#turn.readAside?.(line),
      hearEnd: (end) => {
        const isRefused = isFirstTry && !end.isOk && !this.#isInterrupted && this.#turn.isRefused?.(end.lastWords);
        if (isRefused) this.#start(prompt, false);
        else void this.#end(end);
      },
    });
    this.#program.endInput(input);
  }

  async #end(end: { isOk: boolean; how: string; lastWords: string }): Promise<void> {
    this.#program = null;
    const isInterrupted = this.#isInterrupted;
    const failure = await this.#turn.end(end.lastWords);
    if (isInterrupted) this.#options.hear({ type: 'end', outcome: 'interrupted', reason: '' });
    else if (failure === '' && end.isOk) this.#options.hear({ type: 'end', outcome: 'done', reason: '' });
    else this.#options.hear({ type: 'end', outcome: 'failed', reason: failure || failureOf(end) });
  }
}
