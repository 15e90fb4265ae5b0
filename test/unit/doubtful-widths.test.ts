import { expect, test } from 'vitest';
import { CellBuffer } from '../../src/domain/cells.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { Compositor } from '../../src/ui/screen/compositor.ts';
import { drawFrame } from '../../src/ui/screen/frame-cells.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import type { Pane } from '../../src/ui/screen/pane-registry.ts';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { seededRandom } from '../support/random.ts';
import { TestScreen } from '../support/test-screen.ts';

/** What terminals disagree about. */
const doubtful: Record<string, string> = {
  'a family': '👩‍👩‍👧‍👦',
  'a flag': '🇩🇪',
  'half a flag': '🇩',
  'a flag of tags': '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'a keycap': '1️⃣',
  'a heart as emoji': '❤️',
  'a heart as text': '❤︎',
  'a watch as text': '⌚︎',
  'a skin tone': '👍🏽',
  'a skin tone alone': '\x1b[m🏽',
  'marks on a letter': 'e\u0301\u0323\u0308',
  'a mark alone': '\x1b[m\u0301',
  'Hangul jamo': '\u1112\u1161\u11ab',
  'a vowel jamo alone': '\x1b[m\u1161',
  Devanagari: 'क्षि',
  Thai: 'ที่นี่กำ',
  Arabic: 'مرحبا',
  Hebrew: 'שלום',
  'zero width space': '\u200b',
  'a joiner behind a letter': 'h\u200dj',
  'zero width joiner': '\x1b[m\u200d',
  'a variation selector alone': '\x1b[m\ufe0f',
  'bidirectional override': '\u202e',
  'a soft hyphen': '\u00ad',
  'new emoji': '\u{1fae9}\u{1fac8}',
  'ambiguous width': '§±°①→',
  'a dash of three': '⸻',
  'the longest ligature': '﷽',
  'a wide blank': '\u3000',
  Han: '漢字',
};

/** tmux puts what comes next into the same cell, whatever it is. */
const joinsText = /\u200d(?!\p{Extended_Pictographic})/u;

const [cols, rows] = [24, 3];
const paneRect = { x: 3, y: 0, width: 14, height: rows };

/** Chrome with a border at both sides of the pane, and a title with the same text. */
function frameAround(title: string): CellBuffer {
  const chrome = new CellBuffer(cols, rows);
  const row = `<2│${' '.repeat(paneRect.width)}│right>`;
  drawFrame([row, row, `${title}`].join('\n'), chrome);
  return chrome;
}

/** One that joins graphemes, and one that knows nothing newer than Unicode 6 and joins nothing. */
const terminals = {
  'of today': () => new Emulator(cols, rows, { isEager: true }),
  'of long ago': () => new TestScreen(cols, rows),
};

test.each(Object.keys(terminals).flatMap((age) => Object.keys(doubtful).map((name) => ({ age, name }))))(
  '$name in a pane leaves what is around it alone on a terminal $age',
  ({ age, name }) => {
    const text = doubtful[name] ?? '';
    const outer = terminals[age as keyof typeof terminals]();
    const inner = new Emulator(paneRect.width, rows, { isEager: true });
    const compositor = new Compositor(cols, rows);
    const painter = new Painter(cols, rows);
    const pane: Pane = {
      id: 'a',
      source: { screen: inner, onChange: () => ({ dispose() {} }), resize() {} },
      layer: 0,
      isFitted: false,
      node: () => null,
    };
    compositor.setFrame(frameAround('title'), { panes: [{ pane, rect: paneRect }], overlays: [], cursor: null });
    outer.write('\x1b[?7l');
    const show = () => {
      const { cells, cursor, isChanged } = compositor.compose('a', 0);
      const bytes = painter.paint(cells, cursor, isChanged);
      expect(findForbidden(bytes)).toBeNull();
      expect(bytes).not.toMatch(joinsText);
      outer.write(bytes);
      compositor.painted();
      return cells;
    };
    const random = seededRandom(7);
    for (let step = 0; step < 40; step++) {
      const column = 1 + Math.floor(random() * paneRect.width);
      inner.write(`\x1b[${1 + Math.floor(random() * 2)};${column}H${random() < 0.5 ? text : 'plain'}`);
      const wanted = show();
      const seen = new CellBuffer(cols, rows);
      outer.blit(seen, 0, 0, cols, rows);
      for (let index = 0; index < 2 * cols; index++) {
        const letter = wanted.text[index] ?? '';
        if (/^[!-~│]$/.test(letter))
          expect(`${index}: ${seen.text[index]}`, `step ${step}`).toBe(`${index}: ${letter}`);
        // A blank may hold a part of what a terminal draws wider than it should be, where nothing else is.
      }
    }
  },
);

test.each(Object.keys(doubtful))('%s in a title moves nothing behind it', (name) => {
  const text = (doubtful[name] ?? '').replace('\x1b[m', '');
  const outer = new TestScreen(cols, 1);
  const painter = new Painter(cols, 1);
  const chrome = new CellBuffer(cols, 1);
  drawFrame(`│${text}│ end │`, chrome);
  outer.write(painter.paint(chrome, null));
  const seen = new CellBuffer(cols, 1);
  outer.blit(seen, 0, 0, cols, 1);
  for (const [index, letter] of chrome.text.entries())
    if (/^[!-~│]$/.test(letter)) expect(seen.text[index]).toBe(letter);
});
