import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { key, type Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Asks for a name, which the terminal echoes, and for a password, which it does not; says what it was given to a file. */
const program = `#!/bin/bash
read -r -p 'Name: ' name
read -r -s -p 'Password: ' password
printf '%s' "$name/$password" > "$0.log"
echo
exec sleep 600
`;

let world: World;
let terminal: Terminal;
let host: number;

beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: program } }, 'stealth');
  const task = await world.json<{ id: string }>('task', 'add', 'One');
  await world.forge('dispatch', task.id, 'ada');
  await until('the program asks', async () => (await world.forge('session', 'screen', 'ada')).stdout.includes('Name:'));
  host = (await world.json<{ sessionHost: { pid: number } }>('host', 'status')).sessionHost.pid;
});
afterEach(() => {
  process.kill(host, 'SIGCONT');
  return world.dispose();
});

/** Types into the pane, and two letters, which nothing can foresee. */
async function begin(): Promise<void> {
  terminal = world.open(['tui']);
  await terminal.sees('Name:');
  terminal.press('1', key.enter, 'a', 'd');
  await terminal.sees(/Name: ad$/m);
}

/** All that was typed has been taken: behind it the dashboard has the keyboard. */
async function leave(): Promise<void> {
  terminal.press(key.leader);
  await terminal.sees('enter open');
}

test('a letter is there before the host has it, a password never, and the program is given all of both', async () => {
  await begin();
  process.kill(host, 'SIGSTOP');
  terminal.press('a', 'x', '\x7f');
  await terminal.sees(/Name: ada$/m);
  process.kill(host, 'SIGCONT');
  terminal.press(key.enter);
  await terminal.sees('Password:');
  process.kill(host, 'SIGSTOP');
  for (const letter of 'secret') terminal.press(letter);
  await leave();
  expect(terminal.screen).toMatch(/Password:$/m);
  process.kill(host, 'SIGCONT');
  terminal.press(key.enter, key.enter);
  const log = join(world.root, 'agents', 'ada.sh.log');
  await until('the program has both', () => existsSync(log) && readFileSync(log, 'utf8') === 'ada/secret');
});

test('without local echo nothing is shown that the program has not', async () => {
  await world.forge('config', 'set', 'ui.localEcho', 'false', '--user');
  await begin();
  process.kill(host, 'SIGSTOP');
  terminal.press('b');
  await leave();
  expect(terminal.screen).toMatch(/Name: ad$/m);
});
