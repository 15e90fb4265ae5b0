import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlacedComment } from '../../src/domain/review/place-comments.ts';
import { configureScript, dispatchTask, reachesStatus, type ShownRun } from '../support/scripted-runs.ts';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

const said = () => join(world.root, 'said.txt');
const heard = () => (existsSync(said()) ? readFileSync(said(), 'utf8') : '');

/** Bakes, and bakes again with less flour when it is told anything; keeps what it was told. */
const baker = () => `#!/usr/bin/env node
const fs = require('fs');
const say = (state) => process.stdout.write('\\x1b]7501;state=' + state + ':app=chat\\x1b\\\\');
const bake = (flour) => fs.writeFileSync('bread.ts', 'const flour = ' + flour + ';\\nconst salt = 10;\\nbake();\\n');
let typed = '';
process.stdin.setRawMode(true);
bake(500);
say('done');
process.stdout.write('\\x1b[?2004hready\\r\\n');
process.stdin.on('data', (data) => {
  typed += data.toString().replace(/\\x1b\\[20[01]~/g, '');
  if (!typed.includes('\\r')) return;
  fs.appendFileSync(${JSON.stringify(said())}, typed.split('\\r')[0] + '\\n--\\n');
  typed = '';
  say('working');
  setTimeout(() => { bake(450); say('done'); }, 100);
});
`;

test('two comments go back as one message; the agent changes its work, and that is accepted', async () => {
  world.configure({ ada: { script: baker() } });
  const run = await dispatchTask(world, 'Bake bread');
  const first = world.open(['tui'], { cols: 120, rows: 36 });
  await first.sees('finished: look');
  first.press('v');
  await first.sees('1 + const flour = 500;');
  first.press('j', 'j', 'c');
  await first.sees('Comment on bread.ts:1');
  first.press('Less flour.', key.ctrlS);
  await first.sees(/ada, not sent \(1\)\n.*Less flour\./);
  first.press('j', 'j', 'j', 'v', 'j', 'c');
  await first.sees('Comment on bread.ts:2-3');
  first.press('No salt.', key.enter, 'Bake longer.', key.ctrlS);
  await first.sees('✎2 not sent');
  first.press('q');
  await first.sees('q leave');
  first.press('q');
  expect(await first.ends()).toBe(0);

  // Nothing of it was in a program that is gone now.
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  const second = world.open(['tui'], { cols: 80, rows: 24 });
  await second.sees('finished: look');
  second.press('v');
  await second.sees('Bake longer.');
  second.press('S');
  await second.sees('2 comments go back to ada.');
  await until('the agent is told', () => heard().includes('--'), { shown: heard });
  expect(heard()).toBe(`Your work was reviewed, with 2 comments. Change what each asks for, or say why not.

1. bread.ts:1: Less flour.
   > const flour = 500;

2. bread.ts:2-3: No salt.
   Bake longer.
   > const salt = 10;
   > bake();
--
`);

  await until('the work is changed', async () => (await world.forge('run', 'diff', run)).stdout.includes('450'));
  second.press('r');
  await second.sees('1 + const flour = 450;');
  expect(second.screen).toMatch(/sent \(1\); line 1 has changed since: const flour = 500;/);
  second.press('a');
  await second.sees('Accept the work of ada');
  second.press('y');
  await second.sees(/Review {1,2}fg-\w+-1 done/);
  second.press(key.escape);
  await second.sees('✓ Bake bread');
});

test('a run that has ended goes on as a new one, which begins with what was said', async () => {
  configureScript(world, 1, `echo "$FORGE_PROMPT" > ${said()}; echo dough >> dough.txt`, 'delivery: none');
  const run = await dispatchTask(world, 'Bake bread');
  const { task } = await reachesStatus(world, run, 'done');
  expect((await world.forge('review', run, 'send')).stderr).toContain('No comment on run');
  expect((await world.forge('review', run, 'add', 'dough.txt:7', 'Why?')).stderr).toContain(
    `dough.txt:7 is not in what run ${run} changed`,
  );
  await world.json('review', run, 'add', 'dough.txt:1', 'Not', 'enough.');
  expect((await world.forge('review', task)).stdout).toMatch(/^1 {2}dough\.txt:1 {2}not sent {2}Not enough\.\n$/);
  const sent = await world.json<{ run: ShownRun; comments: number }>('review', run, 'send');
  expect(sent).toMatchObject({ run: { id: `${task}-2` }, comments: 1 });
  await reachesStatus(world, sent.run.id, 'done');
  expect(heard()).toMatch(
    /^Bake bread\n\nThis was done before, and reviewed\. You are in the same worktree.*\n\nYour work was reviewed/,
  );
  expect(heard()).toContain('1. dough.txt:1: Not enough.\n   > dough\n');
  const [comment] = await world.json<[PlacedComment]>('review', sent.run.id);
  expect(comment).toMatchObject({ run, now: 1, sentAt: expect.any(Number) });
  expect((await world.forge('review', run, 'edit', '1', 'More.')).stderr).toContain('was sent to the agent already');
});

test('a run that waits for its review with its program gone goes on in a new session', async () => {
  configureScript(world, 1, `echo "$FORGE_PROMPT" > ${said()}; echo dough >> dough.txt`, 'review: always');
  const run = await dispatchTask(world, 'Bake bread');
  const { session } = await reachesStatus(world, run, 'reviewing');
  await world.json('review', run, 'add', 'dough.txt:1', 'Not enough.');
  await world.json('review', run, 'send');
  await until('it is told', () => heard().includes('1. dough.txt:1: Not enough.'), { shown: heard });
  const again = await reachesStatus(world, run, 'reviewing');
  expect(again.session).not.toBe(session);
  expect(again.events.map(({ type }) => type)).toContain('review.sent');
  // The next session of this run has nothing to do with that.
  expect((await world.forge('review', run, 'send')).stderr).toContain('No comment on run');
});
