import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Emitter } from '../../src/base/emitter.ts';
import { CellBuffer } from '../../src/domain/cells.ts';
import type { Attachment } from '../../src/ports/session-host.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { LocalEcho } from '../../src/ui/echo/local-echo.ts';
import { answerMsMax, type Letter } from '../../src/ui/echo/predictions.ts';
import { Compositor } from '../../src/ui/screen/compositor.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import { FakePane } from '../support/fake-pane.ts';
import { seededRandom } from '../support/random.ts';
import { TestScreen } from '../support/test-screen.ts';

const cols = 20;
const backspace = '\u007f';
const erase = '\b \b';

let program: FakePane;
let echo: LocalEcho;
let end: Emitter<void>;
let changes: number;

beforeEach(() => {
  vi.useFakeTimers();
  begin(new FakePane(cols, 3));
});
afterEach(() => {
  echo.dispose();
  vi.useRealTimers();
});

function begin(pane: FakePane): void {
  program = pane;
  end = new Emitter();
  const attachment = { session: 'a', dispose() {}, onEnd: (listener: () => void) => end.on(listener) };
  echo = new LocalEcho(Object.assign(pane, attachment) as unknown as Attachment);
  changes = 0;
  echo.onChange(() => changes++);
}

/** What is shown, with the cursor as `_` behind the text of its row. */
function shown(y = 0): string {
  const cells = new CellBuffer(cols, 1);
  echo.screen.blit(cells, 0, 0, cols, 1, y);
  const text = cells.rowText(0);
  return echo.screen.cursor.y === y ? `${text.padEnd(echo.screen.cursor.x)}_` : text;
}

/** A prompt, and two letters that were echoed: from now on letters are shown as they are typed. */
function sure(): void {
  program.print('$ ');
  echo.send('ha');
  program.print('ha');
}

test('the first two letters wait for the program, those behind them do not', () => {
  program.print('$ ');
  echo.send('h');
  expect(shown()).toBe('$ _');
  program.print('h');
  echo.send('a');
  expect(shown()).toBe('$ h_');
  program.print('a');
  expect(shown()).toBe('$ ha_');
  changes = 0;
  echo.send('b');
  expect(changes).toBe(1);
  expect(shown()).toBe('$ hab_');
  echo.send('c d');
  expect(shown()).toBe('$ habc d_');
  program.print('bc d');
  expect(shown()).toBe('$ habc d_');
  expect(program.typed).toBe('habc d');
});

test('it looks as the letter before it', () => {
  program.print('\u001b[1;31;44m');
  sure();
  echo.send('b');
  const cells = new CellBuffer(cols, 1);
  echo.screen.blit(cells, 0, 0, cols, 1);
  expect(cells.text[4]).toBe('b');
  for (const of of [cells.foreground, cells.background, cells.attributes]) expect(of[4]).toBe(of[3]);
});

test('letters that were typed are taken back as they are typed, what stood there before is not', () => {
  sure();
  echo.send('b');
  echo.send(backspace);
  expect(shown()).toBe('$ ha_');
  echo.send(backspace + backspace);
  expect(shown()).toBe('$ _');
  echo.send(backspace);
  expect(shown()).toBe('$ _');
  program.print(`b${erase}${erase}${erase}`);
  expect(shown()).toBe('$ _');
});

test('what nothing echoes is never shown', () => {
  sure();
  echo.send('\r');
  program.print('\r\nPassword: ');
  for (const letter of 'secret') {
    echo.send(letter);
    expect(shown(1)).toBe('Password: _');
  }
  vi.advanceTimersByTime(answerMsMax);
  for (const letter of 'secret') {
    echo.send(letter);
    expect(shown(1)).toBe('Password: _');
  }
});

test('a program that asks for something by itself is not taken for the one that echoed', () => {
  sure();
  program.print('\r\nPassword: ');
  echo.send('s');
  expect(shown(1)).toBe('Password: _');
  begin(new FakePane(cols, 3));
  program.print('\u001b[2;1H');
  sure();
  // The cursor is where it was, on another line.
  program.print('\u001b[3;1H\n\u001b[2;1HPIN:');
  echo.send('s');
  expect(shown(1)).toBe('PIN:_');
});

test('a program that masks its letters is believed at once', () => {
  sure();
  echo.send('b');
  expect(shown()).toBe('$ hab_');
  program.print('*');
  expect(shown()).toBe('$ ha*_');
  echo.send('c');
  expect(shown()).toBe('$ ha*_');
});

test('a blank is no proof that letters are echoed: it may be a command that moves the cursor', () => {
  program.print('text\u001b[2;1H');
  echo.send(' ');
  program.print('\u001b[C');
  echo.send('x');
  expect(shown(1)).toBe(' _');
});

test('the mask of a password that is typed as it is proves nothing', () => {
  program.print('Password: ');
  for (const typed of ['p', '*', 's', 's']) {
    echo.send(typed);
    program.print('*');
  }
  echo.send('w');
  expect(shown()).toBe('Password: ****_');
});

