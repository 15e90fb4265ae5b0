import { afterEach, beforeEach, expect, test } from 'vitest';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { key, type Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Prints, when a key is pressed, all that a terminal could act on, and then a line of plain text. */
const attacker = `#!/usr/bin/env node
const attacks = [
  '\\x1b]52;c;ZXZpbA==\\x07', '\\x1b]52;c;?\\x07',
  '\\x1b]0;evil\\x01\\u202etitle\\x07', '\\x1b[21t', '\\x1b[3t', '\\x1b[8;10;10t',
  '\\x1b]8;;file:///etc/passwd\\x07file\\x1b]8;;\\x07', '\\x1b]8;;javascript:alert(1)\\x1b\\\\js\\x1b]8;;\\x1b\\\\',
  '\\x1bP$q\\nevil\\x1b\\\\', '\\x1b_Gevil\\x1b\\\\', '\\x1b^evil\\x1b\\\\', '\\x1bPtmux;\\x1b\\x1b]52;c;ZXZpbA==\\x07\\x1b\\\\',
  '\\x1b[?1049h', '\\x1b[?1049l', '\\x1b[?3h', '\\x1b[!p', '\\x1b[?5h', '\\x1b[2;3r', '\\x1b(0', '\\x0e', '\\x0f', '\\x05', '\\x1bc',
  '\\u009b31m', '\\u009d0;evil\\u009c', '\\u0090evil\\u009c', '\\u202eright', '\\u2066', '\\u200b', '\\x7f', '\\x00', '\\x1b[5i', '\\x1b#8',
];
process.stdin.setRawMode(true);
process.stdout.write('ready.');
process.stdin.on('data', () => process.stdout.write(attacks.join('') + '\\x1bc\\x1b[Hover.'));
`;
const title = 'Evil \u202etitle\u009b31m\u200b\u0007';

let world: World;
let terminal: Terminal;

beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: attacker } }, 'stealth');
  const task = await world.json<{ id: string }>('task', 'add', title);
  await world.forge('dispatch', task.id, 'ada');
  await until('the agent is there', async () =>
    (await world.forge('session', 'screen', 'ada')).stdout.includes('ready.'),
  );
});
afterEach(() => world.dispose());

/** Everything that the person's terminal was sent is in the table of what may be. */
function expectHarmless(): void {
  expect(findForbidden(terminal.output)).toBeNull();
  expect(terminal.output).not.toMatch(/\u001b\](?:8|0|2|52);|[\u0080-\u009f\u202e\u2066\u200b]/);
}

test('T1 T2 T4 attached to an agent, nothing that it prints acts on the terminal', async () => {
  terminal = world.open(['session', 'attach', 'ada']);
  await terminal.sees('ready.');
  terminal.press('x');
  await terminal.sees('over.');
  terminal.press(key.leader);
  expect(await terminal.ends()).toBe(0);
  expectHarmless();
});

test('T1 T2 T4 T8 in the dashboard neither what an agent prints nor the title of a task acts on the terminal', async () => {
  terminal = world.open(['tui']);
  await terminal.sees('ready.');
  terminal.press('1', key.enter);
  await terminal.sees('TYPING');
  terminal.press('x');
  await terminal.sees('over.');
  terminal.press(key.leader);
  await terminal.sees('q leave');
  terminal.press('q');
  expect(await terminal.ends()).toBe(0);
  expectHarmless();
});

test('T8 tables on the command line show a mark for what would act on the terminal', async () => {
  for (const command of [['task', 'list'], ['runs'], ['session', 'list'], ['worker', 'list']]) {
    const { stdout, stderr } = await world.forge(...command);
    expect(stdout + stderr, command.join(' ')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  }
});
