import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const setup = createWorktreeSetup(() => ({ PATH: process.env.PATH ?? '' }), createPortBlocks('/nonexistent'));

const never = new AbortController().signal;

/** Its parent holds notes of it. */
function newWorktree(): string {
  const worktree = join(temporaryFolder(), 'fg-1');
  mkdirSync(worktree);
  return worktree;
}

test('a setup command that leaves something running is over when it ends', async () => {
  const worktree = newWorktree();
  const leaves = 'setsid sleep 600 & echo $! > pid';
  await setup.prepare(worktree, worktree, { copy: [], setup: [leaves], env: {} }, never);
  process.kill(Number(readFileSync(join(worktree, 'pid'), 'utf8')));
});

test('a setup command that fails says how, with its last words', async () => {
  const worktree = newWorktree();
  const prepared = setup.prepare(
    worktree,
    worktree,
    { copy: [], setup: ['echo no flour >&2; exit 3'], env: {} },
    never,
  );
  await expect(prepared).rejects.toMatchObject({ message: expect.stringMatching(/exited with status 3: no flour$/) });
});

test('a setup command ends with its run, and none follows', async () => {
  const worktree = newWorktree();
  const stop = new AbortController();
  const commands = ['echo $$ > pid; sleep 60', 'touch followed'];
  const prepared = setup.prepare(worktree, worktree, { copy: [], setup: commands, env: {} }, stop.signal);
  await until('it runs', () => existsSync(join(worktree, 'pid')) && readFileSync(join(worktree, 'pid'), 'utf8') !== '');
  stop.abort();
  await expect(prepared).rejects.toMatchObject({ message: expect.stringContaining('was ended with its run') });
  const pid = Number(readFileSync(join(worktree, 'pid'), 'utf8'));
  await until('it has ended', () => !existsSync(`/proc/${pid}/cwd`));
  expect(existsSync(join(worktree, 'followed'))).toBe(false);
});

test('what commands wrote is kept, its beginning and its end, and shown beside what they were', async () => {
  const worktree = newWorktree();
  const commands = ['echo one; echo two >&2', "head -c 1500000 /dev/zero | tr '\\0' x; echo the end"];
  await setup.prepare(worktree, worktree, { copy: [], setup: commands.slice(0, 1), env: {} }, never);
  expect(setup.log(worktree)?.text).toBe('$ echo one; echo two >&2\none\ntwo\n');
  await setup.prepare(worktree, worktree, { copy: [], setup: commands, env: {} }, never);
  const log = setup.log(worktree);
  expect(statSync(log?.file ?? '').size).toBeLessThan(1_100_000);
  expect(log?.text).toMatch(/^\$ echo one.*\n… more than is kept was written here …\n.*the end\n$/s);
  await setup.tearDown(worktree, ['echo gone'], {});
  expect(setup.log(worktree)?.text).toMatch(/the end\n\$ echo gone\ngone\n$/);
});

test('a setup command that a killed Forge left running has ended before it is started again', async () => {
  const worktree = newWorktree();
  const command = 'echo $$ >> pids; sleep 60';
  const script = join(import.meta.dirname, '../support/setup-runner-entry.ts');
  const forge = spawn(process.execPath, [script, worktree, command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const pids = () =>
    existsSync(join(worktree, 'pids')) ? readFileSync(join(worktree, 'pids'), 'utf8').split('\n') : [];
  await until('it runs', () => pids().length === 2);
  const ended = once(forge, 'exit');
  forge.kill('SIGKILL');
  await ended;
  const [first] = pids();
  expect(existsSync(`/proc/${first}/cwd`)).toBe(true);
  const again = 'test ! -e /proc/$(head -1 pids)/cwd';
  await setup.prepare(worktree, worktree, { copy: [], setup: [again], env: {} }, never);
});
