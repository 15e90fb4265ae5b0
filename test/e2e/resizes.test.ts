import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectDaemon } from '../../src/daemon/connect.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import type { ScrollbackScreen } from '../../src/ports/screen.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { screenFactory } from '../../src/sessions/screen/screen-factory.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Draws without a pause until it is typed to, then says what it heard of its terminal. All that it wrote is in the file `said` too. */
const drawer = (said: string) => `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const say = (text) => {
  appendFileSync(${JSON.stringify(said)}, text);
  process.stdout.write(text);
};
process.stdin.setRawMode(true);
let told = 0;
process.on('SIGWINCH', () => told++);
for (let i = 1; i <= 60; i++) say('before ' + i + (i % 7 === 0 ? ' 漢字 and so on'.repeat(12) : '') + '\\r\\n');
let step = 0;
const drawing = setInterval(() => say('\\x1b[3' + (++step % 7) + 'mstep ' + step + '\\x1b[m\\r\\n'), 20);
process.stdin.on('data', () => {
  clearInterval(drawing);
  say('told ' + told + ' times, last ' + process.stdout.columns + 'x' + process.stdout.rows + '\\r\\n> ');
});
`;

const resizes = 500;

test('a storm of resizes is told to the program as a few, and its lines are there once, with the cursor behind them', async () => {
  await using world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  const said = join(world.root, 'said');
  world.configure({ ada: { script: drawer(said) } }, 'stealth');
  // The history is then that of the emulator which went through all of it.
  world.write(
    '.forge/config.yaml',
    `${readFileSync(join(world.repository, '.forge/config.yaml'))}transcripts: { record: false }\n`,
  );
  const task = await world.json<{ id: string }>('task', 'add', 'Draw');
  await world.forge('dispatch', task.id, 'ada');
  await until('the first line', async () => (await world.forge('session', 'screen', 'ada')).stdout.includes('step'));
  const terminal = world.open(['session', 'attach', 'ada'], { cols: 90, rows: 20 });
  await terminal.sees(/step \d/);

  for (let i = 0; i < resizes; i++) {
    terminal.resize(60 + ((i * 7) % 61), 15 + ((i * 5) % 26));
    await pause(2);
  }
  terminal.resize(100, 30);
  await until('the last size', async () => {
    const [session] = await world.json<{ cols: number; rows: number }[]>('session', 'list');
    return session?.cols === 100 && session.rows === 28;
  });
  terminal.press('x');
  await terminal.sees('last 100x28');

  const times = Number(/told (\d+) times/.exec(terminal.screen)?.[1]);
  expect(times).toBeGreaterThan(0);
  expect(times).toBeLessThan(resizes / 10);

  const written = new Emulator(100, 28, { scrollback: 1_000 });
  await new Promise<void>((done) => written.write(readFileSync(said), done));
  const connection = await connectDaemon({
    directory: openRunDirectory(join(world.root, 'f', 'run')),
    name: 'session-host',
    protocol: hostProtocolVersion,
    version: 'test',
  });
  if (!connection) throw new Error('no session host');
  const host = connectSessionHost(connection, screenFactory);
  const id = (await host.list())[0]?.id ?? '';
  expect(await host.screen(id, 'text')).toBe(written.text());
  const kept = await host.history(id);
  host.dispose();
  expect(linesOf(kept)).toEqual(linesOf(written));
  expect([kept.cursor.x, kept.cursor.y]).toEqual([written.cursor.x, written.cursor.y]);
  expect(terminal.screen.split('\n').slice(1, -1).join('\n')).toBe(written.text());
  const { cursorX, cursorY } = terminal.emulator.buffer.active;
  expect([cursorX, cursorY - 1]).toEqual([written.cursor.x, written.cursor.y]);
});

function linesOf(screen: ScrollbackScreen): string[] {
  return Array.from({ length: screen.lineCount }, (_, line) => screen.lineText(line));
}
