import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { key, type Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Prints every byte that it gets as a number, and asks for pastes in brackets. */
const echoer = `#!/usr/bin/env node
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004h\\x1b[32mready\\x1b[0m 你好 ' + process.argv[2] + '\\r\\n');
process.stdin.on('data', (data) => {
  process.stdout.write('got ' + [...data].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') + '\\r\\n');
  if (data.includes('Q')) process.exit(0);
});
process.stdout.on('resize', () => process.stdout.write('size ' + process.stdout.columns + 'x' + process.stdout.rows + '\\r\\n'));
`;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: echoer }, bob: { script: echoer } }, 'stealth');
});
afterEach(() => world.dispose());

interface Row {
  id: string;
  status: string;
  pid: number;
  worker: string;
}

/** Makes a task with the keyboard and gives it to the first idle worker. */
async function dispatchByKeyboard(terminal: Terminal, title: string): Promise<void> {
  terminal.press('n');
  await terminal.sees('New task');
  terminal.press(title, key.enter);
  await terminal.sees(new RegExp(`○ ${title}`));
  terminal.press('d');
  await terminal.sees('the first that can take it');
  terminal.press(key.enter);
  await terminal.sees(new RegExp(`● ${title}`));
}

/** Waits until the agent in the pane has been given these bytes, in however many reads. */
async function receives(terminal: Terminal, bytes: string): Promise<void> {
  const given = () => [...terminal.screen.matchAll(/got ([0-9a-f ]+)/g)].map((match) => match[1]?.trim()).join(' ');
  await until(`the agent got ${bytes}`, () => given().includes(bytes), { shown: () => terminal.screen });
}

/** Keys typed while no host is there go nowhere: typed again until the agent has been given one. */
async function typesUntilSeen(terminal: Terminal, letter: string, seen: string): Promise<void> {
  const looks = () => {
    if (!terminal.screen.includes(seen)) terminal.press(letter);
    return terminal.screen.includes(seen);
  };
  await until(`the agent is given ${letter}`, looks, { everyMs: 200, shown: () => terminal.screen });
}

