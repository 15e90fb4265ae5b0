import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claimLock } from '../../src/locks/kernel-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../support/lock-entry.ts');

/** Another process, and whether it has the lock. */
async function claimer(file: string): Promise<{ child: ChildProcess; answer: string }> {
  const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [answer] = await once(child.stdout, 'data');
  return { child, answer: String(answer).trim() };
}

test('of many processes at once one has the lock; when it is killed, the next', async () => {
  const file = join(temporaryFolder(), 'a.lock');
  const all = await Promise.all(Array.from({ length: 8 }, () => claimer(file)));
  const holders = all.filter(({ answer }) => answer === 'yes');
  expect(holders).toHaveLength(1);
  expect(claimLock(file)).toBeNull();
  holders[0]!.child.kill('SIGKILL');
  await once(holders[0]!.child, 'exit');
  const mine = claimLock(file);
  expect(mine).not.toBeNull();
  expect((await claimer(file)).answer).toBe('no');
  mine?.dispose();
  expect((await claimer(file)).answer).toBe('yes');
});

test('a process that claims what it holds already does not lose it', async () => {
  const file = join(temporaryFolder(), 'a.lock');
  const mine = claimLock(file);
  expect(claimLock(file)).toBeNull();
  expect((await claimer(file)).answer).toBe('no');
  expect(statSync(file)).toMatchObject({ size: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  mine?.dispose();
});
