import type { FallbackCause } from './fallback.ts';
import type { RuleState } from './status.ts';

/** The definition of a program that can do work, from the configuration. */
export interface AgentDefinition {
  name: string;
  adapter: string;
  /** The program and its arguments; empty means the adapter's own program, found on PATH. */
  command: string[];
  /** Extra environment, `${VAR}` already expanded. */
  env: Record<string, string>;
  /** Each worker's program has a state of its own. */
  isolate?: boolean | undefined;
  /** Instead of what the adapter says of it. */
  endsByItself?: boolean | undefined;
  /** How long it may say nothing at work before that is shown, in ms; for agents without a screen. */
  silenceMs?: number | undefined;
  /** Name of the agent that a run goes on with when this one cannot. */
  fallback?: string | undefined;
  /** For what; left out: for all of it. */
  fallbackOn?: readonly FallbackCause[] | undefined;
  /** How long it may work without a sign, in ms; left out: for ever. */
  timeoutMs?: number | undefined;
  /** How long a limit of its provider may last that is waited for, in ms. */
  limitWaitMs?: number | undefined;
  /** Before those of the adapter. A pattern is as `screen-pattern.ts` allows it. */
  rules?: readonly AgentRule[] | undefined;
}

/** How one state is read off a title, off the rows of a screen, or off either. */
export interface AgentRule {
  name: string;
  state: RuleState;
  reason: string;
  title?: string | undefined;
  lines?: readonly string[] | undefined;
}
