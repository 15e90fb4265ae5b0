import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { logicalLines } from '../../../src/domain/logical-lines.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { exportLines } from '../../../src/sessions/transcript/export-lines.ts';
import { rowsThatLeft } from '../../../src/sessions/transcript/full-screen-history.ts';
import { readHistory } from '../../../src/sessions/transcript/history.ts';
import { playEvent } from '../../../src/sessions/transcript/play.ts';
import { type RecordedEvent, readRecording } from '../../../src/sessions/transcript/recording.ts';
import { restoreScreen } from '../../../src/sessions/transcript/restore-screen.ts';
import { parseHeader, segmentFiles, segmentNumbers } from '../../../src/sessions/transcript/segment.ts';
import { Slices } from '../../../src/sessions/transcript/slices.ts';
import { seededRandom } from '../../support/random.ts';
import { RecordedSession } from '../../support/recorded-session.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'forge-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function filesOf(id = 's1'): string[] {
  return segmentFiles(join(root, id));
}

async function played(files: string[]): Promise<Emulator> {
  const recording = (await readRecording(files))!;
  const emulator = new Emulator(recording.header.cols, recording.header.rows, { scrollback: 1_000, isEager: true });
  const slices = new Slices();
  for (const [index, event] of recording.events.entries()) await playEvent(emulator, event, slices, index === 0);
  return emulator;
}

/** All that is on the screen, above it, and how it is written to. */
function stateOf(emulator: Emulator, { isScreenOnly = false } = {}) {
  const { cols, rows, lineCount, cursor, modes } = emulator;
  const lines = isScreenOnly ? rows : lineCount;
  const cells = new CellBuffer(cols, lines);
  emulator.blitLines(lineCount - lines, cells, 0, 0, cols, lines);
  return { ...cells, cols, rows, lines, cursor, modes };
}

/** What programs write, well-formed or not. */
const pieces: (string | number[])[] = [
  'plain text ',
  'a line\r\n',
  '\r\n\n',
  '漢字 ',
  '🙂é ',
  'a\u0000b\u0007\u007f',
  // None with a byte of 80 in the middle: the parser loses it when it is cut behind that.
  `\\ " \ufffd \ufeff \u3042 `,
  '\x1b[31;1m',
  '\x1b[38;2;1;2;3;48;5;200m',
  '\x1b[m',
  '\x1b[H',
  '\x1b[5;10H',
  '\x1b[2J',
  '\x1b[K',
  '\x1b[3;12r',
  '\x1b[r',
  '\x1b[2L\x1b[M',
  '\x1b(0lqk\x1b7\x1bH',
  '\x1b(B\x1b8\t',
  '\x1b[4:3;58:5:9m',
  '\x1b[?1047h',
  '\x1b[?1047l',
  '\x1b[?25l',
  '\x1b[?25h\x1b[4 q',
  '\x1b[?2004h\x1b[?1000h\x1b[?1006h',
  '\x1b]0;a title\x07',
  '\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\',
  '\x1bP1$r0m\x1b\\',
  '\x9b31m',
  [0xff, 0xc3, 0x28, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x41],
  [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0xc0, 0x80, 0xf5, 0x80, 0x80, 0x80],
  [0x80, 0xbf, 0xfe, 0xc2, 0x9b, 0x33, 0x6d],
];

function* chunks(random: () => number, bytes: number): Generator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for (let sum = 0; sum < bytes; ) {
    const piece = pieces[Math.floor(random() * pieces.length)]!;
    held = Buffer.concat([held, Buffer.from(piece as string)]);
    const length = Math.floor(random() * held.length);
    if (length < 3) continue;
    yield Buffer.from(held.subarray(0, length));
    held = held.subarray(length);
    sum += length;
  }
  yield held;
}

