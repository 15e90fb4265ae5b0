import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

const worker = `#!/bin/sh
printf '\\033[32mgreen\\033[m title\\033]0;a title\\007\\n'
seq 1 2000
sleep 1
printf 'a long line of more columns than a terminal has at first: %0200d end\\n' 7
while read -r line; do echo "heard $line"; [ "$line" = bye ] && exit 0; done
`;

let world: World;
beforeAll(() => {
  world = new World();
});
afterAll(() => world.dispose());

const told = async (pattern: RegExp) =>
  until(`${pattern} in the logs`, async () => {
    const { stdout } = await world.forge('session', 'logs', 'ada');
    return pattern.test(stdout) && stdout;
  });

describe('a session that was recorded', () => {
  beforeAll(async () => {
    await world.forge('init', '--prefix', 'fg');
    world.configure({ ada: { script: worker } });
    const task = await world.json<{ id: string }>('task', 'add', 'Say something');
    await world.json('dispatch', task.id);
    await told(/7 end/);
  });

  test('logs prints every line as plain text, or the newest, or as JSON', async () => {
    const all = await told(/7 end/);
    const lines = all.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(['green title', '1', '2']);
    expect(lines[2000]).toBe('2000');
    expect(lines.at(-1)).toBe(
      `a long line of more columns than a terminal has at first: ${'7'.padStart(200, '0')} end`,
    );
    expect(all).not.toMatch(/[^\P{Cc}\n]/u);
    expect((await world.forge('session', 'logs', 'ada', '--lines', '2')).stdout.split('\n').length).toBe(3);
    const json = await world.json<{ lines: string[] }>('session', 'logs', 'ada');
    expect(json.lines).toEqual(lines);
    expect((await world.forge('session', 'logs', 'ada', '--lines', 'many')).status).toBe(2);
    expect((await world.forge('session', 'logs', 'ada', '--follow', '--json')).status).toBe(2);
    expect((await world.forge('session', 'logs', 'nobody')).status).toBe(3);
  });

  test('export writes a file that others can play, once', async () => {
    const file = join(world.root, 'out.cast');
    const first = await world.forge('session', 'export', 'ada', file);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [header, ...events] = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ version: 2, width: expect.any(Number), height: expect.any(Number) });
    expect(Object.keys(header)).not.toContain('forge');
    const times = events.map(([at]) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(events.map(([, kind, text]) => (kind === 'o' ? text : '')).join('')).toMatch(/\r\n1999\r\n2000\r\n/);
    expect((await world.forge('session', 'export', 'ada', file)).status).toBe(4);
    expect((await world.forge('session', 'export', 'ada', file, '--force')).status).toBe(0);
    const piped = await world.forge('session', 'export', 'ada');
    expect(piped.stdout).toBe(readFileSync(file, 'utf8'));
  });

  test('replay plays it: pause, jump to the end and back, and the terminal is given back', async () => {
    const terminal = world.open(['session', 'replay', 'ada', '--idle-max', '0.5'], { cols: 60, rows: 12 });
    await terminal.sees(/a title|fg-/);
    terminal.press('\x1b[F');
    await terminal.sees('0007 e');
    await terminal.sees('■');
    terminal.press(',', ',', '\x1b[H');
    await terminal.sees(/‖ 0:00 \/ \d:\d\d {2}1x/);
    await terminal.seesNo('0007 e');
    terminal.press('+', '+', '+');
    await terminal.sees('8x');
    terminal.press(' ');
    await terminal.sees('0007 e');
    terminal.press('q');
    expect(await terminal.ends()).toBe(0);
    expect(terminal.isAlternate).toBe(false);
  });

  test('logs --follow prints what comes until the session ends', async () => {
    const terminal = world.open(['session', 'logs', 'ada', '--follow', '--lines', '3'], { cols: 100 });
    await terminal.sees('7 end');
    await world.forge('session', 'send', 'ada', '--raw', 'hello\\r');
    await terminal.sees('heard hello');
    await world.forge('session', 'send', 'ada', '--raw', 'bye\\r');
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen.match(/heard/g)).toHaveLength(2);
  });
});

const header = '{"version":2,"width":20,"height":4}\n';

test.for([
  ['no JSON', 'hello\n', 'not an asciicast'],
  ['another version', '{"version":1,"width":1,"height":1,"stdout":[]}\n', 'not an asciicast'],
  ['nothing', '', 'empty'],
  ['one huge line', `${header}[0,"o","${'x'.repeat(33 * 1024 * 1024)}"]\n`, 'Line 2 of huge.cast is longer than 32 MB'],
])('replay of a file with %s is refused in words', async ([, text, message]) => {
  const file = join(world.root, 'huge.cast');
  writeFileSync(file, text as string);
  const terminal = world.open(['session', 'replay', file], { cols: 100, rows: 10 });
  await terminal.sees(message as string);
  expect(await terminal.ends()).toBe(1);
});

test('replay of a file of a gigabyte, of a folder and of no file is refused in words', async () => {
  const file = join(world.root, 'gigabyte.cast');
  writeFileSync(file, header);
  truncateSync(file, 2 ** 30);
  for (const [name, message] of [
    [file, 'larger than 128 MB'],
    [`${world.root}/`, 'not a file'],
    [join(world.root, 'none.cast'), 'There is no file'],
    ['/dev/zero', 'not a file'],
  ] as const) {
    const terminal = world.open(['session', 'replay', name], { cols: 100, rows: 10 });
    await terminal.sees(message);
    expect(await terminal.ends()).toBeGreaterThan(0);
  }
});

test('a hostile file plays clamped: times, sizes, sequences; nothing of it reaches the terminal', async () => {
  const file = join(world.root, 'hostile.cast');
  const sequences = '\\u001b]0;EVIL\\u0007\\u001b]52;c;RVZJTA==\\u0007\\u001b[?1003h\\u001b[6n\\u001b[999999999b';
  const events = [
    '[-7,"o","first "]',
    '[null,"o","?"]',
    '{"a":1}',
    `[0.1,"o","${sequences}\\u0000\\ud800second"]`,
    '[0.1,"r","0x0"]',
    '[0.1,"r","99999999x99999999"]',
    '[0.1,"r","x"]',
    '[0.2,"o","\\r\\nthird"]',
    '[1e999,"o","\\r\\nlast"]',
  ];
  writeFileSync(file, `{"version":2,"width":-5,"height":1e9,"title":"\\u001b[31mred"}\n${events.join('\n')}\n`);
  const terminal = world.open(['session', 'replay', file, '--idle-max', '0.1'], { cols: 30, rows: 5 });
  await terminal.sees('last');
  expect(terminal.output).not.toMatch(/EVIL|RVZJTA|\[6n|999999999|\?1003h/);
  terminal.press(key.left, key.escape);
  expect(await terminal.ends()).toBe(0);
});
