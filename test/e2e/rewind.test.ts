import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import { git } from '../support/git-repository.ts';
import { configureScript, dispatchTask, reachesStatus, type ShownRun } from '../support/scripted-runs.ts';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { worktreeState } from '../support/worktree-state.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

type Shown = ShownRun & { worktree: string };
interface Listed {
  checkpoints: (Checkpoint & { ref: string })[];
}

const configure = (script: string, ...settings: string[]) => configureScript(world, 1, script, ...settings);
const dispatch = () => dispatchTask(world, 'Bake bread');
const reaches = (run: string, status: string) => reachesStatus<Shown>(world, run, status);
/** A moment after it is done. */
const isKept = (run: string) =>
  until('its work is kept', async () => (await world.forge('worktree', 'restore')).stdout.includes(`kept/${run}/1`));
const list = (run: string) => world.json<Listed>('checkpoint', 'list', run);

test('a run is taken back to before its turn, and forward again', async () => {
  configure('echo dough > dough.txt; rm README.md; git add dough.txt; git commit -q -m Knead; echo more > more.txt');
  const run = await dispatch();
  const { worktree } = await reaches(run, 'done');
  const { checkpoints } = await list(run);
  expect(checkpoints).toMatchObject([{ number: 1, why: 'its work', files: 0 }]);
  // A person works on in it.
  symlinkSync('dough.txt', join(worktree, 'link'));
  chmodSync(join(worktree, 'dough.txt'), 0o755);
  writeFileSync(join(worktree, 'staged.txt'), 'staged\n');
  git(worktree, 'add', 'staged.txt');
  const now = worktreeState(worktree);

  const rewound = await world.json<{ kept: string }>('rewind', run, '1');
  expect(worktreeState(worktree)).toMatchObject({ files: { 'README.md': 'file # Shop\n' }, status: '' });
  expect(git(worktree, 'log', '--format=%s')).toBe('First\n');
  expect((await reaches(run, 'done')).events.at(-1)).toMatchObject({ type: 'worktree.rewound' });
  const { stdout } = await world.forge('rewind', run, '1');
  expect(stdout).toContain('already. Nothing was done.');

  await world.json('worktree', 'restore', rewound.kept);
  expect(worktreeState(worktree)).toEqual(now);
});

test('kept work comes back as a worktree of its own, with a branch of its own, and the first one stays as it is', async () => {
  configure('echo dough > dough.txt');
  const run = await dispatch();
  const { worktree } = await reaches(run, 'done');
  await isKept(run);
  const before = worktreeState(worktree);
  const path = join(world.root, 'again');
  const restored = await world.json<{ branch: string }>('worktree', 'restore', run, '--to', path);
  expect(readFileSync(join(path, 'dough.txt'), 'utf8')).toBe('dough\n');
  expect(git(path, 'branch', '--show-current').trim()).toBe(restored.branch);
  expect(worktreeState(worktree)).toEqual(before);
  const again = await world.forge('worktree', 'restore', run, '--to', path);
  expect(again).toMatchObject({ status: 4, stderr: expect.stringContaining('is there already') });
});

test('a worktree that somebody removed comes back with what was kept of it', async () => {
  configure('echo dough > dough.txt');
  const run = await dispatch();
  const { worktree } = await reaches(run, 'done');
  await isKept(run);
  rmSync(worktree, { recursive: true });
  await world.json('worktree', 'restore', run);
  expect(readFileSync(join(worktree, 'dough.txt'), 'utf8')).toBe('dough\n');
});

test('an agent at work is not disturbed: who wants to go back is told to stop it first', async () => {
  configure('echo dough > dough.txt; exec sleep 600');
  const run = await dispatch();
  await reaches(run, 'working');
  const refused = await world.forge('rewind', run, '1');
  expect(refused).toMatchObject({ status: 4 });
  expect(refused.stderr).toContain(`forge pause ${run}`);
  expect((await world.forge('rewind', run, '9')).stderr).toMatch(/forge (pause|checkpoint list)/);
});

