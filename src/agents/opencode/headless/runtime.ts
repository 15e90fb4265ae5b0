import type { AgentRuntime, RuntimeEvent, RuntimeOptions } from '../../../ports/agent-runtime.ts';
import { describeTool } from '../../headless/describe-tool.ts';
import { splitFiles } from '../../headless/split-files.ts';
import { type TurnProgram, TurnPrograms } from '../../headless/turn-programs.ts';
import { countOf, type JsonObject, objectOf, textOf } from '../../json-line.ts';
import { limitWords } from '../limit-words.ts';

// Read off `opencode run --format json` 1.18.33; see test/fixtures/headless-wires.

export function opencodeRuntime(options: RuntimeOptions): AgentRuntime {
  return new TurnPrograms(options, (hear) => new OpencodeTurn(options, hear));
}

class OpencodeTurn implements TurnProgram {
  readonly #command: readonly string[];
  readonly #hear: (event: RuntimeEvent) => void;
  #session: string | null;
  #failure = '';

  constructor({ command, conversation }: RuntimeOptions, hear: (event: RuntimeEvent) => void) {
    this.#command = command;
    this.#session = conversation;
    this.#hear = hear;
  }

  begin(prompt: string): { command: string[]; input: string } {
    this.#failure = '';
    const { files, words } = splitFiles(prompt);
    const given = files.flatMap((file) => ['--file', file]);
    const chosen = this.#session === null ? [] : ['--session', this.#session];
    // Before the first option, which would take it for its value.
    const at = this.#command.findIndex((argument, index) => index > 0 && argument.startsWith('-'));
    const run = this.#command.toSpliced(at < 0 ? this.#command.length : at, 0, 'run');
    return { command: [...run, ...given, '--format', 'json', ...chosen], input: words };
  }

  read(record: JsonObject): void {
    const session = textOf(record.sessionID);
    if (session !== '' && this.#session === null) {
      this.#session = session;
      this.#hear({ type: 'conversation', id: session });
    }
    const part = objectOf(record.part);
    switch (record.type) {
      case 'text':
        this.#hear({ type: 'text', text: `\n${textOf(part.text)}` });
        return;
      case 'tool_use':
        this.#readTool(textOf(part.tool), objectOf(part.state));
        return;
      case 'step_finish':
        this.#readStep(part);
        return;
      case 'error':
        this.#readFailure(objectOf(record.error));
        return;
      default:
        this.#hear({ type: 'sign' });
    }
  }

  async end(): Promise<string> {
    return this.#failure;
  }

  /** Told when the tool has ended. */
  #readTool(name: string, state: JsonObject): void {
    this.#hear({ type: 'tool', what: describeTool(name, state.input) });
    if (state.status === 'error') this.#hear({ type: 'toolFailed', why: textOf(state.error) });
  }

  #readStep(part: JsonObject): void {
    const { input, output, reasoning, cache } = objectOf(part.tokens);
    const { read, write } = objectOf(cache);
    const tokens = {
      input: countOf(input),
      output: countOf(output) + countOf(reasoning),
      cacheRead: countOf(read),
      cacheWrite: countOf(write),
    };
    // Which model it was is told by the plugin's record alone.
    // It says 0 of a model whose price it does not know, as of one that costs nothing.
    const usd = countOf(part.cost) || null;
    this.#hear({ type: 'usage', entry: { key: textOf(part.id), model: null, tokens, usd } });
  }

  #readFailure({ name, data }: JsonObject): void {
    const { message, statusCode } = objectOf(data);
    this.#failure = textOf(message) || textOf(name) || 'an error without words';
    if (statusCode === 429 || limitWords.test(this.#failure))
      this.#hear({ type: 'limit', until: null, reason: this.#failure });
  }
}
