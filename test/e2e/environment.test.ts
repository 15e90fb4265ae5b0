import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// The environment of an agent in layers, and where its secrets do not come to lie.

const secret = 'xk9-Secret-of-Ada-77';

/** Says what it was given, to a file beside the repository, and stays. */
const agent = `#!/bin/sh
printf '%s|' "$TOKEN" "$HOST" "$LEVEL" "\${EMPTY-unset}" "\${STRANGER-unset}" "$PORT" "$FORGE_PORT_1" "$FORGE_PORT_10" "$COLORFGBG" > "$WORLD/given.$FORGE_TASK.tmp"
mv "$WORLD/given.$FORGE_TASK.tmp" "$WORLD/given.$FORGE_TASK"
exec sleep 600
`;

let world: World;

beforeEach(async () => {
  world = new World();
  expect((await world.forge('init', '--stealth', '--prefix', 'fg')).status).toBe(0);
  const file = world.write('../agents/agent.sh', agent, { isExecutable: true });
  world.write('.env', `# mine\nexport TOKEN_OF_ADA='${secret}'\nSTRANGER=never passed on\n`);
  world.git('config', 'core.excludesFile', world.write('../ignored', '.env\n'));
  world.write(
    '.forge/config.yaml',
    `prefix: fg
mode: stealth
agents:
  first:
    adapter: command
    command: [${JSON.stringify(file)}]
    env: { WORLD: ${JSON.stringify(world.root)}, TOKEN: "\${TOKEN_OF_ADA}", HOST: agent, LEVEL: agent, EMPTY: "" }
  other: { adapter: command, command: [${JSON.stringify(file)}] }
workers:
  - { name: b, agent: other }
  - { name: a, agent: first, env: { HOST: worker } }
`,
  );
});

afterEach(() => world.dispose());

test('agent, worker and task add to the environment in this order, and a task is done by the agent that it wants', async () => {
  const { id } = await world.json<{ id: string }>('task', 'add', 'One', '--agent', 'first', '--env', 'LEVEL=task');
  const [run] = (await world.json<{ runs: { task: string }[] }>('dispatch', '--ready')).runs;
  expect(run.task).toBe(id);
  const given = join(world.root, `given.${id}`);
  await until('the agent has said what it was given', () => existsSync(given));
  expect(readFileSync(given, 'utf8')).toMatch(new RegExp(`^${secret}\\|worker\\|task\\|\\|unset\\|`));

  const { stdout: agents } = await world.forge('agent', 'list');
  expect(agents).toContain(`TOKEN = "\${TOKEN_OF_ADA}" (by the agent; TOKEN_OF_ADA from ${world.repository}/.env)`);
  expect((await world.forge('worker', 'list')).stdout).toContain('HOST = "worker" (by the worker)');
  expect((await world.forge('task', 'show', id)).stdout).toContain('LEVEL = "task" (by the task)');
});

test('an agent is told of the background that the theme is for', async () => {
  await world.forge('config', 'set', 'ui.theme', 'light');
  const { id } = await world.json<{ id: string }>('task', 'add', 'One', '--agent', 'first');
  await world.forge('dispatch', '--ready');
  const given = join(world.root, `given.${id}`);
  await until('the agent has said what it was given', () => existsSync(given));
  expect(readFileSync(given, 'utf8')).toMatch(/\|0;15\|$/);
});

test('two tasks have ports of their own, the same after the machine was started anew; a setup command has them too', async () => {
  const config = readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8');
  world.write('.forge/config.yaml', `${config}worktrees: { setup: ["echo $FORGE_PORT_1 > $HOME/setup.$PORT"] }\n`);
  const ids: string[] = [];
  for (const agent of ['first', 'first'])
    ids.push((await world.json<{ id: string }>('task', 'add', 'T', '--agent', agent)).id);
  world.write(
    '.forge/config.yaml',
    readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8').replace(
      'workers:\n',
      'workers:\n  - { name: c, agent: first }\n',
    ),
  );
  const portsOf = (id: string) =>
    readFileSync(join(world.root, `given.${id}`), 'utf8')
      .split('|')
      .slice(5, 8)
      .map(Number);
  await world.forge('dispatch', '--ready');
  await until('both have said their ports', () => ids.every((id) => existsSync(join(world.root, `given.${id}`))));
  const [one, two] = ids.map(portsOf);
  expect(one[0]).toBe(one[1]);
  expect(one[2]).toBe(one[0] + 9);
  expect(Math.abs(one[0] - two[0])).toBeGreaterThanOrEqual(10);
  expect(existsSync(join(world.env.HOME, `setup.${one[0]}`))).toBe(true);

  rmSync(join(world.root, `given.${ids[0]}`));
  await world.killAll();
  await world.forge('runs');
  await world.json('resume', ids[0]);
  await until('it goes on', () => existsSync(join(world.root, `given.${ids[0]}`)));
  expect(portsOf(ids[0])).toEqual(one);
});

