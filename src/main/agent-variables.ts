import { findVariable, variableSources } from '../config/expand-environment.ts';
import { type EnvironmentLayer, environmentLayers, originsOf } from '../domain/agent-environment.ts';
import type { Settings } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import type { AgentCatalogue } from '../ports/agents.ts';

type Use = Parameters<AgentCatalogue['variables']>[0];

/** The variables that settings and tasks give to agents. `files` in the grammar of `.env` have values for `${VAR}`, the strongest first. */
export function agentVariables(
  settings: () => Settings,
  taskOf: (id: string) => Task | undefined,
  environment: () => Record<string, string>,
  files: readonly string[],
) {
  const sources = () => variableSources(environment(), files);
  const layersOf = ({ agent, worker, task }: Use): EnvironmentLayer[] =>
    environmentLayers(
      settings().agents.find(({ name }) => name === agent),
      settings().workers.find(({ name }) => name === worker),
      task === undefined ? undefined : taskOf(task),
    );
  const origins: AgentCatalogue['variables'] = (use) =>
    originsOf(layersOf(use), (name) => findVariable(sources(), name)?.from ?? null);
  return { sources, layersOf, origins };
}
