import { expect, test } from 'vitest';
import { ClampFilter, parameterMax } from '../../../src/sessions/screen/clamp-filter.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { inPieces, seededRandom } from '../../support/random.ts';

const esc = '\x1b';

function filtered(...pieces: (string | Uint8Array)[]): Buffer {
  const filter = new ClampFilter();
  return Buffer.concat(pieces.map((piece) => Buffer.from(filter.filter(Buffer.from(piece as string)))));
}

const corpus: [name: string, input: string, output?: string][] = [
  ['text', 'plain text\r\nand more'],
  ['UTF-8', 'äöü ∂ 🙂 é 👩‍👩‍👧 \u00c2\u00a0 Â'],
  ['colours', `${esc}[1;38;2;255;128;0mx${esc}[0m${esc}[48:5:200my`],
  ['a title', `${esc}]0;title\x07after${esc}]2;more${esc}\\x`],
  ['DCS with BEL in it', `${esc}P$q\x07m${esc}\\x`],
  ['the largest number', `${esc}[9999b`],
  ['a number above', `${esc}[999999999b`, `${esc}[9999b`],
  ['a second number', `${esc}[1;999999999;3I`, `${esc}[1;9999;3I`],
  ['leading zeros', `${esc}[0000000012b`],
  ['C1 CSI', '\u009b999999999b', '\u009b9999b'],
  ['controls in a number', `${esc}[99\n99999\t99b`, `${esc}[99\n99\tb`],
  ['DEL in a number', `${esc}[9999\x7f9b`, `${esc}[9999\x7fb`],
  ['control after ESC', `${esc}\n[999999999b`, `${esc}\n[9999b`],
  ['DEL after ESC', `${esc}\x7f[999999999b`, `${esc}\x7f[9999b`],
  ['C1 CSI within OSC', `${esc}]0;\u009b999999999b`, `${esc}]0;\u009b9999b`],
  ['C1 CSI within APC', `${esc}_G\u009b999999999b`, `${esc}_G\u009b9999b`],
  ['C1 CSI within CSI', `${esc}[1;\u009b999999999b`, `${esc}[1;\u009b9999b`],
  ['C1 after ESC', `${esc}\u009b999999999b`, `${esc}\u009b9999b`],
  ['ESC within CSI', `${esc}[1${esc}[999999999b`, `${esc}[1${esc}[9999b`],
  ['CAN, then text', `${esc}[1\x18999999999b`],
  ['a string that ESC ends', `${esc}]0;x${esc}[999999999b`, `${esc}]0;x${esc}[9999b`],
  ['a long sequence', `${esc}[${'1;'.repeat(400)}mx`, `${esc}[${'1;'.repeat(256)}\x18x`],
];

test.each(corpus)('%s', (_name, input, output = input) => {
  expect(filtered(input).toString()).toBe(output);
});

test('every split gives the same', () => {
  for (const [name, input, output = input] of corpus) {
    const bytes = Buffer.from(input);
    for (let at = 0; at <= bytes.length; at++) {
      expect(filtered(bytes.subarray(0, at), bytes.subarray(at)).toString(), `${name} at ${at}`).toBe(output);
    }
  }
});

test('what is no character does not hide a sequence', () => {
  const bytes = Buffer.concat([Buffer.from([0x1b, 0xff]), Buffer.from('[999999999b')]);
  expect(filtered(bytes)).toEqual(Buffer.concat([Buffer.from([0x1b, 0xff]), Buffer.from('[9999b')]));
});

test.each(['OSC', 'DCS', 'APC', 'PM', 'SOS'])(
  'an unterminated %s is capped, and the text after its end comes through',
  (kind) => {
    const opening = { OSC: ']0;', DCS: 'P', APC: '_', PM: '^', SOS: 'X' }[kind];
    const filter = new ClampFilter();
    const passed = (text: string) => filter.filter(Buffer.from(text)).length;
    passed(`${esc}${opening}`);
    let total = 0;
    for (let i = 0; i < 100; i++) total += passed('a'.repeat(10_000));
    expect(total).toBeLessThanOrEqual(256 * 1024);
    expect(filter.unfinished.length).toBeLessThanOrEqual(257 * 1024);
    expect(Buffer.from(filter.filter(Buffer.from(`${esc}\\after`))).toString()).toBe(`${esc}\\after`);
    expect(filter.unfinished).toHaveLength(0);
  },
);

