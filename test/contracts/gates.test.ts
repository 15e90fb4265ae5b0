import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Gate } from '../../src/domain/completion.ts';
import { createGates } from '../../src/gates/create-gates.ts';
import type { GatePlace } from '../../src/ports/gates.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const gate = (name: string, run: string, more: Partial<Gate> = {}): Gate => ({
  ...{ name, run, timeoutMs: 60_000, rounds: 3, onFailure: 'ask' },
  ...more,
});

function world(env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const worktree = join(folder, 'work');
  mkdirSync(worktree);
  const directory = join(folder, 'gates');
  const open = () => createGates({ environment: () => ({ PATH: process.env.PATH ?? '', ...env }), directory });
  const place: GatePlace = { run: 'fg-a-1', worktree, attempt: 1, env: { PORT: '21000' } };
  const never = new AbortController().signal;
  return { open, gates: open(), place, worktree, never, file: (name: string) => join(worktree, name) };
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test('gates run one after the other in the worktree, and the first that fails is the last', async () => {
  const { gates, place, never, file } = world();
  const all = [
    gate('lint', 'echo $FORGE_GATE $PORT > lint.txt'),
    gate('test', 'cat lint.txt; echo bad >&2; exit 3'),
    gate('build', 'touch built'),
  ];
  const results = await gates.run(place, all, never);
  expect(results.map(({ gate: name, type, reason }) => [name, type, reason])).toEqual([
    ['lint', 'passed', 'It exited with status 0.'],
    ['test', 'failed', 'It exited with status 3.'],
  ]);
  expect(results[1]?.output).toBe('lint 21000\nbad');
  expect(existsSync(file('built'))).toBe(false);
  const logs = gates.logs(place.run);
  expect(logs.map(({ attempt, gate: name }) => [attempt, name])).toEqual([
    [1, 'lint'],
    [1, 'test'],
  ]);
  expect(gates.read(logs[1] as (typeof logs)[number])).toContain('bad');
});

test('neighbours that are parallel run at the same time', async () => {
  const { gates, place, never } = world();
  // Each waits for the other: one after the other they would wait for ever.
  const meet = (own: string, other: string) => `touch ${own}; until test -e ${other}; do sleep 0.02; done`;
  const both = [gate('a', meet('a', 'b'), { parallel: true }), gate('b', meet('b', 'a'), { parallel: true })];
  const results = await gates.run(place, both, never);
  expect(results.map(({ type }) => type)).toEqual(['passed', 'passed']);
});

test.each([
  [
    'a command that is not there',
    'no-such-oven --hot',
    'broken',
    '`no-such-oven` was not found, or cannot be executed.',
  ],
  ['a file that cannot be executed', './plain', 'broken', '`./plain` was not found, or cannot be executed.'],
  ['a command that misses another', 'sh -c no-such-oven', 'failed', 'It exited with status 127.'],
  ['a signal', 'kill -9 $$', 'failed', 'It was ended by SIGKILL.'],
])('%s', async (_name, run, type, reason) => {
  const { gates, place, never, file } = world();
  writeFileSync(file('plain'), 'echo no\n');
  const [result] = await gates.run(place, [gate('test', run)], never);
  expect(result).toMatchObject({ type, reason });
});

test('a gate that takes too long is ended with all that it started, also what left its group', async () => {
  const { gates, place, never, file } = world();
  const leaves = 'setsid sh -c "echo \\$\\$ > pid; exec sleep 300" & until test -s pid; do sleep 0.02; done; sleep 300';
  const [result] = await gates.run(place, [gate('slow', leaves, { timeoutMs: 1_500 })], never);
  expect(result).toMatchObject({ type: 'failed', reason: 'It did not end within 1.5 s.' });
  const pid = Number(readFileSync(file('pid'), 'utf8'));
  await until('what it started has ended', () => !isAlive(pid));
});

test('a run that goes on without its gates ends them', async () => {
  const { gates, place, file } = world();
  const stop = new AbortController();
  const run = gates.run(place, [gate('slow', 'echo $$ > pid; echo at it; exec sleep 300')], stop.signal);
  await until('it runs', () => existsSync(file('pid')) && gates.running(place.run)[0]?.lastLine === 'at it');
  expect(gates.running(place.run)).toMatchObject([{ gate: 'slow', lastLine: 'at it' }]);
  stop.abort();
  await expect(run).rejects.toThrow();
  await until('it has ended', () => !isAlive(Number(readFileSync(file('pid'), 'utf8'))));
  expect(gates.running(place.run)).toEqual([]);
});

test('what a killed supervisor left running has ended before the gates run again', async () => {
  const { open, gates, place, never, file } = world();
  // The one that began it never hears of its end, as after a kill.
  void gates.run(place, [gate('slow', 'echo $$ >> pids; exec sleep 300')], never);
  await until('it runs', () => existsSync(file('pids')));
  const first = Number(readFileSync(file('pids'), 'utf8'));
  const [result] = await open().run({ ...place, attempt: 2 }, [gate('test', 'true')], never);
  expect(result?.type).toBe('passed');
  expect(isAlive(first)).toBe(false);
});

test('the end of a long output is told and its beginning is kept too; secrets and colours are not told', async () => {
  const { gates, place, never } = world({ OVEN_TOKEN: 'hot-hot-hot-0123' });
  const long =
    'echo first; yes "a line of it" | head -c 2600000; printf "\\033[31mred\\033[0m\\n"; echo $OVEN_TOKEN; exit 1';
  const [result] = await gates.run(place, [gate('long', long)], never);
  expect(result?.output.endsWith('a line of it\nred\n[OVEN_TOKEN]')).toBe(true);
  expect(result?.output.length).toBeLessThan(9_000);
  const [log] = gates.logs(place.run);
  const text = gates.read(log as NonNullable<typeof log>);
  expect(text.length).toBeLessThan(1_000_000);
  expect(text.split('\n').slice(1, 3)).toEqual(['first', 'a line of it']);
  expect(text).toContain('… more than is kept was written here …');
});

test('a gate that floods, with more than fits into memory, ends nobody: the beginning and the end are kept', async () => {
  const { gates, place, never } = world();
  // A hole of 3 GB in its output takes no room on the disk.
  const flood =
    'echo begun; truncate -s 3G /proc/self/fd/1; sleep 1.5; truncate -s 3G /proc/self/fd/1; echo; echo ended; exit 1';
  const [result] = await gates.run(place, [gate('test', flood)], never);
  expect(result).toMatchObject({ type: 'failed', reason: 'It exited with status 1.' });
  expect(result?.output).toMatch(/ended$/);
  const kept = gates.read(gates.logs(place.run)[0] as ReturnType<typeof gates.logs>[number]);
  expect(kept.length).toBeLessThan(1_000_000);
  expect(kept).toMatch(/^\$ .*\nbegun\n/);
  expect(kept).toMatch(/ended\n$/);
});
