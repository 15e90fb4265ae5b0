import { z } from 'zod';
import { passedOn } from '../../src/agents/environment.ts';
import { agentAdapters } from '../../src/agents/registry.ts';
import { environmentOptions } from '../../src/config/environment-options.ts';
import { defaults, hasEffect, layerSchema } from '../../src/config/options.ts';
import { code, fence, page, table } from './markdown.ts';

export interface Schema {
  type?: string | string[];
  const?: unknown;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
}

interface Setting {
  path: string;
  schema: Schema;
  fallback: unknown;
}

const example = `prefix: fg
agents:
  script: { adapter: command, command: ["./agent.sh", "{prompt}"], env: { TOKEN: "\${TOKEN}" } }
workers:
  - { name: worker-1, agent: claude }
  - { name: worker-2, agent: script }
worktrees: { copy: [".env"], setup: ["npm ci"] }
limits: { total: 4 }
budget: { runUsd: 2, dayUsd: 20 }`;

export function settingsPage(): string {
  const settings = settingsIn('', z.toJSONSchema(layerSchema, { io: 'input' }) as Schema, defaults);
  const [used, unused] = [
    settings.filter(({ path }) => hasEffect(path)),
    settings.filter(({ path }) => !hasEffect(path)),
  ];
  const row = ({ path, schema, fallback }: Setting) => [
    code(path),
    kindOf(schema),
    fallback === undefined ? '' : code(JSON.stringify(fallback)),
    schema.description ?? '',
  ];
  const head = ['setting', 'value', 'default', 'does'];
  const variables = Object.entries(environmentOptions).filter(([, { path }]) => hasEffect(path.join('.')));
  return page(
    'Settings',
    'src/config/options.ts',
    `Defaults < ${code('~/.forge/config.yaml')} < ${code('.forge/config.yaml')} of the project < ${code('FORGE_*')} in the environment. ${code('forge config')} prints each value in force and where it came from. Each file may hold any part. A value that is wrong is named with its file, line and column; a supervisor that runs takes a changed file up at once, and keeps the settings from before when the file cannot be read.`,
    fence('yaml', example),
    '## In force',
    table(head, used.map(row)),
    `Adapters: ${agentAdapters.map(({ name }) => code(name)).join(', ')}.`,
    ...(unused.length === 0
      ? []
      : [
          '## Accepted, without effect in this version',
          'They are checked, so that a file written for a later version can be used with this one; nothing reads them yet.',
          table(head, unused.map(row)),
        ]),
    '## In the environment',
    table(
      ['variable', 'is'],
      [
        ...variables.map(([name, { path }]) => [code(name), `the setting ${code(path.join('.'))}`]),
        [code('FORGE_HOME'), `in place of ${code('~/.forge')}: a world of its own, with its own daemons and projects`],
        [
          code('NO_COLOR'),
          `a dashboard without colours; ${code('FORCE_COLOR')}, ${code('COLORTERM')} and ${code('TERM')} are heeded too`,
        ],
        [code('FORGE_DEMO_SPEED'), 'how much quicker the agents of the demo work; 0: without pauses'],
      ],
    ),
    '## What an agent gets of your environment',
    `These, what its adapter adds for the program itself (${code('ANTHROPIC_*')}, ${code('OPENAI_*')} and the like), ${code('FORGE_PROMPT')}, ${code('FORGE_TASK')}, ${code('FORGE_RUN')} and ${code('FORGE_SESSION')}, and its own ${code('env')}. Nothing else.`,
    table(
      ['variables', 'for'],
      passedOn.map(({ names, why }) => [names.map(code).join(' '), why]),
    ),
  );
}

/** The leaves below a schema, in its order. `<name>` stands for a key that the person chooses. */
export function settingsIn(path: string, schema: Schema, fallback: unknown): Setting[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const inside = (key: string) => (fallback as Record<string, unknown> | undefined)?.[key];
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([key, inner]) =>
      settingsIn(at(key), { ...inner, description: inner.description ?? schema.description }, inside(key)),
    );
  }
  const here = { path, schema, fallback: fallback ?? schema.default ?? (isNullable(schema) ? null : undefined) };
  const inner = schema.items ?? (schema.additionalProperties || undefined);
  if (!inner?.properties) return [here];
  const name = schema.items ? `${path}[]` : `${path}.<name>`;
  return [here, ...settingsIn(name, { ...inner, description: '' }, undefined)];
}

function isNullable(schema: Schema): boolean {
  const kinds = schema.anyOf?.map(({ type }) => type) ?? [schema.type].flat();
  return kinds.includes('null');
}

export function kindOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => kindOf({ type })).join(' or ');
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum) return schema.enum.map((word) => code(String(word))).join(', ');
  if (schema.type === 'array')
    return `list of ${schema.items?.properties ? 'entries' : `${kindOf(schema.items ?? {})}s`}`;
  if (schema.type === 'object') return 'entries by name';
  return schema.type === 'string' ? 'text' : (schema.type ?? '');
}
