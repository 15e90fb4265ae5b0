import type { AgentReport } from '../../domain/agent-report.ts';
import { ToolCalls } from '../tool-calls.ts';
import { limitWords } from './limit-words.ts';

/** A line of a record as `recorder.ts` writes it. Other types are of a later version and are skipped. */
type Line = { at: number; session: string } & (
  | { type: 'session.created' | 'session.updated'; parent: string | null; created?: number }
  | { type: 'session.status'; status: { type: string; message?: string; next?: number } }
  | { type: 'session.error'; error: { name?: string; message?: string; statusCode?: number } }
  | { type: 'permission.asked' | 'question.asked'; id: string; what: string }
  | { type: 'permission.replied' | 'question.replied' | 'question.rejected'; id: string }
  | {
      type: 'message.updated';
      id: string;
      role: string;
      model?: string;
      finish?: string;
      created?: number;
      completed?: number;
    }
  | ({ type: 'message.part.updated'; id: string; message: string } & Part)
);

interface Part {
  text?: string;
  tokens?: StepTokens;
  cost?: number;
  tool?: string;
  state?: EndedTool;
}

interface EndedTool {
  status: string;
  input?: unknown;
  output?: unknown;
  error?: unknown;
  time: { start: number; end: number };
}

interface StepTokens {
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

/**
 * What the lines of a record say, in Forge's words. A sub-agent has a session of its own below that of the conversation: its
 * tokens and its questions count, its states and prompts are not the conversation's. `conversation` is the one that is
 * resumed, if any.
 */
export function readRecord(conversation: string | null, hear: (report: AgentReport) => void): (line: string) => void {
  const reader = new RecordReader(conversation, hear);
  return (text) => {
    try {
      reader.read(JSON.parse(text) as Line);
    } catch {
      // A line of another shape, or one that was cut off: the rest still counts.
    }
  };
}

class RecordReader {
  readonly #hear: (report: AgentReport) => void;
  #conversation: string | null;
  readonly #tools: ToolCalls;
  readonly #children = new Set<string>();
  /** When each session began, in ms since the epoch. */
  readonly #begun = new Map<string, number>();
  /** Messages that were copied from another session, and are that one's. */
  readonly #copies = new Set<string>();
  readonly #models = new Map<string, string>();
  readonly #asked = new Map<string, string>();
  #told = '';
  #isBusy = false;
  #failure: string | null = null;
  #note = '';

  constructor(conversation: string | null, hear: (report: AgentReport) => void) {
    this.#conversation = conversation;
    this.#hear = hear;
    this.#tools = new ToolCalls(hear);
  }

  read(line: Line): void {
    switch (line.type) {
      case 'session.created':
      case 'session.updated':
        if (line.type === 'session.created') this.#begun.set(line.session, line.created ?? 0);
        if (line.parent !== null) this.#children.add(line.session);
        else if (line.type === 'session.created') this.#take(line.session);
        return;
      case 'session.status':
        this.#takeStatus(line);
        return;
      case 'session.error':
        // An abort is somebody's wish.
        if (line.session !== this.#conversation || line.error.name === 'MessageAbortedError') return;
        this.#failure = line.error.message ?? line.error.name ?? 'reports an error';
        this.#isBusy = false;
        if (line.error.statusCode === 429 || limitWords.test(this.#failure))
          this.#hear({ type: 'limit', until: null, reason: this.#failure, at: line.at });
        this.#tell(line.at);
        return;
      case 'permission.asked':
      case 'question.asked':
        this.#asked.set(line.id, reasonOf(line));
        this.#tell(line.at);
        return;
      case 'permission.replied':
      case 'question.replied':
      case 'question.rejected':
        this.#asked.delete(line.id);
        this.#tell(line.at);
        return;
      case 'message.updated':
        this.#takeMessage(line);
        return;
      case 'message.part.updated':
        this.#takePart(line);
    }
  }

  #take(session: string): void {
    if (session === this.#conversation) return;
    this.#conversation = session;
    this.#hear({ type: 'conversation', id: session });
  }

  #takeStatus({ session, status, at }: Line & { type: 'session.status' }): void {
    if (session !== this.#conversation) return;
    this.#isBusy = status.type !== 'idle';
    this.#note = status.type === 'retry' ? `tries again: ${status.message ?? ''}` : '';
    if (this.#isBusy) this.#failure = null;
    else this.#asked.clear();
    if (status.type === 'retry' && limitWords.test(status.message ?? ''))
      this.#hear({ type: 'limit', until: status.next ?? null, reason: status.message ?? '', at });
    this.#tell(at);
  }

  #takeMessage(message: Line & { type: 'message.updated' }): void {
    const { id, session, role, model, finish, created, completed } = message;
    if (created !== undefined && created < (this.#begun.get(session) ?? 0)) {
      this.#copies.add(id);
      return;
    }
    if (model !== undefined) this.#models.set(id, model);
    if (this.#children.has(session)) return;
    // A person can go over to another conversation in the same pane.
    if (role === 'user') this.#take(session);
    if (role === 'assistant' && completed !== undefined && finish !== undefined && finish !== 'tool-calls')
      this.#hear({ type: 'answer', at: completed });
  }

  #takePart(part: Line & { type: 'message.part.updated' }): void {
    const { at, session, id, message, text, tokens, cost, tool, state } = part;
    if (this.#copies.has(message)) return;
    if (tool !== undefined && state !== undefined && !this.#children.has(session)) this.#takeTool(id, tool, state);
    if (text !== undefined && !this.#children.has(session)) this.#hear({ type: 'prompt', key: message, text, at });
    if (tokens === undefined) return;
    const { input, output, reasoning, cache } = tokens;
    this.#hear({
      type: 'usage',
      entry: {
        key: id,
        model: this.#models.get(message) ?? 'unknown',
        tokens: { input, output: output + reasoning, cacheRead: cache.read, cacheWrite: cache.write },
        // It says 0 of a model whose price it does not know, as of one that costs nothing.
        usd: cost ? cost : null,
        at,
      },
    });
  }

  #takeTool(id: string, tool: string, { status, input, output, error, time }: EndedTool): void {
    this.#tools.called(id, tool, input, time.start);
    this.#tools.ended(id, output ?? error, status === 'error', time.end);
  }

  #tell(at: number): void {
    const [asked] = this.#asked.values();
    const report: [state: 'waiting' | 'failed' | 'busy' | 'idle', reason: string] =
      asked !== undefined
        ? ['waiting', asked]
        : this.#failure !== null
          ? ['failed', this.#failure]
          : this.#isBusy
            ? ['busy', this.#note]
            : ['idle', ''];
    const told = report.join('\0');
    if (told === this.#told) return;
    this.#told = told;
    this.#hear({ type: 'state', state: report[0], reason: report[1], at });
  }
}

function reasonOf({ type, what }: Line & { type: 'permission.asked' | 'question.asked' }): string {
  return type === 'permission.asked' ? `asks for permission: ${what}` : `asks: ${what}`;
}
