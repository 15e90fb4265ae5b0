import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { cellCodePointsMax } from '../../../src/sessions/screen/repairs.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { type HostileOptions, hostileStream } from '../../support/hostile-stream.ts';
import { inPieces, seededRandom } from '../../support/random.ts';

/** A longer run: `FORGE_FUZZ=2000 vitest run --project unit emulator-fuzz`. Another beginning: `FORGE_FUZZ_FROM=5000`. */
const seeds = Number(process.env.FORGE_FUZZ ?? 40);
const firstSeed = Number(process.env.FORGE_FUZZ_FROM ?? 1);
const corpus = new URL('../../fixtures/terminal-corpus/', import.meta.url);

const open: Emulator[] = [];
afterEach(() => {
  for (const emulator of open.splice(0)) emulator.dispose();
});

interface Case {
  name: string;
  bytes: Uint8Array;
  cols: number;
  rows: number;
  random: () => number;
}

/** Seeds, and the cases that failed once, each in a file. */
function* cases(options?: HostileOptions): Generator<Case> {
  for (const name of readdirSync(corpus)) {
    yield { name, bytes: readFileSync(new URL(name, corpus)), cols: 12, rows: 5, random: seededRandom(1) };
  }
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const random = seededRandom(seed);
    const cols = 2 + Math.floor(random() * 30);
    const rows = 1 + Math.floor(random() * 10);
    yield { name: `seed ${seed}`, bytes: hostileStream(random, 150, options), cols, rows, random };
  }
}

function emulatorFor({ cols, rows }: Case, scrollback = 20): Emulator {
  const emulator = new Emulator(cols, rows, { scrollback });
  open.push(emulator);
  return emulator;
}

function fed(emulator: Emulator, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => emulator.write(bytes, resolve));
}

/** All that is seen and all that decides what comes next. */
function stateOf(emulator: Emulator): unknown {
  const { cols, rows, cursor, modes, lineCount } = emulator;
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  const history = Array.from({ length: lineCount }, (_, line) => emulator.lineText(line));
  return { cells, cursor, modes, history };
}

test('whatever is written, what follows is shown', async () => {
  for (const one of cases()) {
    const emulator = emulatorFor(one);
    await fed(emulator, one.bytes);
    // What is open is ended; the rest is reset, which any stream has to bear.
    await fed(emulator, '\x18\x1b\\\x1bcHi');
    expect(emulator.lineText(0).slice(0, 2), one.name).toBe('Hi');
    expect(emulator.cursor.x, one.name).toBe(Math.min(2, one.cols - 1));
  }
});

test('however the bytes are cut, the screen is the same', async () => {
  for (const one of cases()) {
    const whole = emulatorFor(one);
    await fed(whole, one.bytes);
    const expected = stateOf(whole);
    for (const longest of [1, 7, 60]) {
      const pieces = emulatorFor(one);
      for (const piece of inPieces(one.bytes, one.random, longest)) pieces.write(piece);
      await fed(pieces, '');
      expect(stateOf(pieces), `${one.name}, pieces of ${longest}`).toEqual(expected);
      pieces.dispose();
    }
  }
});

test('a cell holds few code points, whatever is put on it', async () => {
  for (const one of cases()) {
    const emulator = emulatorFor(one);
    await fed(emulator, one.bytes);
    const cells = new CellBuffer(one.cols, one.rows);
    emulator.blit(cells, 0, 0, one.cols, one.rows);
    const longest = Math.max(...cells.text.map((text) => [...text].length));
    expect(longest, one.name).toBeLessThanOrEqual(cellCodePointsMax);
  }
});

test('a snapshot at any byte draws what is seen', async () => {
  // Marks that stand on nothing join what is drawn before them.
  for (const one of cases({ hasMarks: false })) {
    if (one.name.endsWith('.txt')) continue;
    const at = Math.floor(one.random() * one.bytes.length);
    const first = emulatorFor(one);
    await fed(first, one.bytes.subarray(0, at));
    const second = emulatorFor(one);
    await fed(second, Buffer.concat([Buffer.from(snapshot(first)), first.unfinished]));
    const { cells, cursor } = stateOf(first) as { cells: CellBuffer; cursor: unknown };
    const drawn = stateOf(second) as { cells: CellBuffer; cursor: unknown };
    const name = `${one.name} at ${at}`;
    expect(rowsOf(drawn.cells), name).toEqual(rowsOf(cells));
    expect(drawn.cursor, name).toEqual(cursor);
  }
});

test('sizes that change in between break nothing', async () => {
  for (const one of cases()) {
    const emulator = emulatorFor(one);
    for (const piece of inPieces(one.bytes, one.random, 300)) {
      emulator.write(piece);
      const [cols, rows] = [2 + Math.floor(one.random() * 40), 1 + Math.floor(one.random() * 12)];
      emulator.write('', () => emulator.resize(cols, rows));
    }
    await fed(emulator, '\x18\x1b\\\x1bcHi');
    expect(emulator.lineText(0).slice(0, 2), one.name).toBe('Hi');
  }
});

function rowsOf(cells: CellBuffer): string[] {
  return Array.from({ length: cells.rows }, (_, y) => cells.rowText(y));
}
