import { expect, test } from 'vitest';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { cellMask, coreOf, type Print, parseNow, rawLine } from '../../../src/sessions/screen/internals.ts';
import { skipInvisible } from '../../../src/sessions/screen/skip-invisible.ts';
import { hostileStream } from '../../support/hostile-stream.ts';
import { inPieces, seededRandom } from '../../support/random.ts';

/** All that printing can change: every cell as it is stored, the cursor, and what the next character may join. */
function stateOf({ terminal }: Emulator) {
  const { buffer } = terminal;
  const lines = [buffer.normal, buffer.alternate].flatMap((side) =>
    Array.from({ length: side.length }, (_, at) => {
      const line = rawLine(side, at);
      const combined = Object.entries(line?._combined ?? {}).filter(
        ([x]) => ((line?._data[Number(x) * 3] ?? 0) & cellMask.isCombined) !== 0,
      );
      const extended = Object.entries(line?._extendedAttrs ?? {}).flatMap(([x, attributes]) =>
        ((line?._data[Number(x) * 3 + 2] ?? 0) & cellMask.hasExtended) !== 0 ? [`${x} ${attributes?._ext}`] : [],
      );
      return `${extended} ${Array.from(line?._data ?? []).join(' ')} ${JSON.stringify(combined)} ${side.getLine(at)?.isWrapped}`;
    }),
  );
  const { cursorX, cursorY, baseY } = buffer.active;
  return { lines, cursorX, cursorY, baseY, joins: coreOf(terminal)._inputHandler._parser.precedingJoinState };
}

/** One that prints as @xterm/headless does, but for invisible characters, and those that meet the last column without wrap (`repairs.ts`). */
function slowEmulator(cols: number, rows: number): Emulator {
  const emulator = new Emulator(cols, rows, { scrollback: 50 });
  const core = coreOf(emulator.terminal);
  const handler = core._inputHandler as unknown as { print: Print };
  const print = skipInvisible(handler.print.bind(handler));
  core._inputHandler._parser._printHandler = (data, start, end) => {
    if (core.coreService.decPrivateModes.wraparound) print(data, start, end);
    else for (let at = start; at < end; at++) print(data, at, at + 1);
  };
  return emulator;
}

const texts = [
  'the quick brown fox',
  'ab漢cd字efghi',
  'x'.repeat(30),
  'é1234\u0301abcd',
  '🙂smile',
  '\u0600abcd',
  '1234\ufe0f\u20e3',
  '🇩🇪flag',
];

test.each(Array.from({ length: 120 }, (_, seed) => seed))(
  'seed %i: the same cells as the emulator itself prints',
  (seed) => {
    const random = seededRandom(seed);
    const [cols, rows] = [
      [10, 4],
      [7, 3],
      [40, 6],
      [2, 2],
    ][seed % 4] as [number, number];
    const quick = new Emulator(cols, rows, { scrollback: 50 });
    const slow = slowEmulator(cols, rows);
    const parts = Array.from({ length: 60 }, () =>
      random() < 0.5
        ? Buffer.from(
            `${texts[Math.floor(random() * texts.length)]}${random() < 0.3 ? `\x1b[${1 + Math.floor(random() * 9)}D` : ''}`,
          )
        : hostileStream(random, 3),
    );
    for (const bytes of inPieces(Buffer.concat(parts), random, 50)) {
      for (const { terminal } of [quick, slow]) parseNow(terminal, bytes);
      expect(stateOf(quick)).toEqual(stateOf(slow));
    }
    quick.dispose();
    slow.dispose();
  },
);
