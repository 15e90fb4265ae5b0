import type { AgentRule } from './agent.ts';

/** An adapter that is data: how one program is started and read. Words in braces in its arguments are filled in. */
export interface DeclaredAdapter {
  summary: string;
  /** The program and its first arguments, for a definition without a command; empty: each definition must have one. */
  program: readonly string[];
  /** Arguments of a new conversation. `{conversation}` among them: Forge chooses its id. */
  start: readonly string[];
  /** Arguments that go on with a conversation; null: it cannot. */
  resume: readonly string[] | null;
  /** Arguments when there is a prompt, after all others. */
  prompt: readonly string[];
  /** A file that is there as long as the program has the conversation; null: it is asked to resume, and that is seen. */
  conversationFile: string | null;
  endsByItself: boolean;
  interruptKeys: string | null;
  inputMark: string | null;
  inputHint: string | null;
  /** How a prompt names a file; null: by its plain path. */
  mention: string | null;
  rules: readonly AgentRule[];
  environment: { passOn: readonly string[]; holdBack: readonly string[] };
  answersVersion: boolean;
  /** What to do when the program is missing. */
  install: string;
}