describe('a morning with the dashboard, by keyboard alone', () => {
  test('create, dispatch, type, zoom, leave, come back elsewhere, look at the diff, accept', async () => {
    const first = world.open(['tui'], { cols: 120, rows: 36 });
    await first.sees('none yet: n makes one');
    expect(first.isAlternate).toBe(true);
    await dispatchByKeyboard(first, 'Fix the login');

    // The pane shows the agent live, with the task as its prompt.
    await first.sees('ready 你好 Fix the login');
    const green = first.emulator.buffer.active;
    const row = first.screen.split('\n').findIndex((line) => line.includes('ready 你好'));
    const column = first.screen.split('\n')[row]?.indexOf('ready') ?? 0;
    expect(green.getLine(row)?.getCell(column)?.getFgColor()).toBe(2);

    // Every key reaches it, one leader key comes back.
    first.press(key.enter);
    await first.sees('TYPING');
    first.press('aq?', key.ctrlC, key.up, '\x1bx', key.tab, 'é');
    await receives(first, '61 71 3f 03 1b 5b 41 1b 78 09 c3 a9');
    first.press('\x1b[200~two\rlines\x11\x1b[201~');
    await receives(first, '1b 5b 32 30 30 7e 74 77 6f 0d 6c 69 6e 65 73 11 1b 5b 32 30 31 7e');
    first.press(key.leader);
    await first.sees('q leave');

    // Zoomed, the pane has the whole screen and the program knows.
    first.press('z');
    await first.sees('size 120x34');
    expect(first.screen).not.toContain('WORKERS');
    first.press('z');
    await first.sees('WORKERS');
    // The leader pressed where it means nothing goes to the agent.
    first.press(key.leader);
    await first.sees(/got 11$/m);
    first.press(key.leader);
    await first.sees('q leave');

    const [session] = await world.json<Row[]>('session', 'list');
    first.press('q');
    expect(await first.ends()).toBe(0);
    expect(first.isAlternate).toBe(false);

    // Another terminal, another size: the same pane with its screen, and the program was never touched.
    const second = world.open(['tui'], { cols: 100, rows: 30 });
    await second.sees(/got 11/);
    expect((await world.json<Row[]>('session', 'list'))[0]?.pid).toBe(session?.pid);

    const [run] = await world.json<{ id: string; worktree: string }[]>('runs');
    const { worktree = '' } = run ?? {};
    writeFileSync(join(worktree, 'login.txt'), 'fixed\n');
    second.press('v');
    await second.sees('1 + fixed');
    second.press(key.escape);
    await second.seesNo('1 + fixed');
    second.press('a');
    await second.sees('Accept the work');
    second.press('y');
    await second.sees(/✓ Fix the login/);
    const shown = await world.json<{ status: string; filesChanged: number }>('run', 'show', run?.id ?? '');
    expect(shown).toMatchObject({ status: 'done', filesChanged: 1 });
    await until('the agent has ended', async () =>
      (await world.json<{ state: string }[]>('session', 'list')).every(
        (row) => row.state !== 'busy' && row.state !== 'unknown',
      ),
    );
  });

  test('two dashboards watch the same agents, each in its own terminal', async () => {
    const one = world.open(['tui'], { cols: 120, rows: 36 });
    const two = world.open(['tui'], { cols: 80, rows: 24 });
    await one.sees('none yet');
    await two.sees('none yet');
    await dispatchByKeyboard(one, 'Shared');
    await two.sees(/● Shared/);
    await two.sees(/ready 你好/);
    one.press(key.enter);
    await one.sees('TYPING');
    one.press('Z');
    await one.sees('got 5a');
    await two.sees('got 5a');
    two.press('n');
    await two.sees('New task');
    two.press('Made on the other one', key.enter);
    await one.sees(/○ Made on the other/);
    two.press('q');
    expect(await two.ends()).toBe(0);
    one.press('Y');
    await one.sees('got 59');
  });

  test('two agents at once in a grid; a dependency blocks; a cancelled run says so', async () => {
    const terminal = world.open(['tui'], { cols: 140, rows: 40 });
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Alpha');
    await dispatchByKeyboard(terminal, 'Beta');
    await terminal.sees('ready 你好 Alpha');
    await terminal.sees('ready 你好 Beta');
    terminal.press('n');
    await terminal.sees('New task');
    terminal.press('Gamma', key.enter);
    await terminal.sees('○ Gamma');
    terminal.press('b');
    await terminal.sees('waits for');
    terminal.press(' ');
    await terminal.sees('[x]');
    terminal.press(key.escape);
    await terminal.seesNo('[x]');
    await terminal.sees('◌ Gamma');
    // It may be dispatched all the same, and then begins when that is done.
    terminal.press('d');
    await terminal.sees('the first that can take it');
    terminal.press(key.escape);
    await terminal.seesNo('the first that can take it');

    terminal.press('1', key.enter);
    await terminal.sees('TYPING');
    terminal.press('A');
    await terminal.sees('got 41');
    terminal.press(key.leader, '2', 'x');
    await terminal.sees('Cancel the run of bob');
    terminal.press('y');
    await until('the run is cancelled', async () =>
      (await world.json<Row[]>('runs')).some((run) => run.worker === 'bob' && run.status === 'cancelled'),
    );
    await terminal.sees(/○ Beta/);
  });
});

