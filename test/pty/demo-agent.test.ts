import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDemoProject, type DemoProject } from '../../src/agents/demo/demo-project.ts';
import { TerminalProgram } from '../support/terminal-program.ts';

const run = promisify(execFile);
const entry = join(import.meta.dirname, '../support/demo-agent-entry.ts');
const command = [process.execPath, entry];

let directory: string;
let project: DemoProject;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forge-demo-'));
  project = await createDemoProject(directory, { git: (args, cwd) => run('git', args, { cwd }), command });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function start(prompt: string, options: { cols?: number; rows?: number; cwd?: string; speed?: string } = {}) {
  const { cols, rows, cwd = project.root, speed = '0' } = options;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    FORGE_PROMPT: prompt,
    FORGE_TASK: 'demo-x1',
    FORGE_DEMO_SPEED: speed,
  };
  return new TerminalProgram({ command, cwd, env, cols, rows } as ConstructorParameters<typeof TerminalProgram>[0]);
}

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: project.root })).stdout.trim();
}

test('a task is planned, edited, tested with permission, committed and talked about', async () => {
  await using agent = start('Refuse an empty name\n\ngreet("") says nonsense.', { rows: 60 });
  await agent.untilStatus('blocked');
  await agent.untilScreen(/Allow running the tests\?[\s\S]*1\. Yes[\s\S]*2\. No/);
  expect(agent.statuses.at(-1)).toBe(
    `state=blocked:app=forge-demo:kind=permission:msg=${Buffer.from('run the tests: node --test').toString('base64')}`,
  );
  expect(agent.titles.at(-1)).toBe('? demo · Refuse an empty name');
  expect(agent.screen()).toContain('demo agent');
  expect(agent.screen()).toContain('A scripted demonstration that comes with Forge');
  expect(agent.screen()).toContain('› Refuse an empty name');
  expect(agent.screen()).toMatch(/● Update src\/greet\.js \+1/);
  expect(agent.screen()).toMatch(/4 \+ {3}if \(name\.trim\(\) === ''\)/);

  expect(agent.screen()).toMatch(/7 - - `greet\(name\)` says hello\.\n +7 \+ - `greet\(name\)` says hello\. It throws/);

  agent.type('1');
  await agent.untilStatus('done');
  await agent.untilScreen(/Finished\./);
  expect(agent.screen()).toContain('✔ 2 tests passed');
  expect(await git('log', '-1', '--format=%an: %s')).toBe('Demo agent: Refuse an empty name');
  expect(await git('status', '--porcelain')).toBe('');
  expect(await readFile(join(project.root, 'src/greet.js'), 'utf8')).toContain('A greeting needs a name.');

  agent.type('thank you 表\r');
  await agent.untilScreen(/You said “thank you 表”/);
  await agent.untilStatus('done');
  agent.type('/exit\r');
  expect(await agent.untilEnd()).toBe(0);
  expect(agent.statuses.at(-1)).toBe('state=clear:app=forge-demo');
  expect(agent.screen()).toBe('The demo agent has left. Its work stays in the worktree.');
});

test.each([
  { key: '2', isRun: false },
  { key: 'n', isRun: false },
  { key: '\u001b', isRun: false },
  { key: 'y', isRun: true },
  { key: '\r', isRun: true },
])('$key answers the question', async ({ key, isRun }) => {
  await using agent = start('Describe the command line in the README', { rows: 50 });
  await agent.untilStatus('blocked');
  agent.type(key);
  await agent.untilScreen(/Finished\./);
  expect(agent.screen()).toContain(isRun ? '✔ 1 tests passed' : 'Not allowed: going on without.');
  expect(await git('log', '-1', '--format=%s')).toBe('Describe the command line in the README');
});

test('every task of the demo project passes its tests, whatever was done before', async () => {
  expect(project.tasks).toHaveLength(6);
  for (const [index, task] of project.tasks.entries()) {
    expect(task.dependsOn.every((other) => other < index)).toBe(true);
    await using agent = start(`${task.title}\n\n${task.body}`, { rows: 60 });
    await agent.untilStatus('blocked');
    agent.type('y');
    await agent.untilScreen(/Finished\./);
    expect(agent.screen()).toMatch(/✔ \d+ tests passed/);
    expect(await git('log', '-1', '--format=%s')).toBe(task.title);
  }
  expect(await git('rev-list', '--count', 'HEAD')).toBe('7');
  expect((await run(process.execPath, ['src/cli.js', '--loud', 'Ada'], { cwd: project.root })).stdout).toBe(
    'HELLO, ADA!\n',
  );
});

