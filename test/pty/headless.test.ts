import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { Launch } from '../../src/ports/agent.ts';
import { isSame, startTimeOf } from '../../src/processes/end-tree.ts';
import { HeardReports } from '../support/heard-reports.ts';
import { forgeEntry } from '../support/host-world.ts';
import { PromptWorld } from '../support/prompt-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

// An agent without a screen, as a session of a real host; its program is a script that speaks stream-json.

const name = 'claude-code-headless';
const program = resolve(import.meta.dirname, '../support/stream-json-entry.ts');

interface Talk {
  world: PromptWorld;
  folder: string;
  launch: Launch;
  heard: HeardReports;
}

/** Starts one in session s; `silenceMs` is its definition's. */
async function begin(
  world: PromptWorld,
  { prompt = '', resume = null as string | null, fork = null as string | null, silenceMs = 600_000 } = {},
): Promise<Talk> {
  const folder = temporaryFolder();
  const [worktree, script] = [join(folder, 'worktree'), join(folder, 'agent')];
  mkdirSync(worktree);
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  const definition = { name, adapter: name, command: [script], env: { CHAT_LOG: join(folder, 'log') }, silenceMs };
  const place = { worktree, repository: folder, recordsDirectory: join(folder, 'records'), session: 's' };
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const forge = [process.execPath, forgeEntry];
  const adapter = findAdapter(name)!;
  const launch = await adapter.launch({
    ...place,
    definition,
    prompt,
    resume,
    fork,
    task: 't',
    run: 'r',
    environment,
    forge,
  });
  await world.start('s', { command: launch.command, env: launch.env, cwd: worktree, agent: name });
  const heard = new HeardReports();
  onTestFinished(() => heard.dispose());
  heard.follow(name, { ...place, definition, environment, startedAt: 0, conversation: launch.conversation });
  return { world, folder, launch, heard };
}

function logged({ folder }: Talk): { prompt?: string; args?: string[]; tool?: number }[] {
  const file = join(folder, 'log');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // The last one may be half written.
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

const prompts = (talk: Talk) => logged(talk).flatMap(({ prompt }) => (prompt === undefined ? [] : [prompt]));

async function untilState({ world }: Talk, state: string): Promise<void> {
  let screen = '';
  await until(
    `it says ${state}`,
    async () => {
      screen = await world.host.screen('s', 'text');
      return world.facts('s')?.program?.state === state;
    },
    { shown: () => `${JSON.stringify(world.facts('s'))}\n${screen}` },
  );
}

async function untilShown({ world }: Talk, pattern: RegExp): Promise<void> {
  let screen = '';
  const look = async () => {
    screen = await world.host.screen('s', 'text');
    return pattern.test(screen);
  };
  await until(`the screen has ${pattern}`, look, { shown: () => screen });
}

function isRunning(pid: number): boolean {
  // One that nobody has waited for yet is none.
  return isSame(pid, startTimeOf(pid) ?? '');
}

test('the task is worked on, asked about, allowed, and written down once', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: '/ask me first' });
  await untilState(talk, 'done');
  expect(prompts(talk)).toEqual(['Task: /ask me first']);
  await world.host.send('s', 'ask me\r');
  await untilState(talk, 'blocked');
  expect(world.facts('s')?.program).toMatchObject({ kind: 'permission', message: 'approve Bash: rm �[31m-rf' });
  await untilShown(talk, /▲ Bash: rm/);
  await world.host.send('s', 'y');
  await untilState(talk, 'done');
  await untilShown(talk, /It ran\.\n\n✔ 13 tokens in, 5 out/);
  await until('all is told', () => talk.heard.answers === 2);
  expect(talk.heard.prompts).toEqual(['Task: /ask me first', 'ask me']);
  expect(talk.heard.tokens).toEqual({ input: 20, output: 10, cacheRead: 6, cacheWrite: 0 });
});

test.each([
  { key: 'n', shows: /It did not run\./, state: 'done' },
  { key: '\x1b', shows: /■ stopped/, state: 'idle' },
])('a question is answered with $key', async ({ key, shows, state }) => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'ask me' });
  await untilState(talk, 'blocked');
  await untilShown(talk, /▲ Bash/);
  await world.host.send('s', key);
  await untilShown(talk, shows);
  await untilState(talk, state);
});

test('prompts of Forge are typed when it is ready, and answered: long ones, wide ones, one behind a question', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world);
  const long = `first line 漢字 🙂👩‍🚀\n\t${'a long line of it '.repeat(6_000)}\nthe last line`;
  await world.reaches(await world.send('s', long), 'answered');
  const asks = await world.send('s', 'ask me');
  await world.reaches(asks, 'accepted');
  const next = await world.send('s', 'after it');
  await world.waits(next, /waits for a person/);
  await world.host.send('s', 'y');
  await world.reaches(next, 'answered');
  expect(long.length).toBeGreaterThan(100_000);
  expect(prompts(talk)).toEqual([long, 'ask me', 'after it']);
});