describe('what dies', () => {
  test('a dashboard that is told to end gives the terminal back, the agents go on', async () => {
    const terminal = world.open(['tui']);
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Survivor');
    await terminal.sees('ready 你好');
    const { pid } = (await world.json<Row[]>('session', 'list'))[0] as Row;
    process.kill(terminal.pty.pid, 'SIGTERM');
    await terminal.ends();
    expect(terminal.isAlternate).toBe(false);
    expect(terminal.output).toContain('\x1b[?2004l');
    expect((await world.json<Row[]>('session', 'list'))[0]?.pid).toBe(pid);
  });

  test('a killed supervisor: the dashboard says so and goes on with the next one', async () => {
    const terminal = world.open(['tui']);
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Steady');
    await terminal.sees('ready 你好');
    const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
    process.kill(supervisor.pid, 'SIGKILL');
    // Typing needs no supervisor.
    terminal.press(key.enter);
    await terminal.sees('TYPING');
    terminal.press('K');
    await terminal.sees('got 4b');
    terminal.press(key.leader);
    await until('another supervisor runs', async () => {
      const report = await world.json<{ supervisor: { pid: number } | null }>('host', 'status');
      return report.supervisor !== null && report.supervisor.pid !== supervisor.pid;
    });
    await terminal.seesNo('supervisor away');
    terminal.press('n');
    await terminal.sees('New task');
    terminal.press('After', key.enter);
    await terminal.sees('○ After');
    const sessions = await world.json<Row[]>('session', 'list');
    expect(sessions).toHaveLength(1);
  });

  test('a killed session host, then a replaced one: the panes go on, and typing with them', async () => {
    const terminal = world.open(['tui']);
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Steady');
    await terminal.sees('ready 你好');
    const { sessionHost } = await world.json<{ sessionHost: { pid: number } }>('host', 'status');
    process.kill(sessionHost.pid, 'SIGKILL');
    await until('another host runs', async () => {
      const report = await world.json<{ sessionHost: { pid: number } | null }>('host', 'status');
      return report.sessionHost !== null && report.sessionHost.pid !== sessionHost.pid;
    });
    terminal.press(key.enter);
    await terminal.sees('TYPING');
    await typesUntilSeen(terminal, 'K', 'got 4b');
    await world.forge('host', 'restart');
    await typesUntilSeen(terminal, 'L', 'got 4c');
    expect((await world.json<Row[]>('runs')).map((run) => run.status)).toEqual(['working']);
  });

  test('a killed session host without its keepers: the panes say lost, and the run can go on', async () => {
    const terminal = world.open(['tui']);
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Gone');
    await terminal.sees('ready 你好');
    await world.killHostAndKeepers();
    await terminal.sees(/▲ Gone/);
    await terminal.sees(/lost/);
    await terminal.sees(/paused, p goes on/);
    terminal.press('p');
    await terminal.sees(/● Gone/);
    await terminal.sees('ready 你好 Gone');
    const runs = await world.json<Row[]>('runs');
    expect(runs.map((run) => run.status)).toEqual(['working']);
  });
});

describe('sizes', () => {
  test('from 80x24 to large and back, and too small in between', async () => {
    const terminal = world.open(['tui'], { cols: 80, rows: 24 });
    await terminal.sees('none yet');
    await dispatchByKeyboard(terminal, 'Resize me');
    await terminal.sees('ready 你好');
    terminal.resize(200, 60);
    await terminal.sees(/size 1[0-9][0-9]x/);
    terminal.resize(40, 10);
    await terminal.sees('Too small');
    terminal.resize(80, 24);
    await terminal.sees('WORKERS');
    await terminal.sees('ready 你好');
    expect(terminal.screen.split('\n').every((line) => line.length <= 80)).toBe(true);
    terminal.press('q');
    expect(await terminal.ends()).toBe(0);
  });

  test('attach: one session full-screen, the leader leaves, the agent goes on', async () => {
    const task = await world.json<{ id: string }>('task', 'add', 'Attach to me');
    await world.forge('dispatch', task.id, 'ada');
    await until('the agent is there', async () =>
      (await world.forge('session', 'screen', 'ada')).stdout.includes('ready'),
    );
    const terminal = world.open(['session', 'attach', 'ada'], { cols: 90, rows: 20 });
    await terminal.sees('ready 你好 Attach to me');
    await terminal.sees('size 90x18');
    terminal.press('T');
    await terminal.sees('got 54');
    terminal.press(key.leader);
    expect(await terminal.ends()).toBe(0);
    const screen = await world.forge('session', 'screen', 'ada');
    expect(screen.stdout).toContain('got 54');
    expect((await world.json<{ state: string }[]>('session', 'list'))[0]?.state).not.toBe('exited');
  });
});

test('the demo shows the whole thing, and leaves nothing behind', async () => {
  const terminal = world.open(['tui', '--demo'], { cols: 130, rows: 40, cwd: world.root });
  await terminal.sees('DEMO');
  await terminal.sees('○ Refuse an empty name');
  terminal.press('D');
  await terminal.sees(/▲ 2 need you/);
  // Who waits is answered without going there: what is asked is seen below.
  terminal.press('A');
  await terminal.sees('1. Yes');
  terminal.press('1');
  // Its gate has run by then.
  await terminal.sees('complete: look and accept');
  terminal.press('B');
  await terminal.sees(/REVIEW \d/);
  terminal.press(key.escape);
  await terminal.sees('WORKERS');
  terminal.press('v');
  await terminal.sees('c comment');
  terminal.press(key.escape);
  await terminal.seesNo('c comment');
  terminal.press('q');
  expect(await terminal.ends()).toBe(0);
  expect(terminal.output).toContain('The demo is over');
  expect(readFileSync(join(world.repository, 'README.md'), 'utf8')).toBe('# Shop\n');
});
