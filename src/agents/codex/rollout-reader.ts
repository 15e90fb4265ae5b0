import type { AgentReport } from '../../domain/agent-report.ts';
import { countTokens, type Tokens, tokensAbove } from '../../domain/tokens.ts';
import { failureWords } from '../failure-words.ts';
import { countOf, type JsonObject, objectOf, objectsOf, parseLine, textOf, timeOf } from '../json-line.ts';
import { ToolCalls } from '../tool-calls.ts';

// Read off the rollouts of Codex 0.169.0; see test/fixtures/agent-records.

/** One thread of Codex, read from its rollout line by line: the conversation itself, or a sub-agent of it. */
export class RolloutReader {
  readonly #thread: string;
  readonly #isSubAgent: boolean;
  readonly #hear: (report: AgentReport) => void;
  readonly #tools: ToolCalls;
  #model = '';
  #hasCalls = false;
  /** The newest sums of this thread; null before the first. */
  #sums: Tokens | null = null;
  #fullUntil: number | null = null;

  constructor(thread: string, isSubAgent: boolean, hear: (report: AgentReport) => void) {
    this.#thread = thread;
    this.#isSubAgent = isSubAgent;
    this.#hear = hear;
    this.#tools = new ToolCalls(hear, ['write_stdin', 'wait']);
  }

  read(line: string): void {
    const record = parseLine(line);
    const at = timeOf(record?.timestamp);
    if (record === null || at === null) return;
    const payload = objectOf(record.payload);
    if (record.type === 'turn_context') this.#model = textOf(payload.model) || this.#model;
    else if (record.type === 'token_usage_record') this.#readCall(payload, at);
    else if (record.type === 'event_msg' && payload.type === 'token_count') this.#readCount(payload, at);
    else if (record.type === 'event_msg' && !this.#isSubAgent) this.#readEvent(payload, at);
    else if (record.type === 'response_item' && !this.#isSubAgent) this.#readTool(payload, at);
  }

  #readCall(payload: JsonObject, at: number): void {
    this.#hasCalls = true;
    this.#tell(textOf(payload.response_id), readTokens(objectOf(payload.usage)), at);
  }

  /**
   * Sums since the beginning of the thread, over every resume, and in a fork with those of the thread that it was forked from.
   * The same sums come again with each failure. They count where no call is told: by versions before token_usage_record.
   */
  #readCount(payload: JsonObject, at: number): void {
    this.#readWindows(objectOf(payload.rate_limits));
    const { total_token_usage: total, last_token_usage: last } = objectOf(payload.info);
    const sums = readTokens(objectOf(total));
    const known = this.#sums;
    const hasBegunAnew = known === null || countTokens(tokensAbove(known, sums)) > 0;
    this.#sums = sums;
    const tokens = tokensAbove(sums, hasBegunAnew ? tokensAbove(sums, readTokens(objectOf(last))) : known);
    if (this.#hasCalls || countTokens(tokens) === 0) return;
    this.#tell(`${this.#thread} ${countOf(objectOf(total).total_tokens)}`, tokens, at);
  }

  #tell(key: string, tokens: Tokens, at: number): void {
    this.#hear({ type: 'usage', entry: { key, model: this.#model, tokens, usd: null, at } });
  }

  #readWindows({ primary, secondary }: JsonObject): void {
    const full = objectsOf([primary, secondary]).filter(({ used_percent }) => countOf(used_percent) >= 100);
    // All of them must have passed before it goes on.
    this.#fullUntil = full.length === 0 ? null : Math.max(...full.map(({ resets_at }) => countOf(resets_at))) * 1_000;
  }

  #readEvent(payload: JsonObject, at: number): void {
    if (payload.type === 'item_completed') this.#readItem(objectOf(payload.item), at);
    if (payload.type !== 'task_complete') return;
    const failure = objectOf(payload.error);
    const reason = failureWords(textOf(failure.message));
    if (reason !== '') this.#hear({ type: 'state', state: 'failed', reason, at });
    if (isLimit(failure.codex_error_info)) this.#hear({ type: 'limit', until: this.#fullUntil || null, reason, at });
    // A command that the person has run with `!` completes a task without an answer.
    else if (payload.error === undefined && textOf(payload.last_agent_message) !== '')
      this.#hear({ type: 'answer', at });
  }

  /** How a command ended stands in its output, as text. */
  #readTool({ type, call_id, name, arguments: input, input: text, output }: JsonObject, at: number): void {
    if (type === 'function_call' || type === 'custom_tool_call')
      this.#tools.called(textOf(call_id), textOf(name), input ?? text, at);
    else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      const said = outputText(output);
      this.#tools.ended(textOf(call_id), said.replace(ownWords, ''), failedCommand.test(said), at);
    }
  }

  #readItem(item: JsonObject, at: number): void {
    if (item.type !== 'UserMessage') return;
    const text = objectsOf(item.content).flatMap((part) => (part.type === 'text' ? [textOf(part.text)] : []));
    this.#hear({ type: 'prompt', key: textOf(item.id), text: text.join('\n'), at });
  }
}

/** What stands before the output of a command: which it is and how long it took, another each time. */
const ownWords = /^Chunk ID: [\s\S]*?\nOutput:\n/;
const failedCommand = /^Process exited with code [1-9]|"exit_code":\s*[1-9]/m;

function outputText(output: unknown): string {
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? '');
}

/** Its counts of what went in contain what the cache gave and took; what it thought is part of what came out. */
function readTokens(usage: JsonObject): Tokens {
  const cacheRead = countOf(usage.cached_input_tokens);
  const cacheWrite = countOf(usage.cache_write_input_tokens);
  const input = Math.max(0, countOf(usage.input_tokens) - cacheRead - cacheWrite);
  return { input, output: countOf(usage.output_tokens), cacheRead, cacheWrite };
}

/** Out of what the person's plan allows, or refused so often that it gave up. */
function isLimit(info: unknown): boolean {
  if (info === 'usage_limit_exceeded') return true;
  return objectOf(objectOf(info).response_too_many_failed_attempts).http_status_code === 429;
}
