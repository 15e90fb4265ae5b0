import type { AgentReport } from '../domain/agent-report.ts';
import type { UsageEntry } from '../domain/usage.ts';

/** What a program without a screen tells while a conversation goes on. Its texts are as the program sent them: not safe to draw. */
export type RuntimeEvent =
  /** The id by which the conversation can be gone on with. */
  | { type: 'conversation'; id: string }
  /** The next piece of the answer, of any length. */
  | { type: 'text'; text: string }
  /** It uses a tool. */
  | { type: 'tool'; what: string }
  | { type: 'toolFailed'; why: string }
  /** A tool has ended: by these it is seen whether it goes in circles. */
  | { type: 'acted'; action: AgentReport & { type: 'action' } }
  /** Something else worth a line, such as a retry. */
  | { type: 'note'; text: string }
  /** It goes on only when `answer` is called with this id. */
  | { type: 'question'; id: string; what: string }
  /** The question needs no answer any more. */
  | { type: 'withdrawn'; id: string }
  /** Told again with the same key and model it counts once. Model null: to be shown; records of the program itself are what counts. */
  | { type: 'usage'; entry: Omit<UsageEntry, 'at' | 'model'> & { model: string | null } }
  /** Its provider takes no more until then, in ms since the epoch; null: it does not say until when. */
  | { type: 'limit'; until: number | null; reason: string }
  /** It is alive, and has nothing to say. */
  | { type: 'sign' }
  /** The answer to a prompt is over. Each prompt that was sent has one end. */
  | { type: 'end'; outcome: 'done' | 'interrupted' | 'failed'; reason: string };

export type QuestionAnswer = 'yes' | 'no' | 'stop';

export interface RuntimeOptions {
  /** The program's absolute path, and the arguments of its definition. */
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  /** Null: the program chooses it, or the definition's own arguments do. */
  conversation: string | null;
  /** The conversation has begun already and is to be gone on with. */
  isResumed: boolean;
  /** What a new conversation begins with a copy of, as its adapter names it; null: nothing. */
  fork: string | null;
  hear(event: RuntimeEvent): void;
}

/**
 * A conversation with an agent program that has no screen. The program is started when it is needed, so a prompt after a crash
 * starts it again and goes on with the same conversation.
 */
export interface AgentRuntime {
  /** It asks before it does what it may not do by itself. Otherwise such things are refused, and it goes on without. */
  readonly canAsk: boolean;
  /** Only when no prompt is being answered. */
  send(prompt: string): void;
  /** Stops the answer; its end is told as of any other. */
  interrupt(): void;
  /** `stop`: no, and the answer to the prompt is stopped. */
  answer(question: string, answer: QuestionAnswer): void;
  /** Ends the program and all that it started, and resolves when they are gone. No end is told; a prompt afterwards starts it again. */
  close(): Promise<void>;
}

/** How the conversations of one program are held. */
export type StartRuntime = (options: RuntimeOptions) => AgentRuntime;
