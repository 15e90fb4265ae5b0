import type { AgentRuntime, RuntimeEvent, RuntimeOptions } from '../../ports/agent-runtime.ts';
import { type JsonObject, parseLine } from '../json-line.ts';
import { failureOf } from './failure-of.ts';
import { WireProgram } from './wire-program.ts';

/** What differs between programs that are started for each prompt. */
export interface TurnProgram {
  /** The whole command for the next prompt, which goes to its standard input. */
  command(): string[];
  /** A line of its output. What it says of the end counts when the program has ended. */
  read(record: JsonObject): void;
  /** All was read; gives why the prompt failed, or ''. */
  end(isInterrupted: boolean): Promise<string>;
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
    const { env, cwd } = this.#options;
    this.#isInterrupted = false;
    this.#program = new WireProgram({
      command: this.#turn.command(),
      ...{ env, cwd },
      hearLine: (line) => {
        const record = parseLine(line);
        if (record !== null) this.#turn.read(record);
      },
      hearEnd: (end) => void this.#end(end),
    });
    this.#program.endInput(prompt);
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

  async #end(end: { isOk: boolean; how: string; lastWords: string }): Promise<void> {
    this.#program = null;
    const isInterrupted = this.#isInterrupted;
    const failure = await this.#turn.end(isInterrupted);
    if (isInterrupted) this.#options.hear({ type: 'end', outcome: 'interrupted', reason: '' });
    else if (failure === '' && end.isOk) this.#options.hear({ type: 'end', outcome: 'done', reason: '' });
    else this.#options.hear({ type: 'end', outcome: 'failed', reason: failure || failureOf(end) });
  }
}
