import type { AgentDefinition } from './agent.ts';
import { looksSecret } from './secrets.ts';
import type { Task } from './task.ts';
import type { Worker } from './worker.ts';

/** Somebody who says something of an agent's environment. A later layer wins over an earlier one, variable by variable. */
export interface EnvironmentLayer {
  from: 'agent' | 'worker' | 'task';
  /** As it is written: `${VAR}` is expanded at launch. */
  env: Readonly<Record<string, string>>;
}

/** Where a variable of an agent comes from; never what a `${VAR}` in it stands for. */
export interface VariableOrigin {
  name: string;
  from: EnvironmentLayer['from'];
  /** As it is written; null for what looks like a secret. */
  written: string | null;
  /** What its `${VAR}` take: the name, and where its value is found; null: nowhere. */
  takes: { name: string; from: string | null }[];
}

/** `${VAR}` in the environment of an agent. */
export const reference = /\$\{([A-Za-z_]\w*)\}/g;

/** What is said of the environment for this work, the weakest first. */
export function environmentLayers(
  agent: AgentDefinition | undefined,
  worker: Worker | undefined,
  task: Pick<Task, 'env'> | undefined,
): EnvironmentLayer[] {
  return [
    { from: 'agent', env: agent?.env ?? {} },
    { from: 'worker', env: worker?.env ?? {} },
    { from: 'task', env: task?.env ?? {} },
  ];
}

export function joinLayers(layers: readonly EnvironmentLayer[]): Record<string, string> {
  return Object.assign({}, ...layers.map(({ env }) => env));
}

/** Each variable with the layer that has the last word on it. `find` says where a variable has its value. */
export function originsOf(
  layers: readonly EnvironmentLayer[],
  find: (name: string) => string | null,
): VariableOrigin[] {
  const origins = new Map<string, VariableOrigin>();
  for (const { from, env } of layers)
    for (const [name, text] of Object.entries(env)) {
      const taken = [...new Set([...text.matchAll(reference)].map(([, variable]) => variable))];
      const takes = taken.map((variable) => ({ name: variable, from: find(variable) }));
      origins.set(name, { name, from, written: looksSecret(name, text) ? null : text, takes });
    }
  return [...origins.values()];
}
