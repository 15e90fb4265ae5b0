/** The definition of a program that can do work, from the configuration. */
export interface AgentDefinition {
  name: string;
  adapter: string;
  /** The program and its arguments; empty means the adapter's own program, found on PATH. */
  command: string[];
  /** Extra environment, `${VAR}` already expanded. */
  env: Record<string, string>;
}
