import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { key, type Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Prints 100 lines more at `p`, 10 at `m`, copies at `c`, and prints any other key as it came. */
const printer = `#!/usr/bin/env node
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004hat your service\\r\\n');
let count = 0;
const print = (more) => {
  for (const last = count + more; count < last; ) {
    count++;
    const tail = count === 1500 ? '漢字 needle ' + 'wrapped '.repeat(30) + 'end' : 'x'.repeat(count % 1000 === 0 ? 0 : 40);
    process.stdout.write('line ' + count + ' ' + tail + '\\r\\n');
  }
};
process.stdin.on('data', (data) => {
  if (String(data) === 'p') print(100);
  else if (String(data) === 'm') print(10);
  else if (String(data) === 'c') process.stdout.write('\\x1b]52;c;' + Buffer.from('by the \\x1bprogram 表').toString('base64') + '\\x07');
  else process.stdout.write('got ' + JSON.stringify(String(data)) + '\\r\\n');
});
`;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: printer } }, 'stealth');
});
afterEach(() => world.dispose());

/** A dashboard with an agent that has printed 3,000 lines in its only pane, which is being typed into. */
async function typing(): Promise<Terminal> {
  const terminal = world.open(['tui'], { cols: 120, rows: 36 });
  await terminal.sees('none yet');
  terminal.press('n');
  await terminal.sees('New task');
  terminal.press('Print', key.enter);
  await terminal.sees('○ Print');
  terminal.press('d');
  await terminal.sees('the first that can take it');
  terminal.press(key.enter);
  await terminal.sees('at your service');
  terminal.press(key.enter);
  await terminal.sees('TYPING');
  for (let last = 100; last <= 3_000; last += 100) {
    terminal.press('p');
    await terminal.sees(`line ${last}`);
  }
  return terminal;
}

/** Waits until the clipboard of the person's terminal was given exactly this, as the newest. */
async function clipboardGets(terminal: Terminal, text: string): Promise<void> {
  const given = () => {
    const sequences = [...terminal.output.matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]*)\x07/g)];
    return Buffer.from(sequences.at(-1)?.[1] ?? '', 'base64').toString('utf8');
  };
  await until(`the clipboard gets ${text}`, () => given() === text, { shown: () => `it has: ${given()}` });
}

test('scroll back, search and copy while the agent prints on; then the live screen, and a paste', async () => {
  const terminal = await typing();
  terminal.press(key.leader, '[');
  // The greeting, 2,999 lines, one that takes three rows, and the row of the cursor.
  await terminal.sees('copy 3,004/3,004');
  terminal.press('?needle', key.enter);
  await terminal.sees('1/1');
  expect(terminal.screen).toContain('line 1500 漢字 needle');

  // The agent prints on: the place is kept, and what came is counted.
  const shown = terminal.screen.split('\n').slice(3, -1);
  const [session] = await world.json<{ id: string }[]>('session', 'list');
  await world.forge('session', 'send', session?.id ?? '', '--raw', 'm');
  await terminal.sees('+10 new');
  expect(terminal.screen.split('\n').slice(3, -1)).toEqual(shown);

  // A wrapped line is copied as one.
  terminal.press('V', 'y');
  await clipboardGets(terminal, `line 1500 漢字 needle ${'wrapped '.repeat(30)}end`);
  await terminal.sees('line 3010');
  await terminal.sees('TYPING');
  terminal.press('hello');
  await terminal.sees('got "hello"');

  terminal.press(key.leader, '[');
  await terminal.sees('COPY');
  terminal.press('k', 'k', 'v', '$', 'y');
  await clipboardGets(terminal, `line 3010 ${'x'.repeat(40)}`);
  await terminal.sees('TYPING');
  terminal.press(key.leader, ']');
  await terminal.sees(/got "\\u001b\[200~line 3010 x{40}\\u001b\[201~"/);
});

test('what is too long for the clipboard is in a file that it names', async () => {
  const terminal = await typing();
  terminal.press(key.leader, '[');
  await terminal.sees('COPY');
  terminal.press('g', 'V', 'G', 'y');
  // Its path may be longer than a line, which then ends before it or in it.
  await terminal.sees(/lines are in\s.*c\s*o\s*p\s*i\s*e\s*d\s*\.\s*t\s*x\s*t/s);
  const file = join(world.root, /(\/f\/\S*copied\.txt)/.exec(terminal.screen.replaceAll(/ *\n */g, ''))?.[1] ?? '');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toMatch(/\nline 2998 x{40}\nline 2999 x{40}\nline 3000\n$/);
});

test('attach: the leader and [ scroll back, the leader alone leaves', async () => {
  const dashboard = await typing();
  dashboard.press(key.leader, 'q');
  await dashboard.ends();
  const terminal = world.open(['session', 'attach', 'ada'], { cols: 90, rows: 20 });
  await terminal.sees('line 3000');
  terminal.press(key.leader, '[');
  await terminal.sees('COPY');
  terminal.press('x', key.up, key.up, 'Y');
  await clipboardGets(terminal, `line 2999 ${'x'.repeat(40)}`);
  await terminal.sees('TYPING');
  terminal.press(key.leader);
  expect(await terminal.ends()).toBe(0);
});

test('a program copies only when the settings allow it, and it is said both times', async () => {
  const terminal = await typing();
  terminal.press('c');
  await terminal.sees('The program did not copy 16 characters: ui.programsCopy in the settings allows it.');
  expect(terminal.output).not.toContain('\x1b]52');
  terminal.press(key.leader, 'q');
  await terminal.ends();
  expect(await world.forge('config', 'set', 'ui.programsCopy', 'true')).toMatchObject({ status: 0 });
  const attached = world.open(['session', 'attach', 'ada'], { cols: 90, rows: 20 });
  await attached.sees('line 3000');
  attached.press('c');
  await clipboardGets(attached, 'by the program 表');
  await attached.sees('The program copied 16 characters.');
});
