import { Box, Text, useInput } from 'ink';
import { type ReactNode, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attribute, CellBuffer, paletteColour } from '../../src/domain/cells.ts';
import type { Letter } from '../../src/ui/echo/predictions.ts';
import { DrawnRows } from '../../src/ui/kit/drawn-rows.tsx';
import { Overlay } from '../../src/ui/screen/overlay.tsx';
import { PaneSlot } from '../../src/ui/screen/pane-slot.tsx';
import { type Dashboard, joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import { FakePane } from '../support/fake-pane.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';

// A title of one row, then two panes side by side, twenty columns each, the second one behind a border.
let left: FakePane;
let right: FakePane;
let typingIn: 'left' | 'right' | null;
let unheard: string[];
let clicks: number;
let terminal: FakeTerminal;
let dashboard: Dashboard;

beforeEach(async () => {
  left = new FakePane(20, 5);
  right = new FakePane(20, 5);
  typingIn = 'right';
  unheard = [];
  clicks = 0;
  terminal = new FakeTerminal(41, 6);
  dashboard = joinDashboard(
    {
      element: <App />,
      leader: 'ctrl+q',
      colours: 'truecolor',
      typing: () => (typingIn === null ? null : { pane: typingIn, attachment: typingIn === 'left' ? left : right }),
      onLeader: () => typeInto(null),
      onMouse: ({ kind, x, y }, pane) => unheard.push(`${kind} ${x},${y} ${pane}`),
    },
    terminal.open,
  );
  await shows('title');
});

afterEach(() => dashboard.dispose());

const title = { of: [], pieces: () => [{ text: 'title' }] };

function App(): ReactNode {
  const [isDialog, setDialog] = useState(false);
  useInput((input) => input === 'd' && setDialog((before) => !before));
  return (
    <Box width="100%" height="100%" flexDirection="column">
      <DrawnRows rows={[title]} cols={10} onClick={() => clicks++} />
      <Box flexGrow={1}>
        <PaneSlot id="left" source={left} width={20} height={5} />
        <Text>{'│\n'.repeat(5)}</Text>
        <PaneSlot id="right" source={right} isFitted={false} width={20} height={5} />
      </Box>
      {isDialog && (
        <Overlay top={0} left={0} width={30} height={4} borderStyle="round">
          <Text>dialog</Text>
        </Overlay>
      )}
    </Box>
  );
}

function typeInto(pane: typeof typingIn): void {
  typingIn = pane;
  dashboard.refresh();
}

const shows = (text: string) => vi.waitFor(() => expect(terminal.screen.text.join('\n')).toContain(text));
const painted = (look: () => void) => vi.waitFor(look, { timeout: 4000, interval: 5 });

test('the mouse reaches the program at the place of its own screen', async () => {
  right.print('\u001b[?1000h\u001b[?1006hsecond');
  await shows('second');
  terminal.type('\u001b[<0;24;3M\u001b[<0;24;3m\u001b[<0;3;3M');
  expect(right.typed).toBe('\u001b[<0;3;2M\u001b[<0;3;2m');
  expect(unheard).toEqual(['press 2,2 left']);
});

test('a letter that is foreseen is on the terminal when the key has been taken, and only where the cursor is seen', async () => {
  const drawn: boolean[] = [];
  for (const pane of [left, right]) {
    Object.assign(pane, {
      send(data: Uint8Array, draw: (letter: Letter) => boolean) {
        const x = pane.screen.cursor.x + drawn.filter(Boolean).length;
        const { y } = pane.screen.cursor;
        const text = Buffer.from(data).toString();
        drawn.push(draw({ x, y, text, foreground: 0, background: 0, attributes: 0 }));
      },
    });
    pane.print('$ ');
  }
  await painted(() => expect(terminal.screen.cursor).toMatchObject({ x: 23, y: 1 }));
  await vi.waitFor(() => expect(terminal.isReady).toBe(true));
  terminal.writes = [];
  terminal.type('q');
  expect(terminal.writes).toEqual(['q']);
  expect(terminal.screen.text[1]).toBe('$                   │$ q');
  // The terminal has not taken that one; then the cursor is still in the pane that was typed into before; then something is new.
  terminal.type('w');
  await vi.waitFor(() => expect(terminal.isReady).toBe(true));
  typingIn = 'left';
  terminal.type('e');
  typingIn = 'right';
  right.screen.write('#');
  terminal.type('r');
  expect(drawn).toEqual([true, false, false, false]);
  expect(terminal.writes).toEqual(['q']);
});

test('where a screen higher than its pane is scrolled, rows count from its own top', async () => {
  right.resize(20, 12);
  right.print(`\u001b[?1000h\u001b[?1006h${'line\r\n'.repeat(9)}last`);
  await shows('last');
  terminal.type('\u001b[<0;22;6M');
  expect(right.typed).toBe('\u001b[<0;1;10M');
});

test('a screen smaller than its pane has nothing to click beyond its edge', async () => {
  right.resize(6, 2);
  right.print('\u001b[?1003h\u001b[?1006hsmall');
  await shows('small');
  terminal.type('\u001b[<35;27;3M\u001b[<35;28;3M\u001b[<35;27;4M');
  expect(right.typed).toBe('\u001b[<35;6;2M');
  expect(unheard).toEqual(['move 27,2 right', 'move 26,3 right']);
});

test('a click acts on what it meets, and not through a dialog', async () => {
  terminal.type('\u001b[<0;3;1M');
  expect([clicks, unheard]).toEqual([1, []]);
  typeInto(null);
  terminal.type('d');
  await shows('dialog');
  right.print('\u001b[?1000h');
  terminal.type('\u001b[<0;3;1M\u001b[<0;25;3M');
  // The frame is seen a moment before the chrome takes what comes next; until then it waits.
  await painted(() => expect(unheard).toEqual(['press 2,0 null', 'press 24,2 null']));
  expect(clicks).toBe(1);
});

test('the terminal reports what the program that is typed into asked for, and no more', async () => {
  const modes = () => terminal.screen.modes;
  await painted(() => expect(modes()).toMatchObject({ mouse: 'drag', mouseEncoding: 'sgr', kittyKeyboard: 0 }));
  left.print('\u001b[?1003h\u001b[>5uleft');
  await shows('left');
  expect(modes()).toMatchObject({ mouse: 'drag', kittyKeyboard: 0 });
  typeInto('left');
  await painted(() => expect(modes().mouse).toBe('any'));
  expect(terminal.writes.join('')).toContain('\u001b[?u');
  // Until the terminal has answered, nothing is asked of it.
  expect(modes().kittyKeyboard).toBe(0);
  terminal.type('\u001b[?0u\u001b[?62;22c');
  await painted(() => expect(modes().kittyKeyboard).toBe(5));
  left.print('\u001b[>13u');
  await painted(() => expect(modes().kittyKeyboard).toBe(13));
  typeInto('right');
  await painted(() => expect(modes()).toMatchObject({ mouse: 'drag', kittyKeyboard: 0 }));
  expect([left.typed, right.typed, unheard]).toEqual(['', '', []]);
});

test('asking the terminal what its keyboard can tell changes no colour', async () => {
  typeInto('right');
  right.print('\u001b[1;32mgreen');
  await shows('green');
  right.print('\u001b[>1u\u001b[2;1Hmore');
  await shows('more');
  await painted(() => expect(terminal.writes.join('')).toContain('\u001b[?u'));
  const cells = new CellBuffer(41, 6);
  terminal.screen.blit(cells, 0, 0, 41, 6);
  for (const index of [41 + 21, 2 * 41 + 21])
    expect([cells.foreground[index], cells.attributes[index]]).toEqual([paletteColour | 2, attribute.bold]);
});

test('the keypad is as the program has it', async () => {
  right.print('\u001b=x');
  await painted(() => expect(terminal.screen.modes.applicationKeypad).toBe(true));
  terminal.type('\u001bOp');
  typeInto('left');
  await painted(() => expect(terminal.screen.modes.applicationKeypad).toBe(false));
  expect(right.typed).toBe('\u001bOp');
});

test('a key reaches each program in its own form, whatever the terminal sends', () => {
  left.print('\u001b[>1u');
  typeInto('left');
  terminal.type('\u0001\u001b[13;2u\u001bx');
  typeInto('right');
  terminal.type('\u0001\u001b[13;2u\u001bx');
  expect(left.typed).toBe('\u001b[97;5u\u001b[13;2u\u001b[120;3u');
  expect(right.typed).toBe('\u0001\r\u001bx');
});

test('focus is where keys go, in a terminal that has it', async () => {
  left.print('\u001b[?1004h');
  right.print('\u001b[?1004h');
  await painted(() => expect(right.typed).toBe('\u001b[I'));
  typeInto('left');
  await painted(() => expect([left.typed, right.typed]).toEqual(['\u001b[I', '\u001b[I\u001b[O']));
  terminal.type('\u001b[O');
  terminal.type('\u001b[O');
  expect(left.typed).toBe('\u001b[I\u001b[O');
  typeInto('right');
  typeInto('left');
  terminal.type('\u001b[I');
  expect(left.typed).toBe('\u001b[I\u001b[O\u001b[I');
  dashboard.dispose();
  expect([left.typed, right.typed]).toEqual(['\u001b[I\u001b[O\u001b[I\u001b[O', '\u001b[I\u001b[O']);
});

test('a program that does not ask for focus events never gets one', async () => {
  terminal.type('\u001b[O\u001b[I');
  left.print('\u001b[?1004h\u001b[?1004lseen');
  await shows('seen');
  typeInto('left');
  terminal.type('\u001b[O');
  expect([left.typed, right.typed]).toEqual(['', '']);
});
