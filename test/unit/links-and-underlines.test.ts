import { describe, expect, test } from 'vitest';
import {
  attribute,
  CellBuffer,
  type CellExtra,
  paletteColour,
  rgbColour,
  underlineStyle,
} from '../../src/domain/cells.ts';
import { dropFalseLinks, isAllowedLink } from '../../src/domain/links.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import { detectFeatures } from '../../src/ui/screen/terminal-features.ts';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { seededRandom } from '../support/random.ts';

const [cols, rows] = [20, 4];

function pane(text: string): CellBuffer {
  const emulator = new Emulator(cols, rows, { isEager: true });
  emulator.write(text);
  return cellsOf(emulator);
}

function cellsOf(emulator: Emulator): CellBuffer {
  const cells = new CellBuffer(cols, rows);
  emulator.blit(cells, 0, 0, cols, rows);
  return cells;
}

function link(uri: string, text: string, id = ''): string {
  return `\x1b]8;${id && `id=${id}`};${uri}\x1b\\${text}\x1b]8;;\x1b\\`;
}

const uris = (cells: CellBuffer) => cells.extra.slice(0, cols).map((extra) => extra?.link?.uri ?? '');

describe('links', () => {
  test.each(['https://example.com/a?b=c;d#e', 'https://example.com/@a', 'HTTP://example.com', 'mailto:a@example.com'])(
    '%s is kept',
    (uri) => {
      expect(uris(pane(link(uri, 'ab'))).slice(0, 3)).toEqual([uri, uri, '']);
    },
  );

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ssh://host',
    'data:text/html,x',
    'https://',
    'https://exa mple.com',
    'https://example.com@evil.com',
    'https://example.com:x@evil.com/a',
    'https://example.com/\u00e9',
    'https://example.com/\u202e',
    `https://example.com/${'x'.repeat(2_100)}`,
    ' https://example.com',
  ])('%s is plain text', (uri) => {
    expect(isAllowedLink(uri)).toBe(false);
    expect(uris(pane(link(uri, 'ab')))).toEqual(new Array(cols).fill(''));
  });

  test.each([
    ['https://example.com/login', 'https://example.com', true],
    ['https://example.com/login', 'example.com', true],
    ['https://example.com/login', 'www.example.com', true],
    ['https://evil.com/', 'https://bank.com', false],
    ['https://evil.com/', '(www.bank.com)', false],
    ['https://bank.com@evil.com', 'http://bank.com', false],
    ['https://evil.com/', 'bank.com', true],
    ['https://evil.com/', 'see issue 3', true],
    ['https://xn--mnchen-3ya.de/', 'https://münchen.de', true],
    ['https://b.com/', 'http://a.co,http://b.com', true],
    ['mailto:a@evil.com', 'https://bank.com', false],
  ])('to %s behind the text %s: %s', (uri, text, isKept) => {
    const cells = pane(link(uri, text));
    for (let y = 0; y < rows; y++) dropFalseLinks(cells, y);
    expect(cells.extra.some((extra) => extra?.link)).toBe(isKept);
  });

  test('one that lies is found out when its text is in pieces, and when it goes on in the next row', () => {
    const inPieces = pane([...'https://bank.com'].map((letter) => link('https://evil.com', letter)).join(''));
    const wrapped = pane(`${' '.repeat(8)}${link('https://evil.com', 'https://bank.com')}`);
    for (const cells of [inPieces, wrapped]) {
      for (let y = 0; y < rows; y++) dropFalseLinks(cells, y);
      expect(cells.extra.some((extra) => extra?.link)).toBe(false);
    }
  });

  test('each frame ends outside of a link, and those of two panes are two', () => {
    const next = new CellBuffer(cols, rows);
    const [a, b] = [pane(link('https://a.com', 'a', '1')), pane(link('https://a.com', 'a', '1'))];
    next.set(0, 'a', 1, 0, 0, 0, a.extra[0] ?? null);
    next.set(1, 'b', 1, 0, 0, 0, b.extra[0] ?? null);
    next.set(cols * rows - 1, 'c', 1, 0, 0, 0, a.extra[0] ?? null);
    const bytes = new Painter(cols, rows).paint(next, null);
    expect(findForbidden(bytes)).toBeNull();
    expect([...bytes.matchAll(/\x1b\]8;([^\x1b]*)/g)].map(([, rest]) => rest)).toEqual([
      'id=forge1;https://a.com',
      'id=forge2;https://a.com',
      'id=forge1;https://a.com',
      ';',
    ]);
  });

  test('a cell that is jumped over is written again only in its own link', () => {
    const painter = new Painter(cols, rows);
    const next = pane(`a${link('https://a.com', 'bc')}d`);
    painter.paint(next, null);
    next.text[0] = 'x';
    next.text[3] = 'y';
    expect(painter.paint(next, null)).toBe('\u001b[?2026h\u001b[1;1Hx\u001b[2Cy\u001b[?2026l');
  });

  test('an address that never passed the emulator does not reach the terminal', () => {
    const next = new CellBuffer(cols, rows);
    const extra: CellExtra = { underlineColour: 0, link: { uri: 'https://a.com\x07\x1b]52;c;eA==\x07', id: '' } };
    next.set(0, 'a', 1, 0, 0, 0, extra);
    expect(new Painter(cols, rows).paint(next, null)).not.toMatch(/\x1b\]/);
  });

  test.each([
    '\x1b]8;id=forge1;file:///x\x1b\\',
    '\x1b]8;id=x;https://a.com\x1b\\',
    '\x1b]8;id=forge1;https://a.com\x07',
    `\x1b]8;id=forge1;https://a.com/${'x'.repeat(2_100)}\x1b\\`,
    '\x1b[4:3;31m',
    '\x1b[58:2::1:2m',
  ])('the list of allowed sequences refuses %j', (bad) => {
    expect(findForbidden(bad)).not.toBeNull();
  });
});

