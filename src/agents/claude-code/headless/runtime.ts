import type { AgentRuntime, QuestionAnswer, RuntimeOptions } from '../../../ports/agent-runtime.ts';
import { failureOf } from '../../headless/failure-of.ts';
import { WireProgram } from '../../headless/wire-program.ts';
import { objectOf, parseLine, textOf } from '../../json-line.ts';
import { StreamReader } from './stream-reader.ts';

const streaming = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--include-partial-messages'];
const asking = ['--permission-prompt-tool', 'stdio'];

/** Claude Code's `-p` with stream-json both ways: one process for the whole conversation. */
export class ClaudeRuntime implements AgentRuntime {
  readonly canAsk = true;
  readonly #options: RuntimeOptions;
  readonly #reader: StreamReader;
  /** What each open question would do: the program wants it back when it is allowed. */
  readonly #asked = new Map<string, unknown>();
  #program: WireProgram | null = null;
  #hasBegun: boolean;
  #isWorking = false;
  #isInterrupted = false;
  #requests = 0;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#hasBegun = options.isResumed;
    this.#reader = new StreamReader(options.conversation, (event) => {
      if (event.type === 'end') this.#end(event.outcome, event.reason);
      else options.hear(event);
    });
  }

  send(prompt: string): void {
    this.#isWorking = true;
    this.#isInterrupted = false;
    this.#program ??= this.#start();
    this.#write({ type: 'user', message: { role: 'user', content: prompt } });
  }

  interrupt(): void {
    this.#isInterrupted = true;
    this.#write({
      type: 'control_request',
      request_id: `forge-${++this.#requests}`,
      request: { subtype: 'interrupt' },
    });
  }

  answer(question: string, answer: QuestionAnswer): void {
    const input = this.#asked.get(question);
    this.#asked.delete(question);
    if (answer === 'stop') this.#isInterrupted = true;
    const response =
      answer === 'yes'
        ? { behavior: 'allow', updatedInput: input }
        : { behavior: 'deny', message: 'The person did not allow this.', interrupt: answer === 'stop' };
    this.#write({ type: 'control_response', response: { subtype: 'success', request_id: question, response } });
  }

  async close(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    this.#isWorking = false;
    this.#asked.clear();
    await program?.end(true);
  }

  #start(): WireProgram {
    const { command, env, cwd } = this.#options;
    return new WireProgram({
      command: [...command, '-p', ...streaming, '--verbose', ...asking, ...this.#chosen()],
      ...{ env, cwd },
      hearLine: (line) => this.#read(line),
      hearEnd: (end) => {
        this.#program = null;
        this.#asked.clear();
        if (/already in use/.test(end.lastWords)) this.#hasBegun = true;
        if (/No conversation found/.test(end.lastWords)) this.#hasBegun = false;
        if (this.#isWorking) this.#end('failed', failureOf(end));
      },
    });
  }

  #chosen(): string[] {
    const { conversation, fork } = this.#options;
    if (conversation === null) return [];
    if (this.#hasBegun) return ['--resume', conversation];
    return [...(fork === null ? [] : ['--resume', fork, '--fork-session']), '--session-id', conversation];
  }

  #read(line: string): void {
    const record = parseLine(line);
    if (record === null) return;
    const id = textOf(record.request_id);
    if (record.type === 'control_request') this.#takeRequest(id, objectOf(record.request));
    else if (record.type === 'control_cancel_request') {
      this.#asked.delete(id);
      this.#options.hear({ type: 'withdrawn', id });
    } else {
      if (record.type === 'assistant' || record.type === 'result') this.#hasBegun = true;
      this.#reader.read(record);
    }
  }

  #takeRequest(id: string, request: Readonly<Record<string, unknown>>): void {
    if (request.subtype !== 'can_use_tool') {
      const error = 'Forge does not know this request.';
      this.#write({ type: 'control_response', response: { subtype: 'error', request_id: id, error } });
      return;
    }
    this.#asked.set(id, request.input);
    this.#options.hear({ type: 'question', id, what: this.#reader.describe(textOf(request.tool_name), request.input) });
  }

  #end(outcome: 'done' | 'interrupted' | 'failed', reason: string): void {
    this.#isWorking = false;
    const isWanted = this.#isInterrupted && outcome === 'failed';
    this.#options.hear(
      isWanted ? { type: 'end', outcome: 'interrupted', reason: '' } : { type: 'end', outcome, reason },
    );
  }

  #write(message: object): void {
    this.#program?.write(`${JSON.stringify(message)}\n`);
  }
}
