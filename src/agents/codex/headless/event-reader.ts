import type { Tokens } from '../../../domain/tokens.ts';
import type { RuntimeEvent } from '../../../ports/agent-runtime.ts';
import { describeTool } from '../../headless/describe-tool.ts';
import { countOf, type JsonObject, objectOf, objectsOf, parseLine, textOf } from '../../json-line.ts';
import { ToolCalls } from '../../tool-calls.ts';

// Read off `codex app-server` 0.169.0; see test/fixtures/headless-wires.

/** What the notifications of a thread say, in Forge's words. Threads of sub-agents come along: of those only the tokens count. */
export class EventReader {
  readonly #hear: (event: RuntimeEvent) => void;
  readonly #tools: ToolCalls;
  readonly #calls = new Set<string>();
  #thread = '';
  /** Null: not known yet. */
  #model: string | null = null;
  /** Told before the model is known: the newest call of a thread that is gone on with. */
  #early: JsonObject | null = null;
  /** When the windows of the plan that are full are over, in ms since the epoch; null: none is full. */
  #fullUntil: number | null = null;

  constructor(hear: (event: RuntimeEvent) => void) {
    this.#hear = hear;
    this.#tools = new ToolCalls((action) => hear({ type: 'acted', action }));
  }

  /** `isNew`: what was told before is of a conversation that it is a copy of. */
  begin(thread: string, model: string, isNew: boolean): void {
    this.#thread = thread;
    this.#model = model;
    if (this.#early !== null && !isNew) this.#readUsage(this.#early);
    this.#early = null;
  }

  read(method: string, params: JsonObject): void {
    const isOwn = params.threadId === undefined || params.threadId === this.#thread;
    if (method === 'thread/tokenUsage/updated') this.#readUsage(params);
    else if (method === 'account/rateLimits/updated') this.#readWindows(objectOf(params.rateLimits));
    else if (method === 'model/rerouted' && isOwn) this.#model = textOf(params.toModel) || this.#model;
    else if (isOwn) this.#readOwn(method, params);
    else this.#hear({ type: 'sign' });
  }

  #readOwn(method: string, params: JsonObject): void {
    switch (method) {
      case 'item/agentMessage/delta':
        this.#hear({ type: 'text', text: textOf(params.delta) });
        return;
      case 'item/started':
        this.#readStart(objectOf(params.item));
        return;
      case 'item/completed':
        this.#readEndOfItem(objectOf(params.item));
        return;
      case 'error':
        // What is not tried again is told with the end of the turn.
        if (params.willRetry === true) this.#hear({ type: 'note', text: messageOf(objectOf(params.error)) });
        return;
      case 'turn/completed':
        this.#readEnd(objectOf(params.turn));
        return;
      default:
        this.#hear({ type: 'sign' });
    }
  }

  #readStart(item: JsonObject): void {
    if (item.type === 'agentMessage') this.#hear({ type: 'text', text: '\n' });
    const what = toolOf(item);
    if (what !== null) this.#hear({ type: 'tool', what });
  }

  #readEndOfItem(item: JsonObject): void {
    const { status, exitCode } = item;
    if (toolOf(item) !== null) this.#readAction(item);
    if (status === 'declined') this.#hear({ type: 'toolFailed', why: 'not allowed' });
    else if (status === 'failed' && typeof exitCode === 'number')
      this.#hear({ type: 'toolFailed', why: `exit status ${exitCode}` });
    else if (status === 'failed') this.#hear({ type: 'toolFailed', why: messageOf(objectOf(item.error)) || 'failed' });
    else this.#hear({ type: 'sign' });
  }

  /** A command, an edit or a call: what it was given, and what came of it. */
  #readAction(item: JsonObject): void {
    const { id, type, status, changes, aggregatedOutput, result, error } = item;
    const now = Date.now();
    const given = type === 'commandExecution' ? commandOf(item) : (changes ?? item.arguments ?? item.query);
    this.#tools.called(textOf(id), textOf(item.tool) || textOf(type), given, now - countOf(item.durationMs));
    this.#tools.ended(textOf(id), aggregatedOutput ?? result ?? error, status === 'failed', now);
  }

  #readEnd({ status, error }: JsonObject): void {
    const failure = objectOf(error);
    if (isLimit(failure.codexErrorInfo))
      this.#hear({ type: 'limit', until: this.#fullUntil, reason: messageOf(failure) });
    if (status === 'completed') this.#hear({ type: 'end', outcome: 'done', reason: '' });
    else if (status === 'interrupted') this.#hear({ type: 'end', outcome: 'interrupted', reason: '' });
    else this.#hear({ type: 'end', outcome: 'failed', reason: messageOf(failure) || textOf(status) });
  }

  /** The sum over the whole thread names the call. The last one comes again when a turn is stopped or a thread is gone on with. */
  #readUsage(params: JsonObject): void {
    const { threadId, tokenUsage } = params;
    if (this.#model === null) {
      this.#early = params;
      return;
    }
    const { total, last } = objectOf(tokenUsage);
    const key = `${textOf(threadId)} ${countOf(objectOf(total).totalTokens)}`;
    if (this.#calls.has(key)) return;
    this.#calls.add(key);
    this.#hear({ type: 'usage', entry: { key, model: this.#model, tokens: readTokens(objectOf(last)), usd: null } });
  }

  #readWindows({ primary, secondary }: JsonObject): void {
    const full = objectsOf([primary, secondary]).filter(({ usedPercent }) => countOf(usedPercent) >= 100);
    // All of them must have passed before it goes on.
    this.#fullUntil = Math.max(0, ...full.map(({ resetsAt }) => countOf(resetsAt))) * 1_000 || null;
  }
}

/** Its counts of what went in contain what the cache gave and took; what it thought is part of what came out. */
function readTokens(usage: JsonObject): Tokens {
  const cacheRead = countOf(usage.cachedInputTokens);
  const cacheWrite = countOf(usage.cacheWriteInputTokens);
  const input = Math.max(0, countOf(usage.inputTokens) - cacheRead - cacheWrite);
  return { input, output: countOf(usage.outputTokens), cacheRead, cacheWrite };
}

function toolOf(item: JsonObject): string | null {
  switch (item.type) {
    case 'commandExecution':
      return describeTool('shell', { command: commandOf(item) });
    case 'fileChange':
      return `edit: ${objectsOf(item.changes)
        .map(({ path }) => textOf(path))
        .join(', ')}`;
    case 'mcpToolCall':
    case 'dynamicToolCall':
      return describeTool(textOf(item.tool), item.arguments);
    case 'webSearch':
      return describeTool('web search', { query: item.query });
    default:
      return null;
  }
}

/** As the model wrote it, without the shell that runs it. */
export function commandOf({ command, commandActions }: JsonObject): string {
  const actions = objectsOf(commandActions).map((action) => textOf(action.command));
  return actions.length === 1 && actions[0] !== '' ? actions[0] : textOf(command);
}

/** Some messages are the answer of the provider as it came. */
function messageOf(error: JsonObject): string {
  const text = textOf(error.message);
  return textOf(objectOf(parseLine(text)?.error).message) || text;
}

/** Out of what the person's plan allows, or refused so often that it gave up. */
function isLimit(info: unknown): boolean {
  if (info === 'usageLimitExceeded' || info === 'rateLimitExceeded') return true;
  return Object.values(objectOf(info)).some((value) => objectOf(value).httpStatusCode === 429);
}
