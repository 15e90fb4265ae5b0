import type { AgentReport } from '../../domain/agent-report.ts';
import { countTokens, noTokens, type Tokens, tokensAbove, tokensBy } from '../../domain/tokens.ts';
import { countOf, type JsonObject, objectOf, objectsOf, parseLine, textOf, timeOf } from '../json-line.ts';
import { ToolCalls } from '../tool-calls.ts';
import { tokensOfCall, tokensOfModel } from './read-tokens.ts';
import { UnlistedUsage } from './unlisted-usage.ts';

// Read off the transcripts of Claude Code 2.1.329; see test/fixtures/agent-records.

/** Lines that only copy what was sent: the longest of all, and none says anything new. */
const copies = '{"type":"api-request';
/** How texts begin that it writes in the person's name, when nothing else tells them apart. */
const notTyped = /^\s*<(?:command-|bash-|local-command-|task-notification|system-reminder)|^\[Request interrupted/;
/** Why an answer is over. With any other reason it goes on with a tool, or was broken off. */
const finalStops = new Set(['end_turn', 'stop_sequence', 'max_tokens', 'refusal', 'model_context_window_exceeded']);

/** Tools that ask how something stands that it has left running. */
export const pollTools = ['BashOutput', 'TaskOutput', 'AgentOutputTool'];

/** One conversation of Claude Code, read from its transcript and those of its sub-agents, each line by line. */
export class TranscriptReader {
  readonly #hear: (report: AgentReport) => void;
  readonly #since: number;
  readonly #unlisted: UnlistedUsage;
  readonly #calls = new Map<string, Tokens>();
  readonly #tools: ToolCalls;
  #newestAt: number;
  #linesRead = 0;

  /** `since` in ms since the epoch: what is older belongs to somebody else. */
  constructor(conversation: string, since: number, hear: (report: AgentReport) => void) {
    this.#hear = hear;
    this.#since = since;
    this.#newestAt = since;
    this.#tools = new ToolCalls(hear, pollTools);
    this.#unlisted = new UnlistedUsage(conversation, (entry) => hear({ type: 'usage', entry }));
  }

  get linesRead(): number {
    return this.#linesRead;
  }

  readMain(line: string): void {
    this.#linesRead += 1;
    if (line.startsWith(copies)) return;
    const record = parseLine(line);
    if (record?.type === 'cost-state') this.#readTotals(record);
    const at = timeOf(record?.timestamp);
    if (record === null || at === null) return;
    this.#newestAt = Math.max(this.#newestAt, at);
    this.#unlisted.goOn(at);
    if (at < this.#since) return;
    if (record.isApiErrorMessage === true) this.#readFailure(record, at);
    else if (record.type === 'assistant') this.#readAnswer(record, at);
    else if (record.type === 'user') this.#readPrompt(record, at);
    else if (record.type === 'attachment') this.#readQueued(objectOf(record.attachment), at);
  }

  /** Its prompts are the agent's own, and its end is not the end of the answer: only what it used counts. */
  readSubAgent(line: string): void {
    this.#linesRead += 1;
    if (line.startsWith(copies)) return;
    const record = parseLine(line);
    const at = timeOf(record?.timestamp);
    if (record?.type === 'assistant' && at !== null && at >= this.#since) this.#readUsage(record, at);
  }

  /** Everything that is there has been read. */
  settle(): void {
    this.#unlisted.settle();
  }

  #readAnswer(record: JsonObject, at: number): void {
    this.#readUsage(record, at);
    for (const { type, id, name, input } of objectsOf(objectOf(record.message).content))
      if (type === 'tool_use') this.#tools.called(textOf(id), textOf(name), input, at);
    if (record.isAbortedMidStream !== true && finalStops.has(textOf(objectOf(record.message).stop_reason)))
      this.#hear({ type: 'answer', at });
  }

  /** A message has a line for each of its parts, each with the usage of the whole as it was known by then. */
  #readUsage(record: JsonObject, at: number): void {
    const message = objectOf(record.message);
    const [key, model] = [textOf(message.id), textOf(message.model)];
    // What it says in the model's place, such as failures, bears no model's name.
    if (key === '' || model === '' || model === '<synthetic>') return;
    const known = this.#calls.get(`${key} ${model}`);
    const said = tokensOfCall(objectOf(message.usage));
    const tokens = tokensBy((field) => Math.max(said[field], known?.[field] ?? 0));
    const more = tokensAbove(tokens, known ?? noTokens);
    if (known && countTokens(more) === 0) return;
    this.#calls.set(`${key} ${model}`, tokens);
    this.#hear({ type: 'usage', entry: { key, model, tokens, usd: null, at } });
    this.#unlisted.addCall(textOf(record.requestedModel) || model, more, at);
  }

  #readFailure(record: JsonObject, at: number): void {
    const reason = contentText(objectOf(record.message).content);
    this.#hear({ type: 'state', state: 'failed', reason, at });
    if (record.error !== 'rate_limit') return;
    const resetsAt = countOf(objectOf(record.quotaLimits).resetsAt);
    this.#hear({ type: 'limit', until: resetsAt === 0 ? null : resetsAt * 1_000, reason, at });
  }

  #readPrompt(record: JsonObject, at: number): void {
    if (record.isMeta === true || record.isSidechain === true || record.isCompactSummary === true) return;
    const { content } = objectOf(record.message);
    const results = objectsOf(content).filter(({ type }) => type === 'tool_result');
    for (const result of results)
      this.#tools.ended(textOf(result.tool_use_id), result.content, result.is_error === true, at);
    if (results.length > 0) return;
    this.#tellPrompt(record.uuid, record.origin, contentText(content), at);
  }

  /** A prompt that was typed while it worked, and taken in between two tools. */
  #readQueued(attachment: JsonObject, at: number): void {
    if (attachment.type !== 'queued_command' || attachment.commandMode !== 'prompt') return;
    this.#tellPrompt(attachment.source_uuid, attachment.origin, contentText(attachment.prompt), at);
  }

  #tellPrompt(key: unknown, origin: unknown, text: string, at: number): void {
    const kind = textOf(objectOf(origin).kind);
    if ((kind !== '' && kind !== 'human') || text === '' || notTyped.test(text)) return;
    this.#hear({ type: 'prompt', key: textOf(key), text, at });
  }

  #readTotals(record: JsonObject): void {
    const totals = Object.entries(objectOf(record.modelUsage)).map(
      ([model, used]) => [model, tokensOfModel(objectOf(used))] as const,
    );
    // Totals that go back further: somebody else's part cannot be told apart from ours.
    if (this.#since <= countOf(record.startTime)) this.#unlisted.addStatement(new Map(totals), this.#newestAt);
  }
}

/** The words of a message, without its pictures. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .flatMap(({ type, text }) => (type === 'text' ? [textOf(text)] : []))
    .join('\n');
}