test('a C1 control ends a string that is too long, and what follows is clamped', () => {
  const out = filtered(`${esc}]0;${'a'.repeat(300_000)}`, '\u009b999999999b', `${esc}[999999999b`).toString();
  expect(out.slice(out.indexOf('\x18'))).toBe(`\x18999999999b${esc}[9999b`);
});

test('what is unfinished at any split is what a second parser needs', () => {
  const text = `a${esc}[1;31mä🙂\u009b5mx${esc}]0;t\u009d2;é\x07${esc}P1$qm${esc}\\z${esc}(0q${esc}[m`;
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at++) {
    const filter = new ClampFilter();
    filter.filter(bytes.subarray(0, at));
    // The end of what came, beginning at the sequence or character that is open there.
    const { unfinished } = filter;
    expect(Buffer.from(bytes.subarray(at - unfinished.length, at)), `at ${at}`).toEqual(Buffer.from(unfinished));
    for (let before = 0; before < at; before++) {
      const other = new ClampFilter();
      other.filter(bytes.subarray(0, before));
      other.filter(bytes.subarray(before, at));
      // More than is needed may be kept, when a sequence began within another: never less, and never something else.
      const kept = other.unfinished;
      expect(kept.length, `${before} ${at}`).toBeGreaterThanOrEqual(unfinished.length);
      expect(Buffer.from(bytes.subarray(at - kept.length, at)), `${before} ${at}`).toEqual(Buffer.from(kept));
    }
  }
});

test('no stream of broken sequences brings a number above the largest to the parser', async () => {
  const pieces = [
    ...[
      '\x1b',
      '[',
      ']',
      'P',
      'X',
      '^',
      '_',
      '\\',
      '\x07',
      '\x18',
      '\x1a',
      '\n',
      '\x7f',
      ';',
      ':',
      '?',
      ' ',
      "'",
      '(',
      '$',
    ],
    ...['99999', '9', '0', 'b', 'I', 'L', 'S', 'm', 'é', '🙂'],
  ].map((text) => Buffer.from(text));
  const bytes = [[0xc2], [0x9b], [0x9d], [0x90], [0x9c], [0x98], [0xff], [0xe2, 0x82], [0xc2, 0x9b]].map((b) =>
    Buffer.from(b),
  );
  const all = [...pieces, ...bytes];
  let largest = 0;
  const emulator = new Emulator(20, 5);
  // In the order of registration the last handler is asked first.
  for (const final of ['b', 'I', 'L', 'S'])
    emulator.terminal.parser.registerCsiHandler({ final }, (parameters) => {
      largest = Math.max(largest, ...parameters.flat());
      return true;
    });
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const stream = Buffer.concat(Array.from({ length: 600 }, () => all[Math.floor(random() * all.length)] as Buffer));
    for (const piece of inPieces(stream, random, 40)) emulator.write(piece);
    await new Promise<void>((resolve) => emulator.write('', resolve));
    expect(largest, `seed ${seed}`).toBeLessThanOrEqual(parameterMax);
  }
  emulator.dispose();
});

test.each(['—', '“', '•', '…', '　', '👩‍👩‍👧', '漢'])(
  'the character %s comes whole, wherever it is cut',
  (character) => {
    const bytes = Buffer.from(`a${character}b`);
    for (let cut = 1; cut < bytes.length; cut++) {
      const whole = new Emulator(20, 2, { isEager: true });
      const pieces = new Emulator(20, 2, { isEager: true });
      whole.write(bytes);
      pieces.write(bytes.subarray(0, cut));
      pieces.write(bytes.subarray(cut));
      expect(pieces.text(), `cut at ${cut}`).toBe(whole.text());
    }
  },
);

test('a string without end keeps no more than its bound, however much comes', () => {
  const filter = new ClampFilter();
  filter.filter(Buffer.from('\x1b]0;'));
  for (let megabytes = 0; megabytes < 64; megabytes++) filter.filter(Buffer.alloc(1024 * 1024, 'x'));
  expect(filter.unfinished.length).toBeLessThan(300 * 1024);
  // An empty piece would hold all of the chunk that it was cut from.
  expect(held(filter)).toBeLessThan(8);
});

/** Pieces that the filter holds of what has not ended. */
function held(filter: ClampFilter): number {
  let pieces = 0;
  const { concat } = Buffer;
  Buffer.concat = ((list: Uint8Array[]) => {
    pieces = list.length;
    return concat(list);
  }) as typeof Buffer.concat;
  try {
    void filter.unfinished;
  } finally {
    Buffer.concat = concat;
  }
  return pieces;
}
