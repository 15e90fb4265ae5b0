import type { AgentReport } from '../../domain/agent-report.ts';
import { ToolCalls } from '../tool-calls.ts';
import { contentText } from './content-text.ts';
import { readFailure } from './read-failure.ts';

/** A line of a conversation's file, as far as it is read. A line can come again with more in it, under the same id. */
interface Line {
  id?: string;
  timestamp?: string;
  type?: 'user' | 'gemini' | 'info' | 'error' | 'warning';
  content?: unknown;
  tokens?: { input: number; output: number; cached: number; thoughts: number; tool: number } | null;
  model?: string;
  /** With what came of them, in the line that comes again when they have ended. */
  toolCalls?: readonly {
    id?: string;
    name?: string;
    args?: unknown;
    result?: unknown;
    status?: string;
    timestamp?: string;
  }[];
  $set?: { messages?: unknown };
  /** In the first line alone: when the conversation began. */
  startTime?: string;
}

/** How a line begins that gives the model its surroundings. After a cancelled tool the whole history follows it anew. */
const contextStart = '<session_context>';
/** What it notes when somebody stops it, or denies what it asks. */
const cancelled = 'Request cancelled.';
/** How long the history takes that is written anew, in ms, at most: all of it is written in one go. */
const historyMs = 1_000;

/**
 * What the lines of a conversation say, in Forge's words. When an answer is complete only the title tells: a message stands
 * there before it is known whether tools follow.
 */
export function readChat(hear: (report: AgentReport) => void): (line: string) => void {
  const told: string[] = [];
  const tools = new ToolCalls(hear);
  const ended = new Set<string>();
  /** Where in `told` a history that is written anew has come to; null: none is being written. */
  let history: { at: number; next: number } | null = null;
  /** What is older was copied from another conversation, and is that one's. */
  let since = 0;
  const takeUserText = (id: string, text: string, at: number) => {
    if (text.startsWith(contextStart)) history = { at, next: 0 };
    if (text === '' || text.startsWith(contextStart)) return;
    if (at < since) {
      told.push(text);
      return;
    }
    if (history !== null && at - history.at < historyMs) {
      // Prompts that failed are left out of it.
      const known = told.indexOf(text, history.next);
      if (known !== -1) {
        history.next = known + 1;
        return;
      }
    }
    told.push(text);
    hear({ type: 'prompt', key: id, text, at });
    hear({ type: 'turn', is: 'open', at });
  };
  const takeTool = (
    { id, name, args, result, status, timestamp }: NonNullable<Line['toolCalls']>[number],
    at: number,
  ) => {
    if (id === undefined || (status !== 'success' && status !== 'error') || ended.has(id)) return;
    ended.add(id);
    tools.called(id, name ?? '', args, at);
    tools.ended(id, withoutId(result, id), status === 'error', Date.parse(timestamp ?? '') || at);
  };
  const read = (line: Line) => {
    if (line.$set?.messages !== undefined) history = null;
    const { id, type } = line;
    if (line.startTime !== undefined) since = Date.parse(line.startTime);
    if (id === undefined || type === undefined) return;
    const at = Date.parse(line.timestamp ?? '');
    const text = contentText(line.content);
    if (text === null) return;
    if (type === 'user') takeUserText(id, text, at);
    else if (at < since) return;
    else if (type === 'error') hearFailure(text, at, hear);
    else if (type === 'info' && text === cancelled) hear({ type: 'turn', is: 'stopped', at });
    else if (type === 'gemini' && line.tokens) {
      for (const call of line.toolCalls ?? []) takeTool(call, at);
      hear({ type: 'turn', is: line.toolCalls === undefined ? 'answered' : 'open', at });
      const tokens = tokensOf(line.tokens);
      hear({ type: 'usage', entry: { key: id, model: line.model ?? 'unknown', tokens, usd: null, at } });
    }
  };
  return (text) => {
    try {
      read(JSON.parse(text) as Line);
    } catch {
      // A line of another shape: the rest still counts.
    }
  };
}

/** Its `input` has what came from the cache in it; what it thinks is charged as output, and prompts of tools as input. */
function tokensOf({ input, output, cached, thoughts, tool }: NonNullable<Line['tokens']>) {
  return { input: input - cached + tool, output: output + thoughts, cacheRead: cached, cacheWrite: 0 };
}

function hearFailure(text: string, at: number, hear: (report: AgentReport) => void): void {
  const { reason, limit } = readFailure(text, at);
  if (limit !== null) hear({ type: 'limit', ...limit, at });
  hear({ type: 'state', state: 'failed', reason, at });
  hear({ type: 'turn', is: 'stopped', at });
}

/** Its results name the call they are of, which would make each another. */
function withoutId(result: unknown, id: string): string {
  return (JSON.stringify(result) ?? '').replaceAll(id, '');
}