test('the number before a command proves nothing', () => {
  program.print(':');
  for (const digit of '10') {
    echo.send(digit);
    program.print(digit);
  }
  echo.send('g');
  expect(shown()).toBe(':10_');
});

test('a command whose letter is the first that is typed is not taken for one', () => {
  echo.send('i');
  program.print('\u001b[?25l\u001b[3;1H-- INSERT --\u001b[1;1H\u001b[?25h');
  echo.send('i');
  program.print('i');
  expect(shown()).toBe('i_');
  echo.send('f');
  expect(shown()).toBe('i_');
  program.print('f');
  expect(shown()).toBe('if_');
});

test('what was typed ahead is not taken for the echo of what is typed now', () => {
  sure();
  echo.send('\r');
  echo.send('for i in');
  program.print('\r\n$ ');
  program.print('for ');
  echo.send('in');
  program.print('i');
  expect(shown(1)).toBe('$ for i_');
  program.print(' in');
  expect(shown(1)).toBe('$ for i in_');
});

test('in a session that is over nothing is foreseen', () => {
  sure();
  echo.send('b');
  changes = 0;
  end.emit();
  expect([shown(), changes]).toEqual(['$ ha_', 1]);
  echo.send('c');
  expect(shown()).toBe('$ ha_');
});

test('what a program draws in the middle of a frame is not drawn over', () => {
  sure();
  echo.send('bc');
  expect(shown()).toBe('$ habc_');
  program.print('\u001b[?25l\u001b[1;1H漢漢漢漢');
  expect(shown()).toBe('漢漢漢漢  _');
});

test('a letter that was shown and is not echoed goes when the program answers otherwise, or has not for long', () => {
  sure();
  echo.send('b');
  program.print('\u001b[3;1H');
  expect(shown()).toBe('$ ha');
  program.print('\u001b[1;5H');
  echo.send('ce');
  program.print('ce');
  echo.send('d');
  expect(shown()).toBe('$ haced_');
  changes = 0;
  vi.advanceTimersByTime(answerMsMax - 1);
  expect([shown(), changes]).toEqual(['$ haced_', 0]);
  vi.advanceTimersByTime(2);
  expect([shown(), changes]).toEqual(['$ hace_', 1]);
  echo.send('f');
  expect(shown()).toBe('$ hace_');
});

test('what is shown stays when another key follows, until the program answers; what is typed behind that key waits', () => {
  sure();
  echo.send('b');
  echo.send('\r');
  echo.send('c');
  expect(shown()).toBe('$ hab_');
  program.print('b');
  expect(shown()).toBe('$ hab_');
  program.print('\r\nb\r\n$ ');
  expect([shown(), shown(2)]).toEqual(['$ hab', '$ _']);
  program.print('c');
  echo.send('de');
  expect(shown(2)).toBe('$ c_');
  program.print('de');
  echo.send('f');
  expect(shown(2)).toBe('$ cdef_');
});

test('a letter from before another key proves nothing after it', () => {
  sure();
  echo.send('b');
  echo.send('\u0007');
  program.print('b');
  echo.send('x');
  program.print('x');
  echo.send('y');
  expect(shown()).toBe('$ habx_');
  program.print('y');
  echo.send('z');
  expect(shown()).toBe('$ habxyz_');
});

test.each([
  ['an escape sequence', '\u001b[D'],
  ['what is too long for one who types', 'as it comes from a clipboard'],
  ['half a character', Buffer.from([0xc3])],
  ['a wide character', '漢'],
  ['what joins the letter before it', '\u0301'],
])('%s is not foreseen, and the next letter is not either', (_, keys) => {
  sure();
  echo.send(keys);
  echo.send('b');
  expect(shown()).toBe('$ ha_');
});

test('nothing is foreseen before text, at the right edge, without a cursor, in the middle of a frame', () => {
  sure();
  program.print(' b\u001b[1;5H');
  echo.send('xy');
  expect([shown(), echo.screen.cursor.x]).toEqual(['$ ha b_', 4]);
  begin(new FakePane(cols, 3));
  program.print('x'.repeat(cols - 5));
  echo.send('ab');
  program.print('ab');
  echo.send('cde');
  expect(shown()).toBe(`${'x'.repeat(cols - 5)}abc_`);
  for (const hidden of ['\u001b[?25l', '\u001b[?2026h']) {
    begin(new FakePane(cols, 3));
    sure();
    program.print(hidden);
    echo.send('b');
    expect(shown()).toBe('$ ha_');
  }
});

test('a frame that is being drawn decides nothing before its end', () => {
  sure();
  echo.send('b');
  program.print('\u001b[?25l\u001b[3;1Hstatus');
  expect([shown(), echo.screen.cursor.isVisible]).toEqual(['$ hab_', false]);
  program.print('\u001b[1;5Hb\u001b[?25h');
  expect(shown()).toBe('$ hab_');
  echo.send('c');
  expect(shown()).toBe('$ habc_');
});

