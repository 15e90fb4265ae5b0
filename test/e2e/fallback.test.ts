import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run, RunEvent } from '../../src/domain/run.ts';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const chat = resolve(import.meta.dirname, '../support/chat-program-entry.ts');

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

type Shown = Run & { events: RunEvent[] };

/** Agents that are scripts, each with what the settings say of it; the first has the one worker. */
function configure(agents: Record<string, { script?: string; settings?: string }>): void {
  const lines = Object.entries(agents).map(([name, { script, settings = '' }]) => {
    const file = join(world.root, 'agents', `${name}.sh`);
    if (script !== undefined) world.write(`../agents/${name}.sh`, `#!/bin/sh\n${script}\n`, { isExecutable: true });
    return `  ${name}: { adapter: command, command: [${JSON.stringify(file)}]${settings && `, ${settings}`} }`;
  });
  const [first] = Object.keys(agents);
  const workers = `workers:\n  - { name: worker-1, agent: ${first} }\n`;
  world.write('.forge/config.yaml', `prefix: fg\nagents:\n${lines.join('\n')}\n${workers}`);
}

async function dispatch(): Promise<string> {
  const { id } = await world.json<{ id: string }>('task', 'add', 'Bake bread');
  const { runs } = await world.json<{ runs: [Run] }>('dispatch', id);
  return runs[0].id;
}

const show = (run: string) => world.json<Shown>('run', 'show', run);

function reaches(run: string, name: string, isThere: (shown: Shown) => boolean): Promise<Shown> {
  let shown: Shown;
  return until(
    `the run ${name}`,
    async () => {
      shown = await show(run);
      return isThere(shown) && shown;
    },
    { shown: () => JSON.stringify(shown, null, 2) },
  );
}

const typesOf = ({ events }: Shown) => events.map(({ type }) => type);

test('a script fails: the next agent goes on in the same worktree, and is told what was begun and why', async () => {
  configure({
    first: { script: 'echo flour > dough.txt; exit 3', settings: 'fallback: missing' },
    missing: { settings: 'fallback: last' },
    last: { script: 'printf %s "$FORGE_PROMPT" > prompt.txt; cat dough.txt > bread.txt' },
  });
  const run = await dispatch();
  const done = await reaches(run, 'is done', ({ status }) => status === 'done');
  expect(done).toMatchObject({
    id: run,
    agent: 'last',
    worker: 'worker-1',
    reason: expect.stringMatching(/^The agent finished\. Committed on /),
  });
  const file = (name: string) => readFileSync(join(done.worktree as string, name), 'utf8');
  expect(file('bread.txt')).toBe('flour\n');
  expect(file('prompt.txt')).toMatch(
    /^Bake bread\n\nThe agent missing began this work and could not go on\..*dough\.txt/s,
  );
  const fallen = done.events.filter(({ type }) => type === 'run.fellBack').map(({ payload }) => payload);
  expect(fallen).toMatchObject([
    { cause: 'failure', from: 'first', agent: 'missing', reason: 'The agent exited with status 3.' },
    { cause: 'failure', from: 'missing', agent: 'last', reason: expect.stringContaining('missing.sh') },
  ]);
  expect(new Set([done.session, ...fallen.map(({ session }) => session)]).size).toBe(2);
  const { stdout } = await world.forge('run', 'show', run);
  expect(stdout).toMatch(/preparing +\d+s +run\.fellBack +supervisor +The agent exited with status 3\./);
});

test('without a fallback, or for another cause than it is for, a failure is one', async () => {
  configure({
    first: { script: 'exit 3', settings: 'fallback: last, fallbackOn: [limit]' },
    last: { script: 'true' },
  });
  const failed = await reaches(await dispatch(), 'has failed', ({ status }) => status === 'failed');
  expect(failed).toMatchObject({ agent: 'first', reason: 'The agent exited with status 3.' });
});

test('the last agent of a chain fails: the run is paused with words, and goes on when a person says so', async () => {
  configure({
    first: { script: 'exit 3', settings: 'fallback: last' },
    last: { script: '[ -e ok.txt ] || exit 4' },
  });
  const run = await dispatch();
  const paused = await reaches(run, 'is paused', ({ status }) => status === 'paused');
  expect(paused.reason).toBe('last: The agent exited with status 4. No other agent is left to go on with.');
  world.write(`../f/worktrees/shop/${paused.task}/ok.txt`, '');
  expect((await world.forge('resume', run)).status).toBe(0);
  await reaches(run, 'is done', ({ status }) => status === 'done');
});

test('who has just typed into a session wants no other agent', async () => {
  configure({ first: { script: 'echo ready; read x; exit 3', settings: 'fallback: last' }, last: { script: 'true' } });
  const run = await dispatch();
  await until('it is ready', async () => (await world.forge('session', 'screen', 'worker-1')).stdout.includes('ready'));
  await world.forge('session', 'send', 'worker-1', '--raw', '\r');
  const failed = await reaches(run, 'has failed', ({ status }) => status === 'failed');
  expect(failed.agent).toBe('first');
});