test('what is typed while it works waits for the answer, and for a person after an interruption', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'hang' });
  await untilState(talk, 'working');
  await world.host.send('s', 'one\r');
  await world.host.send('s', 'two\r');
  await untilShown(talk, /esc stops it · 2 queued/);
  await world.host.send('s', '\x1b');
  await untilState(talk, 'idle');
  await untilShown(talk, /2 queued, enter sends the next/);
  expect(prompts(talk)).toEqual(['hang']);
  await world.host.send('s', '\r');
  await until('both are sent', () => prompts(talk).length === 3);
  expect(prompts(talk)).toEqual(['hang', 'one', 'two']);
});

test('a program that crashes has failed with its last words, and the next prompt goes on with the conversation', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'hello' });
  await untilState(talk, 'done');
  const crash = await world.send('s', 'crash now');
  expect((await world.reaches(crash, 'failed')).note).toMatch(
    /it ended \(exit status 3\): first words the memory ran out/,
  );
  expect(world.facts('s')?.program).toMatchObject({
    state: 'error',
    message: 'it ended (exit status 3): first words the memory ran out',
  });
  await world.reaches(await world.send('s', 'again'), 'answered');
  const starts = logged(talk).flatMap(({ args }) => (args ? [args.slice(-2)] : []));
  expect(starts).toEqual([
    ['--session-id', talk.launch.conversation],
    ['--resume', talk.launch.conversation],
  ]);
});

test('a session that goes on with a conversation says so to the program', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'hello', resume: 'c1' });
  await untilState(talk, 'done');
  expect(logged(talk)[0]?.args?.slice(-2)).toEqual(['--resume', 'c1']);
});

test('a fork begins with a copy once, and goes on with its own conversation after a crash', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'hello', fork: 'c1' });
  const own = talk.launch.conversation;
  await untilState(talk, 'done');
  await world.reaches(await world.send('s', 'crash now'), 'failed');
  await world.reaches(await world.send('s', 'again'), 'answered');
  const starts = logged(talk).flatMap(({ args }) => (args ? [args.slice(args.indexOf('stdio') + 1)] : []));
  expect(starts).toEqual([
    ['--resume', 'c1', '--fork-session', '--session-id', own],
    ['--resume', own],
  ]);
});

test('silence at work is said, and taken back', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'hang', silenceMs: 600 });
  await untilState(talk, 'blocked');
  expect(world.facts('s')?.program).toMatchObject({ kind: 'silence', message: 'nothing was heard of it for 0.6 s' });
  await world.host.send('s', '\x1b');
  await untilState(talk, 'idle');
});

test('nothing that an answer holds acts on the terminal', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'evil' });
  await untilShown(talk, /✔ 13 tokens/);
  await untilShown(talk, /the �end/);
  await untilState(talk, 'done');
  expect(world.facts('s')).toMatchObject({ title: name, program: { app: name } });
});

test('a flood is shown to its end, whatever the size of the pane becomes meanwhile', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'flood' });
  const pane = await world.host.attach('s', null);
  onTestFinished(() => pane.dispose());
  for (const [cols, rows] of [
    [30, 8],
    [200, 50],
    [12, 5],
    [60, 20],
  ])
    pane.resize(cols as number, rows as number);
  await untilState(talk, 'done');
  await untilShown(talk, /line 19998 表🙂\nline 19999 表🙂\n\n✔ 13 tokens in, 5 out\n─{60}\n› *\nenter sends/);
});

test('its program and a tool of it end with it, also when it is killed', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'tool' });
  const tool = await until('the tool runs', () => logged(talk).find((line) => line.tool)?.tool);
  await world.host.kill('s', { graceMs: 3_000 });
  expect(isRunning(tool)).toBe(false);
});

test('its program and a tool with a session of its own end when it is killed without a chance to do it itself', async () => {
  await using world = await PromptWorld.open();
  const talk = await begin(world, { prompt: 'tool' });
  const tool = await until('the tool runs', () => logged(talk).find((line) => line.tool)?.tool);
  const children = readFileSync(`/proc/${world.facts('s')!.pid}/task/${world.facts('s')!.pid}/children`, 'utf8');
  const pids = [...children.trim().split(' ').map(Number), tool];
  process.kill(world.facts('s')!.pid as number, 'SIGKILL');
  await until('all of it has gone', () => pids.every((pid) => !isRunning(pid)));
});

test('it is left by a command, by Ctrl-D, and by Ctrl-C twice', async () => {
  for (const keys of ['/exit\r', '\x04', '\x03\x03']) {
    await using world = await PromptWorld.open();
    const talk = await begin(world, { prompt: 'hello' });
    await untilState(talk, 'done');
    await world.host.send('s', keys);
    await until('it has ended', () => world.facts('s')?.endedAt);
    expect(world.facts('s')).toMatchObject({ exitCode: 0, program: { state: 'clear' } });
  }
});
