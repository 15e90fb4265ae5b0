import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const chat = resolve(import.meta.dirname, '../support/chat-program-entry.ts');

interface Sent {
  id: string;
  state: string;
  message: number;
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
  const script = (name: string) => `#!/bin/sh\nCHAT_LOG='${log(name)}' exec '${process.execPath}' '${chat}'\n`;
  world.configure({ ada: { script: script('ada') }, grace: { script: script('grace') } });
});
afterEach(() => world.dispose());

const log = (worker: string) => join(world.root, `${worker}.log`);

/** What the program of a worker took as prompts. */
function prompts(worker: string): string[] {
  if (!existsSync(log(worker))) return [];
  const lines = readFileSync(log(worker), 'utf8').trim().split('\n');
  return lines.flatMap((line) => JSON.parse(line).prompt ?? []);
}

async function dispatch(worker: string): Promise<void> {
  const task = await world.json<{ id: string }>('task', 'add', `Talk to ${worker}`);
  await world.forge('dispatch', task.id, worker);
  await until(`${worker} is ready`, async () =>
    (await world.json<{ worker: string; state: string }[]>('session', 'list')).some(
      (row) => row.worker === worker && row.state === 'idle',
    ),
  );
}

test('prompts to one, to several and to all, waited for, taken back, and none for a program that is not ready', async () => {
  await dispatch('ada');
  await dispatch('grace');
  const one = await world.json<Sent>('session', 'send', 'ada', 'hello', '--wait', 'answered');
  expect(one).toEqual({ id: expect.stringMatching(/^fg-/), state: 'answered', message: 1 });

  const both = await world.json<Sent[]>('session', 'send', 'ada,grace', 'you both', '--wait', 'accepted');
  expect(both.map(({ message }) => message)).toEqual([2, 3]);
  await world.json('session', 'send', '--all', 'all of you', '--wait', 'answered');
  expect(prompts('ada')).toEqual(['hello', 'you both', 'all of you']);
  expect(prompts('grace')).toEqual(['you both', 'all of you']);

  // A file is named in front, and what is typed at once is no message.
  const file = world.write('notes.txt', 'x');
  await world.json('session', 'send', 'ada', 'read it', '--file', 'notes.txt', '--wait', 'answered');
  expect(await world.json('session', 'send', 'ada', 'now', '--now')).toMatchObject({ message: null });
  await until('it is taken', () => prompts('ada').includes('now'));
  expect(prompts('ada').slice(-2)).toEqual([`${file} read it`, 'now']);

  // It asks: prompts wait, with the reason.
  await world.json('session', 'send', 'ada', 'ask me', '--wait', 'accepted');
  const { message } = await world.json<Sent>('session', 'send', 'ada', 'later');
  const late = await world.forge('session', 'send', 'ada', 'later still', '--wait', 'accepted', '--timeout', '1');
  expect(late).toMatchObject({ status: 1, stderr: expect.stringMatching(/is queued/) });
  expect((await world.forge('session', 'send', 'ada', 'now', '--now')).status).toBe(5);
  expect((await world.forge('session', 'unsend', String(message))).stdout).toMatch(/cancelled/);
  expect((await world.forge('session', 'unsend', String(message))).status).toBe(4);
  expect((await world.forge('session', 'unsend', '99')).status).toBe(3);
  const listed = await until('the reason to be known', async () => {
    const { stdout } = await world.forge('session', 'messages', 'ada');
    return /later still {2}\(it waits for a person/.test(stdout) ? stdout : null;
  });
  expect(listed).toMatch(/cancelled .* later\n/);

  // The supervisor is killed meanwhile: the one that follows brings the prompt when the question is answered.
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  await world.forge('session', 'send', 'ada', '--raw', '1');
  await world.json('session', 'send', 'ada', 'the last', '--wait', 'answered');
  expect(prompts('ada').slice(-3)).toEqual(['ask me', 'later still', 'the last']);
});

test('bad prompts are refused', async () => {
  await dispatch('ada');
  expect((await world.forge('session', 'send', 'ada', ' \n ')).status).toBe(2);
  expect((await world.forge('session', 'send', 'ada')).status).toBe(2);
  expect((await world.forge('session', 'send', '--all', 'ada', 'text')).status).toBe(2);
  expect((await world.forge('session', 'send', 'nobody', 'text')).status).toBe(3);
  expect((await world.forge('session', 'send', 'ada', 'text', '--file', 'missing.txt')).status).toBe(2);
});

test('a prompt from the dashboard, in a small terminal, without leaving the list', async () => {
  await dispatch('ada');
  const terminal = world.open(['tui'], { cols: 80, rows: 24 });
  await terminal.sees('Talk to ada');
  await terminal.sees('ready when you are');
  terminal.press('m');
  await terminal.sees('Prompt to ada: idle');
  terminal.press('ask me first', key.enter, 'and then', key.ctrlS);
  await terminal.sees('is on its way');
  await until('it is taken', () => prompts('ada').length === 1);
  expect(prompts('ada')).toEqual(['ask me first\nand then']);

  await terminal.sees('Allow it?');
  terminal.press('m');
  await terminal.sees('Prompt to ada: waiting');
  terminal.press('the next one', key.ctrlS);
  await terminal.sees('1 queued');
  terminal.press('m');
  await terminal.sees('queued (it waits for a person');
  terminal.press('\x18');
  await terminal.seesNo('queued (it waits');
  terminal.press(key.escape);
  await terminal.seesNo('1 queued');
  expect(prompts('ada')).toHaveLength(1);
});