test.for([1, 2, 3, 4, 5, 6, 7])(
  'what is played back looks as what was written, whole or from the newest segment on (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const session = new RecordedSession({ folder: root });
    const text = 'x'.repeat(60_000);
    for (const chunk of chunks(random, 40_000)) {
      session.now += random() * 40;
      session.write(chunk);
      if (random() < 0.004) session.resize(20 + Math.floor(random() * 80), 4 + Math.floor(random() * 30));
      // Long enough for several segments.
      if (random() < 0.02) session.write(text);
      if (random() < 0.02) await session.settle();
    }
    // After the last resize a segment begins anew: what a higher screen took back from its history is in it.
    session.now += 1_000;
    session.write('the end');
    await session.settle();
    for (const line of filesOf().flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'))) JSON.parse(line);
    expect(filesOf().length).toBeGreaterThan(1);
    expect(stateOf(await played(filesOf()))).toEqual(stateOf(session.emulator));
    const restored = new Emulator(80, 24);
    expect(await restoreScreen(restored, join(root, 's1'))).toBe(true);
    const isScreenOnly = true;
    expect(stateOf(restored, { isScreenOnly })).toEqual(stateOf(session.emulator, { isScreenOnly }));
  },
);

test('a recording is a plain asciicast: a header, times that never go back, output, sizes; nobody else may read it', async () => {
  const session = new RecordedSession({ folder: root, cols: 40, rows: 5 });
  session.write('one\r\n');
  session.now += 1_500;
  session.resize(50, 6);
  session.write('caf');
  session.write([0xc3] as unknown as Uint8Array);
  session.now -= 60_000;
  session.write([0xa9, 0xff, 0x0a] as unknown as Uint8Array);
  await session.settle();
  session.recorder.close();
  const [file = ''] = filesOf();
  const [header, ...events] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(header).toEqual({
    version: 2,
    width: 40,
    height: 5,
    timestamp: 1767225600,
    title: 's1',
    command: 'sh',
    env: { TERM: 'xterm-256color' },
    forge: { startedAt: 1767225600000, isContinued: false },
  });
  expect(events.slice(1)).toEqual([
    [0, 'o', 'one\r\n'],
    [1.5, 'r', '50x6'],
    [1.5, 'o', 'café\n'],
  ]);
  expect(statSync(join(root, 's1')).mode & 0o777).toBe(0o700);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the oldest segments go when a recording is full, and all of the oldest ended recordings when all are', async () => {
  const line = `${'y'.repeat(78)}\r\n`.repeat(1_000);
  const write = async (id: string, options = {}) => {
    const session = new RecordedSession({ folder: root, id, ...options });
    for (let i = 0; i < 60; i++) {
      session.write(line);
      session.recorder.flush();
      await session.settle();
    }
    return session;
  };
  const sizeOf = (id: string) => filesOf(id).reduce((sum, file) => sum + statSync(file).size, 0);
  (await write('old', { bytesMax: 2e6 })).recorder.close();
  // The bound, and what is written until the next segment begins.
  expect(sizeOf('old')).toBeLessThan(2e6 + 1.2e6);
  expect(segmentNumbers(join(root, 'old'))[0]).toBeGreaterThan(1);
  await write('live', { bytesMax: 2e6, totalBytesMax: 1 });
  expect(readdirSync(root)).toEqual(['live']);
  expect(sizeOf('live')).toBeGreaterThan(1e6);
});

test('a disk that is too slow loses whole stretches, says so, and what follows is right again', async () => {
  const session = new RecordedSession({ folder: root });
  session.write('before\r\n\x1b[?1049hfull screen');
  await session.settle();
  session.isDiskQuick = false;
  const chunk = Buffer.from(`${'z'.repeat(78)}\r\n`.repeat(400));
  for (let i = 0; i < 400; i++) {
    session.write(chunk);
    await new Promise<void>((resolve) => session.emulator.write('', resolve));
  }
  session.write('\x1b[?1049l\x1b[2Jat the end\x1b[3');
  session.catchUp();
  session.write('1mred');
  await session.settle();
  const texts = filesOf().map((file) => readFileSync(file, 'utf8'));
  expect(texts.join('')).toMatch(/"m","\d+ bytes were not recorded"/);
  expect(stateOf(await played(filesOf()), { isScreenOnly: true })).toEqual(
    stateOf(session.emulator, { isScreenOnly: true }),
  );
  const restored = new Emulator(80, 24);
  await restoreScreen(restored, join(root, 's1'));
  expect(stateOf(restored)).toEqual(stateOf(session.emulator, { isScreenOnly: true }));
});

