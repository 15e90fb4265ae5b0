import { countTokens, noTokens } from '../../../domain/tokens.ts';
import type { AgentRuntime, RuntimeEvent, RuntimeOptions } from '../../../ports/agent-runtime.ts';
import { describeTool } from '../../headless/describe-tool.ts';
import { type TurnProgram, TurnPrograms } from '../../headless/turn-programs.ts';
import { countOf, type JsonObject, objectOf, textOf } from '../../json-line.ts';
import { readFailure } from '../read-failure.ts';
import { callsSince } from './calls-since.ts';

// Read off `gemini -o stream-json` 0.61.0; see test/fixtures/headless-wires.

export function geminiRuntime(options: RuntimeOptions): AgentRuntime {
  return new TurnPrograms(options, (hear) => new GeminiTurn(options, hear));
}

/** It tries again for minutes, and says so in its error output alone. */
const retried = /^Attempt \d+ failed with status (\d+)\. Retrying/;

class GeminiTurn implements TurnProgram {
  readonly #options: RuntimeOptions;
  readonly #hear: (event: RuntimeEvent) => void;
  #conversation: string | null;
  #hasBegun: boolean;
  #isAnswering = false;
  #hasResult = false;
  #failure = '';
  #startedAt = 0;

  constructor(options: RuntimeOptions, hear: (event: RuntimeEvent) => void) {
    this.#options = options;
    this.#hear = hear;
    this.#conversation = options.conversation;
    this.#hasBegun = options.isResumed;
  }

  begin(prompt: string): { command: string[]; input: string } {
    this.#failure = '';
    this.#hasResult = this.#isAnswering = false;
    this.#startedAt = Date.now();
    const command = [...this.#options.command, '--output-format', 'stream-json', ...this.#chosen()];
    return { command, input: prompt };
  }

  #chosen(): string[] {
    const { fork } = this.#options;
    if (this.#conversation !== null) return [this.#hasBegun ? '--resume' : '--session-id', this.#conversation];
    return fork === null ? [] : ['--session-file', fork];
  }

  read(record: JsonObject): void {
    switch (record.type) {
      case 'init':
        this.#readStart(textOf(record.session_id));
        return;
      case 'message':
        this.#readMessage(record);
        return;
      case 'tool_use':
        this.#isAnswering = false;
        this.#hear({ type: 'tool', what: describeTool(textOf(record.tool_name), record.parameters) });
        return;
      case 'tool_result':
        if (record.status === 'error')
          this.#hear({ type: 'toolFailed', why: textOf(objectOf(record.error).message) || textOf(record.output) });
        else this.#hear({ type: 'sign' });
        return;
      case 'error':
        if (record.severity === 'error') this.#failure = textOf(record.message);
        this.#hear({ type: 'note', text: textOf(record.message) });
        return;
      case 'result':
        this.#readResult(record);
        return;
      default:
        this.#hear({ type: 'sign' });
    }
  }

  readAside(line: string): void {
    const status = retried.exec(line)?.[1];
    if (status === undefined) return;
    const { reason, limit } = readFailure(line.slice(line.indexOf('{')), Date.now());
    this.#hear({ type: 'note', text: `tries again: status ${status}, ${reason}` });
    if (limit) this.#hear({ type: 'limit', ...limit });
  }

  /**
   * A conversation in which nothing was answered yet can neither be gone on with nor be begun under the same id: then another one is
   * begun.
   */
  isRefused(lastWords: string): boolean {
    const isRefused = /Error (?:resuming|starting) session/.test(lastWords);
    if (isRefused) this.#conversation = null;
    return isRefused;
  }

  async end(): Promise<string> {
    if (!this.#hasResult) await this.#readOwnFile();
    if (this.#failure !== '') {
      const { limit, reason } = readFailure(this.#failure, Date.now());
      if (limit) this.#hear({ type: 'limit', ...limit });
      return reason;
    }
    return '';
  }

  #readStart(id: string): void {
    // With --session-id it has the conversation from here on, and refuses the same id again.
    this.#hasBegun = true;
    this.#hear({ type: 'sign' });
    if (id === '' || id === this.#conversation) return;
    this.#conversation = id;
    this.#hear({ type: 'conversation', id });
  }

  #readMessage({ role, content }: JsonObject): void {
    if (role !== 'assistant') return;
    this.#hear({ type: 'text', text: `${this.#isAnswering ? '' : '\n'}${textOf(content)}` });
    this.#isAnswering = true;
  }

  #readResult(record: JsonObject): void {
    this.#hasResult = true;
    if (record.status === 'error') this.#failure = textOf(objectOf(record.error).message) || 'an error without words';
    for (const [model, value] of Object.entries(objectOf(objectOf(record.stats).models))) {
      const { input_tokens: all, cached, total_tokens: total } = objectOf(value);
      const cacheRead = countOf(cached);
      // What it thought is in the total alone, and is charged as output.
      const tokens = { ...noTokens, input: countOf(all) - cacheRead, output: countOf(total) - countOf(all), cacheRead };
      const key = `turn ${textOf(record.timestamp)}`;
      if (countTokens(tokens) > 0) this.#hear({ type: 'usage', entry: { key, model, tokens, usd: null } });
    }
  }

  /** Of a prompt that was broken off its output tells no tokens, but the conversation's own file does. */
  async #readOwnFile(): Promise<void> {
    for (const entry of await callsSince(this.#options.env, this.#conversation, this.#startedAt))
      this.#hear({ type: 'usage', entry });
  }
}
