import { afterEach, beforeEach, expect, test } from 'vitest';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { views } from '../../src/ui/views/views.ts';
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

/** Stands where others write: what a terminal would act on, or a person would misread. */
const evil = 'Evil \u202ename\u009b31m\u200b\u0007\u001b]0;x\u0007\u001b[31m';
const evilCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u200b]/;

test('T8 no command and no view lets through what others wrote: words, files, commits, gates', async () => {
  await using world = new World();
  const { task, run } = await evilRun(world);
  const commands = [
    ...['task list', 'task ready', 'task filter list', 'runs', 'session list', 'session messages', 'worker list'],
    ...['agent list', 'agent check', 'project list', 'worktree list', 'batch list', 'batch status spring', 'radar'],
    ...['cost', 'cost --by task', 'config list', 'doctor', 'host status', 'budget list', 'task search Evil', 'resume'],
    ...['show', 'history'].map((word) => `task ${word} ${task}`),
    ...['run show', 'gate list', 'gate log', 'review', 'checkpoint list'].map((word) => `${word} ${run}`),
    ...['explain', 'screen', 'logs', 'messages'].map((word) => `session ${word} ada`),
    ...[`run show ${run} --events`, `run replay ${run}`, `approve ${task}-9`, `deliver ${run}`],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await world.forge(...command.split(' '));
    expect(stdout + stderr, command).not.toMatch(evilCharacters);
  }
  // Through a pipe it is what git said.
  terminal = world.open(['run', 'diff', run]);
  expect(await terminal.ends()).toBe(0);
  expect(terminal.output).toContain('new file mode');
  expect(terminal.output.replaceAll('\r\n', '\n')).not.toMatch(evilCharacters);

  terminal = world.open(['tui']);
  await terminal.sees('ada');
  for (const { key: letter, title } of views) {
    terminal.press(letter);
    await terminal.sees(title);
  }
  terminal.press('q');
  expect(await terminal.ends()).toBe(0);
  expectHarmless();
});

/** A run that waits for a person: evil words all over its task, and in what its agent made, committed, printed and failed with. */
async function evilRun(world: World): Promise<{ task: string; run: string }> {
  world.write(
    '../agents/ada.sh',
    `#!/bin/sh
name='${evil}'
printf '%s\\n' "$name" > "$name.txt"
git add -A && git commit -qm "$name" && git branch -q "evil-\u202ename"
printf '%s\\n' "$name" > "$name.draft"
printf '%s\\n' "$name"
`,
    { isExecutable: true },
  );
  const settings = {
    ...{ prefix: 'fg', mode: 'stealth', gates: [{ name: 'taste', run: 'cat Evil*.txt; exit 1' }] },
    agents: { ada: { adapter: 'command', command: [`${world.root}/agents/ada.sh`] } },
    workers: [{ name: 'ada', agent: 'ada' }],
  };
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.write('.forge/config.yaml', JSON.stringify(settings));
  const words = ['--body', evil, '--label', evil, '--acceptance', evil, '--assignee', evil];
  const { id: task } = await world.json<{ id: string }>('task', 'add', evil, ...words);
  await world.forge('task', 'comment', task, evil);
  await world.forge('batch', 'create', 'spring', task);
  const { runs } = await world.json<{ runs: [{ id: string }] }>('dispatch', task, 'ada');
  const run = runs[0].id;
  let shown = '';
  await until(
    'the run to be paused',
    async () => {
      shown = JSON.stringify(await world.json('run', 'show', run));
      return JSON.parse(shown).status === 'paused';
    },
    { shown: () => shown },
  );
  return { task, run };
}

test('T8 tables on the command line show a mark for what would act on the terminal', async () => {
  for (const command of [['task', 'list'], ['runs'], ['session', 'list'], ['worker', 'list']]) {
    const { stdout, stderr } = await world.forge(...command);
    expect(stdout + stderr, command.join(' ')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  }
});