test('a screen that scrolls or has another size takes what was foreseen with it', () => {
  for (const change of [() => program.print('\u001b[3;1H\n\u001b[1;3H'), () => program.resize(cols - 3, 3)]) {
    begin(new FakePane(cols, 3));
    sure();
    echo.send('b');
    expect(shown()).toBe('$ hab_');
    change();
    expect(shown()).not.toContain('b');
  }
});

test('whatever is typed and answered, the terminal shows what the screen is, also when a letter is drawn at once', () => {
  const real = new Emulator(cols, 4, { isEager: true });
  const random = seededRandom(20261129);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  begin(Object.assign(new FakePane(), { screen: real as never }));
  const source = echo;
  const pane = { id: 'a', source, layer: 0, isFitted: false, node: () => null };
  const compositor = new Compositor(cols, 4);
  compositor.setFrame(new CellBuffer(cols, 4), {
    panes: [{ pane, rect: { x: 0, y: 0, width: cols, height: 4 } }],
    overlays: [],
    cursor: null,
  });
  const painter = new Painter(cols, 4);
  const terminal = new TestScreen(cols, 4);
  const paint = () => {
    const { cells, cursor, isChanged } = compositor.compose('a', 0);
    terminal.write(painter.paint(cells, cursor, isChanged));
    compositor.painted();
  };
  let drawn = 0;
  const draw = (letter: Letter) => {
    const place = compositor.placeOf(source.screen, letter.x, letter.y);
    const bytes = place === null ? '' : painter.type(place.x, place.y, letter.text, letter);
    terminal.write(bytes);
    if (bytes !== '') drawn++;
    return bytes !== '';
  };
  const expectShown = (what: string) => {
    const [shown, wanted] = [new CellBuffer(cols, 4), new CellBuffer(cols, 4)];
    terminal.blit(shown, 0, 0, cols, 4);
    source.screen.blit(wanted, 0, 0, cols, 4);
    expect(shown, what).toEqual(wanted);
    expect(terminal.cursor, what).toMatchObject({ x: source.screen.cursor.x, y: source.screen.cursor.y });
  };
  const typed: string[] = [];
  let guesses = 0;
  for (let step = 0; step < 20_000; step++) {
    const dice = random();
    if (dice < (typed.length < 4 ? 0.6 : 0.2)) {
      const key = random() < 0.98 ? pick(['a', 'b', ' ', 'é', backspace, backspace]) : pick(['\r', '\u001b[D', 'ab']);
      typed.push(...(key === 'ab' ? key : [key]));
      const before = drawn;
      source.send(key, draw);
      if (drawn > before) expectShown(`letter of step ${step}`);
    } else if (dice < 0.99 && typed.length > 0) {
      const key = typed.shift()!;
      const answers = key === backspace ? [erase] : key === '\r' ? ['\r\n'] : key === '\u001b[D' ? ['\b'] : [key];
      const others = ['*', '\u001b[2;3H', '\u001b[2J', '\n', '', '\u001b[31;1m', '\u001b[m', '漢'];
      program.print(random() < 0.99 ? answers[0] : pick(others));
    } else if (dice > 0.99) vi.advanceTimersByTime(Math.floor(random() * 2 * answerMsMax));
    if (random() < 0.3) continue;
    if (source.screen.cursor.x !== real.cursor.x) guesses++;
    paint();
    expectShown(`step ${step}`);
  }
  expect(guesses).toBeGreaterThan(1_000);
  expect(drawn).toBeGreaterThan(300);
  // All answered, or given up: nothing foreseen is left.
  vi.advanceTimersByTime(answerMsMax + 1);
  paint();
  const [left, shown] = [new CellBuffer(cols, 4), new CellBuffer(cols, 4)];
  real.blit(left, 0, 0, cols, 4);
  terminal.blit(shown, 0, 0, cols, 4);
  expect(shown).toEqual(left);
});

test('a letter that is drawn at once reaches the program before its pane is looked at again; others after it', () => {
  sure();
  const order: string[] = [];
  const send = program.send.bind(program);
  program.send = (data) => {
    order.push('sent');
    send(data);
  };
  echo.onChange(() => order.push('changed'));
  const letters: Letter[] = [];
  const draw = (isDrawn: boolean) => (letter: Letter) => letters.push(letter) > 0 && isDrawn;
  echo.send('b', draw(true));
  expect(order.splice(0)).toEqual(['sent', 'changed']);
  echo.send('c', draw(false));
  expect(order.splice(0)).toEqual(['changed', 'sent']);
  expect(letters).toMatchObject([
    { x: 4, y: 0, text: 'b' },
    { x: 5, y: 0, text: 'c' },
  ]);
  // Taking one back is no letter, nor is what nobody foresees.
  echo.send(backspace, draw(true));
  echo.send('\r', draw(true));
  echo.send('d', draw(true));
  expect(letters).toHaveLength(2);
});
