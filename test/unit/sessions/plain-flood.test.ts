import { expect, test } from 'vitest';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { coreOf } from '../../../src/sessions/screen/internals.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { stateOf } from '../../support/emulator-state.ts';
import { hostileStream } from '../../support/hostile-stream.ts';
import { seededRandom } from '../../support/random.ts';

const sizes = [
  [10, 4],
  [80, 24],
  [40, 6],
  [2, 2],
] as const;

/** What ends a line: the last goes on in the column where it is. */
const ends = ['\r\n', '\r\n', '\r\n', '\n'];

function plainFlood(random: () => number): Buffer {
  const [end = ''] = [ends[Math.floor(random() * ends.length)]];
  const length = 1 + Math.floor(random() * 60);
  const lines = Array.from({ length: Math.ceil((4_000 + random() * 20_000) / (length + end.length)) }, (_, at) => {
    const text = `${at}${random() < 0.1 ? '\t' : ' '}`.padEnd(length, 'abcdefgh');
    return `${text}${random() < 0.02 ? '\r\n' : end}`;
  });
  return Buffer.from(`${random() < 0.5 ? 'm' : 'cut off'}${lines.join('')}${random() < 0.5 ? 'not ended' : ''}`);
}

/** What comes between floods: a region, a wide character, colours, another screen, a sequence that is not complete. */
const between = [
  '\x1b[2;3r',
  '\x1b[r',
  '漢字',
  '\x1b[31;4m',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1b[41',
  '\x1b]0;a',
  '\x07',
  '\x1b[4h',
  '\x1b[?7l',
  '\x1b7',
  '\x1b8',
  '\x0e',
];

/** Of what was written, how much was parsed. */
const shares: number[] = [];

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'seed %i: a flood ends as if all of it had been parsed',
  async (seed) => {
    const random = seededRandom(seed);
    const [cols, rows] = sizes[seed % sizes.length] ?? [10, 4];
    const whole = new Emulator(cols, rows, { scrollback: 200 });
    const skipping = new Emulator(cols, rows, { scrollback: 200, skipsFloods: true });
    const parsed = { whole: bytesParsed(whole), skipping: bytesParsed(skipping) };
    for (let step = 0; step < 12; step++) {
      const parts = [
        ...Array.from({ length: Math.floor(random() * 3) }, () =>
          Buffer.from(between[Math.floor(random() * between.length)] ?? ''),
        ),
        ...(random() < 0.2 ? [hostileStream(random, 3)] : []),
        ...Array.from({ length: 1 + Math.floor(random() * 12) }, () => plainFlood(random)),
      ];
      const done: string[] = [];
      await Promise.all(
        [whole, skipping].map(async (emulator) => {
          for (const part of parts) emulator.write(part, () => done.push('part'));
          await new Promise<void>((resolve) => emulator.write('', resolve));
        }),
      );
      expect(done).toHaveLength(2 * parts.length);
      expect(stateOf(skipping)).toEqual(stateOf(whole));
      expect(snapshot(skipping)).toBe(snapshot(whole));
    }
    shares.push(parsed.skipping() / parsed.whole());
    whole.dispose();
    skipping.dispose();
  },
);

test('much of the floods was not parsed', () => {
  expect(shares.filter((share) => share < 0.7).length).toBeGreaterThan(shares.length / 2);
});

function bytesParsed(emulator: Emulator): () => number {
  const handler = coreOf(emulator.terminal)._inputHandler;
  const parse = handler.parse.bind(handler);
  let bytes = 0;
  handler.parse = (data, isHandled) => {
    bytes += data.length;
    return parse(data, isHandled);
  };
  return () => bytes;
}
