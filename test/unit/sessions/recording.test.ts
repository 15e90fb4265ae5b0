import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { readHistory } from '../../../src/sessions/transcript/history.ts';
import { playEvent } from '../../../src/sessions/transcript/play.ts';
import { readRecording } from '../../../src/sessions/transcript/recording.ts';
import { restoreScreen } from '../../../src/sessions/transcript/restore-screen.ts';
import { segmentFile, segmentNumbers } from '../../../src/sessions/transcript/segment.ts';
import { Slices } from '../../../src/sessions/transcript/slices.ts';
import { RecordedSession } from '../../support/recorded-session.ts';
import { seededRandom } from '../../support/seeded-random.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'forge-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function filesOf(id = 's1'): string[] {
  const folder = join(root, id);
  return segmentNumbers(folder).map((number) => segmentFile(folder, number));
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
  return { cols, rows, lines, cursor, modes, ...cells };
}

/** What programs write, well-formed or not; without what a snapshot does not keep (tab stops, character sets, ESC 7). */
const pieces: (string | number[])[] = [
  'plain text ',
  'a line\r\n',
  '\r\n\n',
  '漢字 ',
  '🙂👩‍👩‍👧é ',
  'a\u0000b\u0007\u007f',
  '\\ " \u2028 \ufffd \ufeff ',
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
  '\x1b[?1049h',
  '\x1b[?1049l',
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

test.for([1, 2, 3, 4, 5, 6])('what is played back looks as what was written, whole or from the newest segment on (seed %i)', async (seed) => {
  const random = seededRandom(seed);
  const session = new RecordedSession({ folder: root });
  const text = 'x'.repeat(60_000);
  for (const chunk of chunks(random, 40_000)) {
    session.now += random() * 40;
    session.write(chunk);
    if (random() < 0.004) session.resize(20 + Math.floor(random() * 80), 4 + Math.floor(random() * 30));
    // Long enough for several segments.
    if (random() < 0.02) session.write(text);
    if (random() < 0.02) session.recorder.flush();
  }
  await session.settle();
  for (const line of filesOf().flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'))) JSON.parse(line);
  expect(filesOf().length).toBeGreaterThan(1);
  expect(stateOf(await played(filesOf()))).toEqual(stateOf(session.emulator));
  const restored = new Emulator(80, 24);
  expect(await restoreScreen(restored, join(root, 's1'))).toBe(true);
  expect(stateOf(restored)).toEqual(stateOf(session.emulator, { isScreenOnly: true }));
});
