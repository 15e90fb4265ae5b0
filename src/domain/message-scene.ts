import type { AgentWords } from './agent-words.ts';
import type { InputScreen } from './input-screen.ts';
import type { Message } from './message.ts';
import type { SessionFacts, SessionStatus } from './session.ts';

/** A program that has just come to rest may go on by itself: it is at rest after this long, in ms. */
export const restMs = 700;
/**
 * A program shows its input before it has taken the prompt that it was started with: until its records have one nothing is typed before
 * this age, in ms. What comes of the first would be taken for the receipt of the next.
 */
const firstPromptMs = 60_000;

/** The newest input of Forge for a message. */
export interface SentInput {
  step: 'text' | 'enter' | 'again';
  at: number;
}

/** A prompt, and all that is known of the program that it is for. */
export interface MessageScene {
  message: Message;
  facts: SessionFacts;
  status: SessionStatus;
  /** What the agent's own records say; null when none are read. */
  words: AgentWords | null;
  /** They have its prompts. */
  tellsPrompts: boolean;
  /** Null when nobody has looked. */
  screen: InputScreen | null;
  /** How the program's input begins, when that is known. */
  inputMark: RegExp | null;
  /** What stands behind the cursor of an empty one, when that is known. */
  inputHint: RegExp | null;
  /** The program has signals of its own, and silence is none of them. */
  isTold: boolean;
  /** What was typed of this message; null: nothing; unknown: by a supervisor that is gone, into a host that does not keep it. */
  sent: SentInput | 'unknown' | null;
  /** The text was seen in the input. */
  wasSeen: boolean;
  /** How many times this process has typed it. */
  typings: number;
  /** Text of the message before it, if that failed when it had been typed. */
  leftover: string | null;
  /** The message before it has been accepted and not answered. */
  isBehind: boolean;
  /** The run of the session is paused: nothing may go on in it. */
  isPaused: boolean;
  /** The run of the session is not over: when that has ended, it can go on in another. */
  mayGoOn: boolean;
  /** Since when this process looks at the prompts of the session. */
  watchedSince: number;
  now: number;
}

/** What it was started with, as far as one can know. A conversation that is gone on with tells again what came before. */
export function hasTakenFirst({ facts: { labels, startedAt }, words, tellsPrompts, now }: MessageScene): boolean {
  if (!tellsPrompts || labels.run === undefined || now - startedAt >= firstPromptMs) return true;
  return (words?.promptAt ?? 0) >= startedAt;
}

/** By its own word it is at its prompt after an error of its provider; what a screen rule calls failed may be anything. */
export function saysThatItFailed({ facts, words }: MessageScene): boolean {
  return facts.program?.state === 'error' || words?.state?.state === 'failed';
}