test.each(Array.from({ length: 12 }, (_, seed) => ({ seed })))(
  'links, underlines and colours are on the terminal as in the pane (seed $seed)',
  ({ seed }) => {
    const random = seededRandom(seed);
    const n = (below: number) => Math.floor(random() * below);
    const inner = new Emulator(cols, rows, { isEager: true });
    const outer = new Emulator(cols, rows, { isEager: true });
    const painter = new Painter(cols, rows);
    for (let frame = 0; frame < 30; frame++) {
      for (let count = n(6); count >= 0; count--) {
        const style = [`4:${n(6)}`, '4', '24', '', '1', '22', '53', '5', '7;31', `58:5:${n(256)}`, '58;2;1;2;3', '59'];
        inner.write(`\x1b[${1 + n(rows)};${1 + n(cols)}H\x1b[${style[n(12)]}m`);
        if (n(3) === 0) inner.write(n(2) ? '\x1b]8;;\x1b\\' : `\x1b]8;id=${n(2)};https://example.com/${n(3)}\x1b\\`);
        inner.write('text 漢字 '.slice(0, n(10)));
        if (n(6) === 0) inner.write('\x1b[K');
      }
      const next = cellsOf(inner);
      const bytes = painter.paint(next, inner.cursor);
      expect(findForbidden(bytes)).toBeNull();
      outer.write(bytes);
      expect(looks(cellsOf(outer))).toEqual(looks(next));
    }
  },
);

function looks(cells: CellBuffer): string[] {
  return cells.text.map((text, at) => {
    const extra = cells.extra[at];
    const colours = [cells.foreground[at], cells.background[at], extra?.underlineColour ?? 0];
    return `${at}: ${text} ${cells.attributes[at]} ${colours} ${extra?.link?.uri ?? ''}`;
  });
}

test.each([
  ['a curly line in red', { hasUnderlineStyles: true }, '\u001b[4:3m\u001b[58:2::255:0:0mx'],
  ['on a terminal of 256 colours', { depth: '256', hasUnderlineStyles: true }, '\u001b[4:3m\u001b[58:5:196mx'],
  ['on one without colours', { depth: 'none', hasUnderlineStyles: true }, '\u001b[4:3mx'],
  ['on one that knows a single line only', { hasUnderlineStyles: false }, '\u001b[4mx'],
] as const)('%s', (_name, options, expected) => {
  const next = new CellBuffer(cols, rows);
  const extra = { underlineColour: rgbColour | 0xff0000, link: null };
  next.set(0, 'x', 1, 0, 0, attribute.underline | underlineStyle.curly, extra);
  expect(new Painter(cols, rows, options).paint(next, null)).toContain(expected);
});

test.each([
  [{ TERM: 'xterm-kitty' }, true, true],
  [{ TERM: 'xterm-256color', TERM_PROGRAM: 'vscode' }, true, true],
  [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, true, true],
  [{ TERM: 'xterm-256color', VTE_VERSION: '4200' }, false, true],
  [{ TERM: 'xterm-256color' }, false, true],
  [{ TERM: 'tmux-256color' }, true, true],
  [{ TERM: 'linux' }, false, false],
  [{ TERM: 'screen-256color' }, false, false],
  [{ TERM: 'dumb' }, false, false],
  [{}, false, false],
])('%j: styles of underlines %s, links %s', (env, hasUnderlineStyles, hasLinks) => {
  expect(detectFeatures(env)).toEqual({ hasUnderlineStyles, hasLinks });
});

test('the style of an underline and its colour end where it ends', () => {
  const cells = pane('\x1b[4:3;58:5:9mab\x1b[24mc\x1b[4md');
  const curly = attribute.underline | underlineStyle.curly;
  expect([...cells.attributes.slice(0, 4)]).toEqual([curly, curly, 0, attribute.underline]);
  const red = paletteColour | 9;
  expect(cells.extra.slice(0, 4).map((extra) => extra?.underlineColour ?? 0)).toEqual([red, red, 0, red]);
});
