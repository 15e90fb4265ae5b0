import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { environmentOptions } from './environment-options.ts';
import { didYouMean, explainIssue } from './explain-issue.ts';
import { mergeLayers, type NamedLayer, type Values } from './merge-layers.ts';
import { type Config, defaults, layerSchema, options } from './options.ts';
import { type FileLayer, readLayer } from './read-layer.ts';

export interface ConfigInput {
  forgeHome: string;
  /** The main checkout of the project, or null outside of one. */
  projectRoot: string | null;
  /** The project's settings when they are not in its checkout: a branch without them, or a clean-up. */
  projectFile?: string | null;
  environment: Readonly<Record<string, string | undefined>>;
}

export interface LoadedConfig {
  config: Config;
  /** Where each leaf came from, by its dotted path: `default`, a file, or the name of an environment variable. */
  sources: Record<string, string>;
}

/** Defaults < the user's file < the project's file < environment. Throws `config.invalid` that names file, line, column. */
export function loadConfig({ forgeHome, projectRoot, projectFile, environment }: ConfigInput): LoadedConfig {
  const ofProject = projectFile ?? (projectRoot === null ? null : projectConfigFile(projectRoot));
  const files = [join(forgeHome, 'config.yaml'), ...(ofProject === null ? [] : [ofProject])]
    .map(readLayer)
    .filter((layer) => layer !== null);
  const { values, sources } = mergeLayers([
    { source: 'default', values: defaults as unknown as Values },
    ...files.map((layer) => ({ source: layer.file, values: layer.values as Values })),
    ...environmentLayers(environment),
  ]);
  const config = values as unknown as Config;
  checkAgents(config, files);
  checkFallbacks(config, files);
  checkWorkers(config, files);
  return { config, sources };
}

export function projectConfigFile(projectRoot: string): string {
  return join(projectRoot, '.forge', 'config.yaml');
}

function environmentLayers(environment: ConfigInput['environment']): NamedLayer[] {
  const layers: NamedLayer[] = [];
  for (const [source, { path, isNumber }] of Object.entries(environmentOptions)) {
    const text = environment[source];
    if (text === undefined || text === '') continue;
    const value = isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    const values = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Values;
    const parsed = layerSchema.safeParse(values, { reportInput: true });
    if (!parsed.success) {
      const { message } = explainIssue(parsed.error.issues[0], options);
      throw new ForgeError('config.invalid', `$${source}: ${message}`, { next: `Change or unset ${source}.` });
    }
    layers.push({ source, values: parsed.data as Values });
  }
  return layers;
}

function checkAgents(config: Config, files: FileLayer[]): void {
  for (const [name, agent] of Object.entries(config.agents)) {
    if (agent.adapter === undefined) {
      throw new ForgeError(
        'config.invalid',
        `${place(files, ['agents', name], true)}agents.${name}: expected an adapter`,
      );
    }
    config.agents[name] = { ...agent, command: agent.command ?? [], env: agent.env ?? {} };
  }
}

/** Each names an agent that is defined, and no chain comes back to where it was. */
function checkFallbacks({ agents }: Config, files: FileLayer[]): void {
  for (const name of Object.keys(agents)) {
    const chain = [name];
    for (let next = agents[name]?.fallback; next !== undefined; next = agents[next]?.fallback) {
      const path = ['agents', chain.at(-1) ?? name, 'fallback'];
      const where = `${place(files, path)}${path.join('.')}: `;
      if (!Object.hasOwn(agents, next)) {
        const hint = didYouMean(next, Object.keys(agents)) || ` Defined: ${Object.keys(agents).join(', ')}.`;
        throw new ForgeError('config.invalid', `${where}the agent ${next} is not defined.${hint}`);
      }
      if (chain.includes(next)) {
        throw new ForgeError(
          'config.invalid',
          `${where}it comes back to where it was: ${[...chain, next].join(' → ')}`,
        );
      }
      chain.push(next);
    }
  }
}

function checkWorkers(config: Config, files: FileLayer[]): void {
  const seen = new Set<string>();
  for (const [index, { name, agent }] of config.workers.entries()) {
    const path = ['workers', index] as const;
    if (seen.has(name)) {
      throw new ForgeError('config.invalid', `${place(files, [...path, 'name'])}two workers are named ${name}`);
    }
    seen.add(name);
    if (!Object.hasOwn(config.agents, agent)) {
      const known = Object.keys(config.agents);
      const hint = didYouMean(agent, known) || ` Defined: ${known.join(', ')}.`;
      const problem = `${name} runs the agent ${agent}, which is not defined.${hint}`;
      throw new ForgeError('config.invalid', `${place(files, [...path, 'agent'])}${problem}`);
    }
  }
}

/** `file:line:column: ` of a value in the last file that gives its first part; empty when it is a default. */
function place(files: FileLayer[], path: readonly PropertyKey[], isKey = false): string {
  const giver =
    files.findLast((layer) => has(layer.values, path)) ??
    files.findLast((layer) => has(layer.values, path.slice(0, 1)));
  return giver === undefined ? '' : `${giver.locate(path, isKey)}: `;
}

function has(values: unknown, path: readonly PropertyKey[]): boolean {
  let current = values;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return false;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return true;
}
