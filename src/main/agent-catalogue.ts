import { join } from 'node:path';
import type { AdapterShelf } from '../agents/adapter-shelf.ts';
import { withOwnRules } from '../agents/own-rules.ts';
import { privateHome } from '../agents/private-home.ts';
import { disposable } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';
import { expandEnvironment } from '../config/expand-environment.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import { joinLayers } from '../domain/agent-environment.ts';
import type { Settings } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import type { AgentCatalogue, AgentUse } from '../ports/agents.ts';
import { agentVariables } from './agent-variables.ts';

/** The Node and the entry that run this process. */
const ownCommand = () => [process.execPath, process.argv[1] ?? ''];

/** Where a project and Forge keep things. */
interface Places {
  repository: string;
  recordsDirectory: string;
  /** State of programs that are kept apart: a folder a worker. */
  agentsDirectory: string;
  /** Files in the grammar of `.env` that `${VAR}` takes values from, the strongest first. */
  variableFiles: readonly string[];
}

/**
 * The agents of a project. `environment` is asked at each launch: it is that of the newest face that dispatched, since
 * the supervisor's own may be days old.
 */
export function openAgentCatalogue(
  settings: () => Settings,
  taskOf: (id: string) => Task | undefined,
  adapters: AdapterShelf,
  environment: () => Record<string, string>,
  places: Places,
): AgentCatalogue {
  const definitionOf = (name: string): AgentDefinition => {
    const definition = settings().agents.find((agent) => agent.name === name);
    if (!definition) throw new ForgeError('agent.missing', `No agent is named ${name} in the settings.`);
    return definition;
  };
  const adapterOf = (name: string) => {
    const definition = definitionOf(name);
    return withOwnRules(adapters.find(definition.adapter), definition);
  };
  const { repository, recordsDirectory } = places;
  const { sources, layersOf, origins } = agentVariables(settings, taskOf, environment, places.variableFiles);
  const expanded = (use: AgentUse) => {
    const definition = definitionOf(use.agent);
    const env = expandEnvironment(joinLayers(layersOf(use)), sources());
    if (!definition.isolate) return { ...definition, env };
    const { isolation, name } = adapterOf(use.agent);
    if (!isolation)
      throw new ForgeError('config.invalid', `agents.${use.agent}.isolate: ${name} cannot be kept apart.`);
    if (use.worker === undefined) return { ...definition, env };
    const folder = join(places.agentsDirectory, use.worker, use.agent);
    return { ...definition, env: { ...env, ...privateHome(isolation, { ...environment(), ...env }, folder) } };
  };
  const known = (use: AgentUse) => ({ definition: expanded(use), environment: environment(), recordsDirectory });
  return {
    list: () => settings().agents,
    adapterOf,
    adapterOfOrNull: (name) => {
      try {
        return adapterOf(name);
      } catch (failure) {
        if (failure instanceof ForgeError) return null;
        throw failure;
      }
    },
    find: async (use) => {
      try {
        return await adapterOf(use.agent).find(expanded(use), environment(), repository);
      } catch (failure) {
        if (!(failure instanceof ForgeError)) throw failure;
        return { isFound: false, problem: failure.message, next: failure.next };
      }
    },
    variables: origins,
    launch: async (use, { ofWorktree, forkHolder, ...request }) => {
      const { definition, ...rest } = known(use);
      const env = { ...ofWorktree, ...definition.env };
      return adapterOf(use.agent).launch({
        ...request,
        ...rest,
        definition: { ...definition, env },
        ...(forkHolder && { forkEnv: expanded(forkHolder).env }),
        forge: ownCommand(),
      });
    },
    holdsConversation: async (use, { session, worktree, conversation, startedAt }) => {
      const adapter = adapterOf(use.agent);
      if (conversation === null || worktree === null || !adapter.abilities.canResume) return false;
      const place = { repository, worktree, session, conversation, startedAt: startedAt ?? 0 };
      return (await adapter.holdsConversation?.({ ...place, ...known(use) })) ?? false;
    },
    follow: (use, session, hear) =>
      adapterOf(use.agent).follow?.({ ...session, ...known(use) }, hear) ?? disposable(() => {}),
  };
}
