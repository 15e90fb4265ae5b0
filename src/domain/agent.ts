/** The definition of a program that can do work, from the configuration. */
export interface AgentDefinition {
  name: string;
  adapter: string;
  /** The program and its arguments; empty means the adapter's own program, found on PATH. */
  command: string[];
  /** Extra environment, `${VAR}` already expanded. */
  env: Record<string, string>;
  /** Instead of what the adapter says of it. */
  endsByItself?: boolean | undefined;
  /** How long it may say nothing at work before that is shown, in minutes; for agents without a screen. */
  silentMinutes?: number | undefined;
  /** Before those of the adapter. A pattern is as `screen-pattern.ts` allows it. */
  rules?: readonly AgentRule[] | undefined;
}

/** How one state is read off a title, off the rows of a screen, or off either. */
export interface AgentRule {
  name: string;
  state: 'waiting' | 'failed' | 'idle' | 'busy';
  reason: string;
  title?: string | undefined;
  lines?: readonly string[] | undefined;
}
