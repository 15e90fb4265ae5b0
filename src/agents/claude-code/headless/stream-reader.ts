import { addTokens, countTokens, noTokens, type Tokens, tokensAbove } from '../../../domain/tokens.ts';
import type { RuntimeEvent } from '../../../ports/agent-runtime.ts';
import { describeTool } from '../../headless/describe-tool.ts';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from '../../json-line.ts';
import { ToolCalls } from '../../tool-calls.ts';
import { tokensOfCall, tokensOfModel } from '../read-tokens.ts';
import { pollTools } from '../transcript-reader.ts';

// Read off the streams of Claude Code 2.1.329; see test/fixtures/headless-wires.

/** What the lines of a stream-json output say, in Forge's words. */
export class StreamReader {
  readonly #hear: (event: RuntimeEvent) => void;
  #conversation: string | null;
  /** Messages whose text came in pieces: it comes once more as a whole. */
  readonly #streamed = new Set<string>();
  readonly #tools: ToolCalls;
  /** The call that is being answered, of the conversation and of each sub-agent. */
  readonly #calls = new Map<string, { key: string; model: string; tokens: Tokens }>();
  /** Of each model, the calls since the last result. */
  #told = new Map<string, Tokens>();
  /** What was said last of its provider's refusal. */
  #limit: { until: number | null; reason: string } | null = null;

  constructor(conversation: string | null, hear: (event: RuntimeEvent) => void) {
    this.#conversation = conversation;
    this.#hear = hear;
    this.#tools = new ToolCalls((action) => hear({ type: 'acted', action }), pollTools);
  }

  describe(tool: string, input: unknown): string {
    return describeTool(tool, input);
  }

  read(record: JsonObject): void {
    switch (record.type) {
      case 'system':
        this.#readSystem(record);
        return;
      case 'stream_event':
        this.#readPiece(objectOf(record.event), textOf(record.parent_tool_use_id));
        return;
      case 'assistant':
        this.#readMessage(record);
        return;
      case 'user':
        this.#readResults(objectOf(record.message));
        return;
      case 'rate_limit_event':
        this.#readLimit(objectOf(record.rate_limit_info));
        return;
      case 'result':
        this.#readEnd(record);
        return;
      default:
        this.#hear({ type: 'sign' });
    }
  }

  #readSystem(record: JsonObject): void {
    const id = textOf(record.session_id);
    if (record.subtype === 'init' && id !== '' && id !== this.#conversation) {
      this.#conversation = id;
      this.#hear({ type: 'conversation', id });
    } else if (record.subtype === 'api_retry') {
      const why = textOf(record.error) || `status ${record.error_status}`;
      this.#hear({ type: 'note', text: `tries again (${record.attempt} of ${record.max_retries}): ${why}` });
    } else this.#hear({ type: 'sign' });
  }

  #readPiece(event: JsonObject, subAgent: string): void {
    if (event.type === 'message_start') {
      const message = objectOf(event.message);
      const [key, model] = [textOf(message.id), textOf(message.model)];
      this.#calls.set(subAgent, { key, model, tokens: noTokens });
      this.#streamed.add(key);
    }
    const delta = objectOf(event.delta);
    // Its last word on a call has the whole of it; a broken-off call has none.
    if (event.type === 'message_delta' && textOf(delta.stop_reason) !== '')
      this.#readCall(objectOf(event.usage), subAgent);
    if (subAgent !== '') this.#hear({ type: 'sign' });
    else if (event.type === 'content_block_start' && objectOf(event.content_block).type === 'text')
      this.#hear({ type: 'text', text: '\n' });
    else if (delta.type === 'text_delta') this.#hear({ type: 'text', text: textOf(delta.text) });
    else this.#hear({ type: 'sign' });
  }

  #readCall(usage: JsonObject, subAgent: string): void {
    const call = this.#calls.get(subAgent);
    if (!call || call.key === '') return;
    const tokens = tokensOfCall(usage);
    this.#told.set(call.model, addTokens(this.#told.get(call.model) ?? noTokens, tokens));
    this.#hear({ type: 'usage', entry: { key: call.key, model: call.model, tokens, usd: null } });
  }

  #readMessage(record: JsonObject): void {
    const message = objectOf(record.message);
    if (record.is_api_error_message === true || message.model === '<synthetic>') {
      if (record.error === 'rate_limit' || record.api_error_status === 429) {
        const resetsAt = countOf(objectOf(record.quotaLimits ?? record.quota_limits).resetsAt);
        const reason = objectsOf(message.content)
          .map(({ text }) => textOf(text))
          .join(' ');
        this.#limit = { until: resetsAt === 0 ? (this.#limit?.until ?? null) : resetsAt * 1_000, reason };
      }
      return;
    }
    if (textOf(record.parent_tool_use_id) !== '') return;
    for (const part of objectsOf(message.content)) {
      if (part.type === 'tool_use') {
        this.#tools.called(textOf(part.id), textOf(part.name), part.input, Date.now());
        this.#hear({ type: 'tool', what: describeTool(textOf(part.name), part.input) });
      } else if (part.type === 'text' && !this.#streamed.has(textOf(message.id)))
        this.#hear({ type: 'text', text: `\n${textOf(part.text)}` });
    }
  }

  #readResults(message: JsonObject): void {
    const results = objectsOf(message.content);
    for (const { tool_use_id, content, is_error } of results)
      this.#tools.ended(textOf(tool_use_id), content, is_error === true, Date.now());
    const failed = results.filter(({ is_error }) => is_error === true);
    for (const { content } of failed) {
      const why =
        typeof content === 'string'
          ? content
          : objectsOf(content)
              .map(({ text }) => textOf(text))
              .join(' ');
      this.#hear({ type: 'toolFailed', why });
    }
    if (failed.length === 0) this.#hear({ type: 'sign' });
  }

  #readLimit(info: JsonObject): void {
    if (info.status !== 'rejected') return;
    const resetsAt = countOf(info.resetsAt);
    this.#limit = { until: resetsAt === 0 ? null : resetsAt * 1_000, reason: 'the limit of its plan is reached' };
  }

  #readEnd(record: JsonObject): void {
    this.#readRest(objectOf(record.model_usage_since_last_result), textOf(record.uuid));
    if (this.#limit !== null) this.#hear({ type: 'limit', ...this.#limit });
    this.#limit = null;
    if (record.is_error !== true) {
      this.#hear({ type: 'end', outcome: 'done', reason: '' });
      return;
    }
    const isAborted = textOf(record.terminal_reason).startsWith('aborted');
    const reason = textOf(record.result) || (Array.isArray(record.errors) ? record.errors.join('; ') : '');
    const why = reason || textOf(record.subtype);
    this.#hear({ type: 'end', outcome: isAborted ? 'interrupted' : 'failed', reason: isAborted ? '' : why });
  }

  /** What it used beside the calls that it streamed: titles, summaries, an answer that was broken off. */
  #readRest(used: JsonObject, key: string): void {
    for (const [model, value] of Object.entries(used)) {
      const all = tokensOfModel(objectOf(value));
      const tokens = tokensAbove(all, this.#told.get(model) ?? noTokens);
      if (countTokens(tokens) > 0) this.#hear({ type: 'usage', entry: { key, model, tokens, usd: null } });
    }
    this.#told = new Map();
  }
}