test('a task that it does not know becomes a note', async () => {
  await using agent = start('Rewrite everything in \u001b[31mstone', { rows: 50 });
  await agent.untilStatus('blocked');
  agent.type('2');
  await agent.untilScreen(/Finished\./);
  expect(await git('show', '--name-only', '--format=%s', 'HEAD')).toBe(
    'Rewrite everything in \u{fffd}[31mstone\n\nNOTES-demo-x1.md',
  );
});

test('hooks of the repository do not run', async () => {
  const hook = join(project.root, '.git/hooks/post-commit');
  await writeFile(hook, '#!/bin/sh\ntouch hook-ran\n', { mode: 0o755 });
  await using agent = start('Say goodbye, too', { rows: 60 });
  await agent.untilStatus('blocked');
  agent.type('2');
  await agent.untilScreen(/Finished\./);
  expect(await git('status', '--porcelain')).toBe('');
});

test('where it cannot commit it says why and goes on', async () => {
  const elsewhere = await mkdtemp(join(directory, 'plain-'));
  await using agent = start('Say goodbye, too', { cwd: elsewhere, rows: 60 });
  await agent.untilStatus('blocked');
  agent.type('2');
  await agent.untilScreen(/Not committed: fatal: not a git repository[\s\S]*Finished\./);
});

test('typing is echoed with wide characters, paste and backspace right', async () => {
  await using agent = start('', {});
  await agent.untilStatus('idle');
  agent.type('a表👩‍🚀b');
  await agent.untilScreen(/› a表👩‍🚀b/);
  agent.type('\u007f\u007f');
  await agent.untilScreen((screen) => /^› a表$/m.test(screen));
  await agent.until('the cursor is behind it', () => agent.terminal.buffer.active.cursorX === 5);
  agent.type('\u001b[200~two\r\nlines\u001b[201~\u001b[A');
  await agent.untilScreen(/^› a表two⏎lines$/m);
  agent.type('\u0015ok\r');
  await agent.untilScreen(/You said “ok”/);
  agent.type('\u0004');
  expect(await agent.untilEnd()).toBe(0);
});

test('what is typed while it works is answered', async () => {
  await using agent = start('Greet in more languages', { rows: 60, speed: '20' });
  await agent.untilStatus('working');
  agent.type('hurry up\r');
  await agent.untilScreen(/You said “hurry up”/);
  await agent.untilStatus('blocked');
});

test('one Ctrl-C asks, any other key takes it back, two leave', async () => {
  await using agent = start('');
  await agent.untilStatus('idle');
  agent.type('\u0003');
  await agent.untilScreen(/Press Ctrl-C again to leave/);
  agent.type('x');
  await agent.untilScreen(/\/exit or Ctrl-C twice/);
  agent.type('\u0003');
  await agent.untilScreen(/Press Ctrl-C again to leave/);
  agent.type('\u0003');
  expect(await agent.untilEnd()).toBe(0);
});

test('leaving in the middle of the tests leaves none running', async () => {
  await writeFile(join(project.root, 'test/slow.test.js'), slowTest);
  await using agent = start('Say goodbye, too', { rows: 60 });
  await agent.untilStatus('blocked');
  agent.type('y');
  await agent.untilScreen(/Running the tests/);
  const pid = Number(
    await expect
      .poll(() => slowPid(), { timeout: 20_000 })
      .not.toBe('')
      .then(slowPid),
  );
  agent.type('\u0003\u0003');
  expect(await agent.untilEnd()).toBe(0);
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
});

/** Goes on until it is ended. */
const slowTest = `import test from 'node:test';
import { writeFileSync } from 'node:fs';
test('slow', () => { writeFileSync('pid.txt', String(process.pid)); return new Promise(() => setInterval(() => {}, 60000)); });
`;

function slowPid(): Promise<string> {
  return readFile(join(project.root, 'pid.txt'), 'utf8').catch(() => '');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('it is drawn right at any width', async () => {
  await using agent = start('Greet in more languages', { cols: 80, rows: 24 });
  await agent.untilStatus('blocked');
  for (const [cols, rows] of [
    [30, 10],
    [200, 60],
    [31, 4],
    [80, 24],
  ]) {
    agent.resize(cols, rows);
    await agent.until(
      `a frame of ${cols} x ${rows}`,
      () => agent.screen().includes('2. No') && agent.rows().some((row) => row === '─'.repeat(cols) || rows < 5),
    );
    for (const row of agent.rows()) expect(stringWidth(row)).toBeLessThanOrEqual(cols);
  }
  agent.type('2');
  await agent.untilStatus('done');
  agent.resize(30, 8);
  agent.type('x'.repeat(50));
  await agent.until('the end of the draft', () => agent.rows()[5] === `› ${'x'.repeat(27)}`);
});