test('gates that never pass take the worktree back, if the settings say so, and what was there is kept', async () => {
  configure('echo dough >> dough.txt', 'gates: [{ name: bake, run: "exit 7", rounds: 1, onFailure: rewind }]');
  const run = await dispatch();
  const paused = await reaches(run, 'paused');
  expect(paused.reason).toContain('It exited with status 7.');
  expect(paused.reason).toContain('as it was at checkpoint 2');
  expect(readFileSync(join(paused.worktree, 'dough.txt'), 'utf8')).toBe('dough\n');
  const kept = paused.events.findLast(({ type }) => type === 'run.rewound')?.payload.kept as string;
  expect(world.git('show', `${kept}:dough.txt`)).toBe('dough\ndough\n');
});

test('a supervisor that is killed in the middle of a rewind has it done by the next', async () => {
  const many = 'for n in $(seq 1000); do echo $n > file-$n.txt; done';
  configure(many, 'delivery: none');
  const run = await dispatch();
  const { worktree } = await reaches(run, 'done');
  const now = worktreeState(worktree);
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  const asked = world.forge('rewind', run, '1');
  await until('files are being removed', () => !existsSync(join(worktree, 'file-1.txt')), { everyMs: 1 });
  process.kill(supervisor.pid, 'SIGKILL');
  await asked;
  await until('the rewind is done', async () => {
    const { events } = await world.json<Shown>('run', 'show', run);
    await world.forge('dispatch', '--ready');
    return events.some(({ type }) => type === 'worktree.rewound');
  });
  expect(worktreeState(worktree)).toMatchObject({ files: { 'README.md': 'file # Shop\n' }, status: '' });
  await world.json('worktree', 'restore', run);
  expect(worktreeState(worktree)).toEqual(now);
});

/** Says in its terminal what it does; writes each line that it is given into a file of its own. */
const chat = `#!/usr/bin/env node
const fs = require('fs');
const say = (state) => process.stdout.write('\\x1b]7501;state=' + state + ':app=chat\\x1b\\\\');
let typed = '';
let n = 0;
process.stdin.setRawMode(true);
say('idle');
process.stdout.write('ready\\r\\n');
process.stdin.on('data', (data) => {
  typed += data.toString().replace(/\\x1b\\[20[01]~/g, '');
  if (!typed.includes('\\r')) return;
  const [line] = typed.split('\\r');
  typed = '';
  say('working');
  setTimeout(() => {
    fs.writeFileSync('line-' + ++n + '.txt', line);
    say('done');
    process.stdout.write('wrote ' + line + '\\r\\n');
  }, 1500);
});
`;

test('prompts of Forge and those that a person types are turns with a checkpoint before each; R goes back', async () => {
  world.configure({ ada: { script: chat } });
  const run = await dispatch();
  const { worktree, session } = await reaches(run, 'working');
  const terminal = world.open(['tui']);
  await terminal.sees('ready');
  await world.json('session', 'send', session, 'Knead', '--wait', 'answered');
  // Typed by a person: the agent says that it is at work.
  await world.forge('session', 'send', session, '--raw', 'Bake\r');
  await terminal.sees('wrote Bake');
  await world.json('session', 'send', session, 'Eat', '--wait', 'answered');
  const { checkpoints } = await list(run);
  expect(checkpoints.map(({ why, files }) => [why, files])).toEqual([
    ['its work', 0],
    ['a prompt at its pane', 1],
    ['a prompt', 1],
  ]);
  terminal.press('R');
  await terminal.sees(/3 {2}\d+s ago {2}before a prompt/);
  terminal.press(key.enter);
  await terminal.sees('is as it was at checkpoint 3');
  expect(existsSync(join(worktree, 'line-2.txt'))).toBe(true);
  expect(existsSync(join(worktree, 'line-3.txt'))).toBe(false);
});

test('what is kept is listed, and what is not there is said with the next step', async () => {
  configure('echo dough > dough.txt');
  const run = await dispatch();
  await reaches(run, 'done');
  await isKept(run);
  expect((await world.forge('checkpoint', 'list', run)).stdout).toMatch(/^1 {2}\d+s {2}0 files {2}before its work/);
  const missing = await world.forge('rewind', run, '7');
  expect(missing).toMatchObject({ status: 3 });
  expect(missing.stderr).toContain('has no checkpoint 7');
});
