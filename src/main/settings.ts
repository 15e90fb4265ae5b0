import { withOwnRules } from '../agents/own-rules.ts';
import { findAdapter } from '../agents/registry.ts';
import { disposable } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';
import { expandEnvironment } from '../config/expand-environment.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import type { OwnPrices } from '../domain/prices.ts';
import type { Settings } from '../domain/settings.ts';
import type { AgentCatalogue } from '../ports/agents.ts';

/** The configuration in the words of the domain. `prefix` is what the project was set up with. */
export function settingsOf({ config }: LoadedConfig, prefix: string): Settings {
  const { transcripts } = config;
  const { sessionMegabytes, totalMegabytes } = transcripts;
  return {
    mode: config.mode,
    prefix,
    agents: Object.entries(config.agents).map(([name, agent]) => ({ name, ...agent })),
    workers: config.workers,
    limits: config.limits,
    budget: config.budget,
    prices: ownPrices(config.prices),
    worktrees: { setup: config.worktrees.setup, copy: config.worktrees.copy },
    transcript: transcripts.record ? { sessionMegabytes, totalMegabytes } : null,
    leader: config.keys.leader,
  };
}

/** A kind of tokens that the person gave no price is unknown, not free. */
function ownPrices(prices: LoadedConfig['config']['prices']): OwnPrices {
  return Object.fromEntries(
    Object.entries(prices).map(([model, { input, output, cacheRead, cacheWrite }]) => [
      model,
      { input, output, cacheRead: cacheRead ?? null, cacheWrite: cacheWrite ?? null },
    ]),
  );
}

/** The Node and the entry that run this process. */
const ownCommand = () => [process.execPath, process.argv[1] ?? ''];

/**
 * The agents of a project. `environment` is asked at each launch: it is that of the newest face that dispatched, since
 * the supervisor's own may be days old.
 */
export function openAgentCatalogue(
  settings: () => Settings,
  repository: string,
  environment: () => Record<string, string>,
  recordsDirectory: string,
): AgentCatalogue {
  const definitionOf = (name: string): AgentDefinition => {
    const definition = settings().agents.find((agent) => agent.name === name);
    if (!definition) throw new ForgeError('agent.missing', `No agent is named ${name} in the settings.`);
    return definition;
  };
  const adapterOf = (name: string) => {
    const definition = definitionOf(name);
    const adapter = findAdapter(definition.adapter);
    if (!adapter) throw new ForgeError('agent.missing', `Agent ${name} has an unknown adapter: ${definition.adapter}.`);
    return withOwnRules(adapter, definition);
  };
  const expanded = (name: string) => {
    const definition = definitionOf(name);
    return { ...definition, env: expandEnvironment(definition.env, environment()) };
  };
  const known = (name: string) => ({ definition: expanded(name), environment: environment(), recordsDirectory });
  return {
    list: () => settings().agents,
    adapterOf,
    adapterOfOrNull: (name) => (settings().agents.some((agent) => agent.name === name) ? adapterOf(name) : null),
    find: async (name) => {
      try {
        return await adapterOf(name).find(expanded(name), environment(), repository);
      } catch (failure) {
        if (!(failure instanceof ForgeError)) throw failure;
        return { isFound: false, problem: failure.message, next: failure.next };
      }
    },
    launch: async (name, request) => adapterOf(name).launch({ ...request, ...known(name), forge: ownCommand() }),
    holdsConversation: async (name, { session, worktree, conversation, startedAt }) => {
      const adapter = adapterOf(name);
      if (conversation === null || worktree === null || !adapter.abilities.canResume) return false;
      const place = { repository, worktree, session, conversation, startedAt: startedAt ?? 0 };
      return (await adapter.holdsConversation?.({ ...place, ...known(name) })) ?? false;
    },
    follow: (name, session, hear) =>
      adapterOf(name).follow?.({ ...session, ...known(name) }, hear) ?? disposable(() => {}),
  };
}