test('a disk that cannot be written stops the recording and not the session; later it goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  writeFileSync(join(root, 's1'), 'a file where the folder should be');
  const session = new RecordedSession({ folder: root });
  const parsed = async () => {
    const settled = session.settle();
    await vi.advanceTimersByTimeAsync(50);
    await settled;
  };
  session.write('lost\r\n');
  await parsed();
  expect(session.replies[0]).toMatchObject({ type: 'failed', message: expect.stringContaining('EEXIST') });
  rmSync(join(root, 's1'));
  await vi.advanceTimersByTimeAsync(10_000);
  session.write('kept\r\n');
  await parsed();
  vi.useRealTimers();
  expect((await played(filesOf())).text()).toMatch(/^lost\nkept\n/);
});

test('a recording that was cut anywhere is read up to there', async () => {
  const session = new RecordedSession({ folder: root });
  session.write('one\r\n');
  session.recorder.flush();
  session.now += 100;
  session.write('two\r\n');
  await session.settle();
  const [file = ''] = filesOf();
  truncateSync(file, statSync(file).size - 4);
  expect((await played([file])).text()).toMatch(/^one\n\n/);
  appendFileSync(file, 'garbage\n[2,"o"]\n[-5,"o","three"]\n[1e999,"o","four"]\n[3,"x","?"]\n');
  const recording = await readRecording([file]);
  expect(recording?.events.slice(2)).toEqual([
    { at: 0, kind: 'output', text: 'three' },
    { at: 30 * 24 * 3600, kind: 'output', text: 'four' },
  ]);
});

test('the history of a recording is every line, at the size of now; after many lines the newest of them', async () => {
  const session = new RecordedSession({ folder: root, cols: 30 });
  for (let i = 1; i <= 5_000; i++) session.write(`line ${i} of some more than thirty columns\r\n`);
  session.resize(80, 24);
  for (let i = 5_001; i <= 10_000; i++) session.write(`line ${i}\r\n`);
  await session.settle();
  const source = { folder: join(root, 's1'), cols: 100, rows: 10, isEnded: false };
  const history = (await readHistory(source))!;
  expect([history.cols, history.rows, history.lineText(0)]).toEqual([
    100,
    10,
    'line 1 of some more than thirty columns',
  ]);
  const last = history.lineCount - 1;
  expect([history.lineText(9_999), history.lineText(last), last]).toEqual(['line 10000', '', 10_000]);
  for (let i = 0; i < 300_000; i++) session.write(`number ${i}\r\n`);
  await session.settle();
  const newest = (await readHistory(source))!;
  expect(newest.lineCount).toBe(20_010);
  expect(newest.lineText(newest.lineCount - 2)).toBe('number 299999');
});