test('a secret is in the environment of its agent and nowhere else', async () => {
  const { id } = await world.json<{ id: string }>('task', 'add', 'One', '--agent', 'first');
  await world.forge('task', 'edit', id, '--env', 'SECOND=${TOKEN_OF_ADA}');
  await world.forge('dispatch', id);
  await until('the agent runs', () => existsSync(join(world.root, `given.${id}`)));
  const session = (await world.json<{ id: string }[]>('session', 'list'))[0].id;
  const commands = [
    ['session', 'list', '--json'],
    ['session', 'explain', session, '--json'],
    ['run', 'show', id, '--json'],
    ['agent', 'list', '--json'],
    ['worker', 'list', '--json'],
    ['task', 'show', id, '--json'],
    ['config', '--json'],
    ['host', 'status', '--json'],
  ];
  for (const command of commands) {
    const { status, stdout, stderr } = await world.forge(...command);
    expect([command, status, stdout.includes(secret), stderr.includes(secret)]).toEqual([command, 0, false, false]);
  }
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(secret);
  const told = `given.${id}`;
  expect(filesWith(secret, world.root)).toEqual([told, 'shop/.env']);
  // A host that leaves writes its screens down for the next one.
  expect((await world.forge('host', 'restart')).status).toBe(0);
  expect((await world.json<unknown[]>('session', 'list')).length).toBe(1);
  expect(filesWith(secret, world.root)).toEqual([told, 'shop/.env']);
  expect((await world.forge('cancel', id)).status).toBe(0);
  expect(filesWith(secret, world.root)).toEqual([told, 'shop/.env']);
  expect(world.git('status', '--porcelain')).toBe('');
});

test('what is not set is named before anything starts; a secret in a task is refused with the way to name it', async () => {
  const { id } = await world.json<{ id: string }>('task', 'add', 'One', '--agent', 'first', '--env', 'X=${NOWHERE}');
  const refused = await world.forge('dispatch', id);
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain('env.X of the agent needs NOWHERE, which is not set');
  expect(refused.stderr).toContain(`${world.repository}/.env`);
  expect((await world.forge('task', 'show', id)).stdout).toContain('NOWHERE is not set');

  const secretive = await world.forge('task', 'edit', id, '--env', 'API_KEY=abc123');
  expect(secretive.status).toBe(2);
  expect(secretive.stderr).toContain(`--env 'API_KEY=\${API_KEY}'`);
  const config = readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8');
  world.write('.forge/config.yaml', config.replace('other: { adapter', 'other: { isolate: true, adapter'));
  expect((await world.forge('agent', 'list')).stdout).toContain('agents.other.isolate: command cannot be kept apart');
  const strange = await world.forge('task', 'edit', id, '--agent', 'nobody');
  expect(strange.stderr).toContain('No agent is named nobody');
  const line = JSON.parse(readFileSync(join(world.repository, '.forge/tasks.jsonl'), 'utf8').trim());
  expect([line.agent, line.env]).toEqual(['first', { X: '${NOWHERE}' }]);
  await world.forge('task', 'edit', id, '--agent', '', '--env', 'X');
  const plain = JSON.parse(readFileSync(join(world.repository, '.forge/tasks.jsonl'), 'utf8').trim());
  expect([plain.agent, plain.env]).toEqual([undefined, undefined]);
});

/** Files below `folder` that hold the text, by their paths from there. */
function filesWith(text: string, folder: string): string[] {
  return filesBelow(folder)
    .filter((path) => contentOf(path).includes(text))
    .map((path) => path.slice(folder.length + 1))
    .sort();
}

function filesBelow(folder: string): string[] {
  const entries = whileThere(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function contentOf(path: string): Buffer {
  return whileThere(() => readFileSync(path)) ?? Buffer.alloc(0);
}

/** Null when it is gone by now: records are written anew by renaming, and a keeper takes its folder along. */
function whileThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure;
  }
}