test('who ends a session wants no other agent', async () => {
  configure({
    first: { script: 'touch started; cat', settings: 'fallback: last' },
    last: { script: 'true' },
  });
  const run = await dispatch();
  const { session, worktree } = await reaches(run, 'works', ({ status }) => status === 'working');
  await until('it has started', () => existsSync(join(worktree as string, 'started')));
  await world.forge('session', 'kill', session);
  const failed = await reaches(run, 'has failed', ({ status }) => status === 'failed');
  expect(failed.agent).toBe('first');
});

/** Ignores that it should end, and leaves a child in a session of its own: both write down who they are. */
const stubborn = [
  "trap '' TERM",
  'echo $$ > ../pid-a',
  `setsid sh -c "trap '' TERM; echo \\$\\$ > ../pid-b; while true; do sleep 0.2; done" &`,
  'while true; do sleep 0.2; done',
].join('\n');

function isAlive(name: string): boolean {
  const pid = readFileSync(join(world.root, 'f', 'worktrees', 'shop', name), 'utf8').trim();
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\tZ/m.test(readFileSync(status, 'utf8'));
}

test('an agent that gives no sign: its whole tree ends before the next begins, also when the supervisor is killed', async () => {
  configure({
    first: { script: stubborn, settings: 'fallback: last, timeoutMs: 1500' },
    // What it sees when it starts is what was left of the first.
    last: {
      script:
        'for p in $(cat ../pid-a ../pid-b); do grep -qs "State:.[^Z]" /proc/$p/status && echo $p >> alive.txt; done; sleep 1',
    },
  });
  const run = await dispatch();
  await reaches(run, 'falls back', (shown) => typesOf(shown).includes('run.fellBack'));
  expect(isAlive('pid-a') && isAlive('pid-b')).toBe(true);
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  const done = await reaches(run, 'is done', ({ status }) => status === 'done');
  expect(typesOf(done).filter((type) => type === 'run.fellBack' || type === 'session.started')).toEqual([
    ...['session.started', 'run.fellBack', 'session.started'],
  ]);
  expect(done.events.find(({ type }) => type === 'run.fellBack')?.payload).toMatchObject({
    ...{ cause: 'timeout', from: 'first', reason: expect.stringMatching(/^It gave no sign of work for \ds\.$/) },
  });
  expect(readdirSync(done.worktree as string)).not.toContain('alive.txt');
  expect(isAlive('pid-a') || isAlive('pid-b')).toBe(false);
});

test('a prompt that waits for an agent waits for the one that goes on', async () => {
  const log = join(world.root, 'chat.log');
  configure({
    first: { script: 'while [ ! -e go ]; do printf .; sleep 0.1; done; exit 3', settings: 'fallback: chat' },
    chat: { script: `CHAT_LOG='${log}' exec '${process.execPath}' '${chat}'`, settings: 'endsByItself: false' },
  });
  const run = await dispatch();
  const { task } = await reaches(run, 'works', ({ events }) => events.at(-1)?.type === 'session.started');
  const sent = await world.json<{ message: number; state: string }>('session', 'send', 'worker-1', 'and salt it');
  expect(sent.state).toBe('queued');
  world.write(`../f/worktrees/shop/${task}/go`, '');
  await reaches(run, 'goes on', ({ agent, status }) => agent === 'chat' && status === 'working');
  await until('the prompt to be answered', async () =>
    /answered .* and salt it/.test((await world.forge('session', 'messages', 'worker-1')).stdout),
  );
  expect(readFileSync(log, 'utf8')).toContain('{"prompt":"and salt it"');
});

test('what an agent left running ends with its run', async () => {
  configure({
    first: {
      script: 'setsid sh -c "echo \\$\\$ > ../pid-a; exec sleep 999" & while ! [ -s ../pid-a ]; do sleep 0.1; done',
    },
  });
  await reaches(await dispatch(), 'is done', ({ status }) => status === 'done');
  await until('it has ended', () => !isAlive('pid-a'));
});

test('a silence with no fallback needs you, and ends with the next word', async () => {
  configure({
    first: {
      script: 'while [ ! -e go ]; do sleep 0.1; done; echo kneading the dough; while [ -e go ]; do sleep 0.1; done',
      settings: 'timeoutMs: 2000',
    },
  });
  const run = await dispatch();
  const terminal = world.open(['tui'], { cols: 120, rows: 30 });
  await terminal.sees('no sign of work since');
  await terminal.sees(/silent \ds/);
  const silent = await reaches(run, 'says so', (shown) => typesOf(shown).includes('run.silent'));
  expect(silent.status).toBe('working');
  world.write(`../f/worktrees/shop/${silent.task}/go`, '');
  await terminal.seesNo('no sign of work since');
  terminal.press('q', key.enter);
});