test('the history of a full-screen program is what left its screen, and the screen as it is', async () => {
  const session = new RecordedSession({ folder: root, cols: 20, rows: 8 });
  const draw = (first: number, spinner: string) => {
    const rows = Array.from({ length: 5 }, (_, y) => `message ${first + y}`);
    const all = ['A TITLE', ...rows, `${spinner} working`, '> input'];
    session.write(`\x1b[?2026h${all.map((row, y) => `\x1b[${y + 1};1H\x1b[K${row}`).join('')}\x1b[?2026l`);
    session.recorder.flush();
    session.now += 200;
  };
  session.write('$ agent\r\n\x1b[?1049h');
  for (let first = 1; first <= 7; first += 2) for (const spinner of '|/-') draw(first, spinner);
  session.write('\x1b[2J\x1b[HHelp of A\r\n\r\nkey one\r\nkey two\r\nkey three');
  session.now += 200;
  await session.settle();
  const source = { folder: join(root, 's1'), cols: 20, rows: 8, isEnded: false };
  const history = (await readHistory(source))!;
  const lines = Array.from({ length: history.lineCount }, (_, line) => history.lineText(line));
  expect(lines).toEqual([
    ...['message 1', 'message 2', 'message 3', 'message 4', 'message 5', 'message 6'],
    '─'.repeat(20),
    ...['A TITLE', 'message 7', 'message 8', 'message 9', 'message 10', 'message 11', '- working', '> input'],
    ...['Help of A', '', 'key one', 'key two', 'key three', '', '', ''],
  ]);
});

test('a gap is bridged in what is exported: the screen is left, and drawn anew as it was then', async () => {
  const events: RecordedEvent[] = [
    { at: 0, kind: 'screen', text: '', cols: 20, rows: 4, isContinued: false },
    { at: 1, kind: 'output', text: 'one\r\n\x1b[?1049h\x1b[31mfull' },
    { at: 2, kind: 'screen', text: 'not played', cols: 20, rows: 4, isContinued: true },
    { at: 3, kind: 'screen', text: '\x1b[Hagain', cols: 30, rows: 5, isContinued: false },
    { at: 3, kind: 'marker', text: '5 bytes were not recorded' },
  ];
  const header = parseHeader('{"version":2,"width":20,"height":4,"forge":{"startedAt":5000,"isContinued":false}}')!;
  const lines = [...exportLines({ header, events })];
  expect(JSON.parse(lines[0]!)).toMatchObject({ version: 2, width: 20, height: 4, timestamp: 5 });
  expect(lines.slice(1).map((line) => JSON.parse(line).slice(0, 2))).toEqual([
    [0, 'o'],
    [1, 'o'],
    [3, 'o'],
    [3, 'r'],
    [3, 'o'],
    [3, 'm'],
  ]);
  const file = join(root, 'exported.cast');
  writeFileSync(file, lines.join(''));
  const screen = await played([file]);
  expect([screen.cols, screen.rows, screen.text(), screen.modes.alternateScreen]).toEqual([
    30,
    5,
    'again\n\n\n\n',
    false,
  ]);
});

test.for<[string, string[], string[], ReturnType<typeof rowsThatLeft>]>([
  ['nothing', ['a', 'b'], ['a', 'b'], { from: 2, to: 2 }],
  ['a row that was edited', ['a', 'b', 'c'], ['a', 'x', 'c'], { from: 1, to: 1 }],
  ['rows that moved up', ['a', 'b', 'c', 'd'], ['c', 'd', 'e', 'f'], { from: 0, to: 2 }],
  ['the same between a title and a footer', ['T', 'a', 'b', 'c', 'F'], ['T', 'b', 'c', 'd', 'F'], { from: 1, to: 2 }],
  ['rows that moved down', ['a', 'b', 'c', 'd'], ['x', 'y', 'a', 'b'], { from: 0, to: 0 }],
  ['another picture', ['a', 'b', 'c', 'd'], ['w', 'x', 'y', 'z'], 'all'],
  ['a cleared screen', ['a', 'b', 'c', ''], ['', '', '', ''], 'all'],
  ['rows that look alike say nothing', ['-', '-', '-', 'a'], ['-', '-', 'a', 'b'], { from: 2, to: 3 }],
])('what left a full-screen program: %s', ([, before, after, expected]) => {
  expect(rowsThatLeft(before, after)).toEqual(expected);
});

test('lines are joined as they were written, with the blanks between', () => {
  const screen = new Emulator(5, 3, { scrollback: 10, isEager: true });
  screen.write('abcd efghi\r\nk    l\r\n\r\nm');
  expect(logicalLines(screen, 0, screen.lineCount)).toEqual(['abcd efghi', 'k    l', '', 'm']);
});
