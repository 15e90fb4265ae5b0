import { Box, Text, useInput } from 'ink';
import { type ReactNode, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attribute, CellBuffer, paletteColour, rgbColour } from '../../src/domain/cells.ts';
import { TextInput } from '../../src/ui/input/text-input.tsx';
import { Overlay } from '../../src/ui/screen/overlay.tsx';
import { PaneSlot } from '../../src/ui/screen/pane-slot.tsx';
import { type Dashboard, joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import type { Typing } from '../../src/ui/terminal/typed-program.ts';
import { FakePane } from '../support/fake-pane.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';

const left = () => panes[0];
const right = () => panes[1];
let panes: [FakePane, FakePane];
let terminal: FakeTerminal;
let dashboard: Dashboard;
let typing: Typing | null;
let leaderPresses: number;
let cursorPane: string | null;

beforeEach(() => {
  panes = [new FakePane(), new FakePane()];
  typing = null;
  leaderPresses = 0;
  cursorPane = null;
});

afterEach(() => {
  dashboard.dispose();
  expect(left().listeners + right().listeners).toBe(0);
  expect(terminal.isDisposed).toBe(true);
});

function open(element: ReactNode, cols = 44, rows = 10): void {
  terminal = new FakeTerminal(cols, rows);
  dashboard = joinDashboard(
    {
      element,
      leader: 'ctrl+q',
      colours: 'truecolor',
      typing: () => typing,
      cursorPane: () => cursorPane,
      onLeader: () => {
        leaderPresses++;
        typing = null;
        dashboard.refresh();
      },
    },
    terminal.open,
  );
}

function App(): ReactNode {
  const [isDialog, setDialog] = useState(false);
  useInput((input) => {
    if (input === 'd') setDialog((before) => !before);
    if (input === 'i') typing = { pane: 'left', attachment: left() };
  });
  return (
    <Box width="100%" height="100%" flexDirection="column">
      <Text color="#ff8800" bold>
        漢字 title
      </Text>
      <Box flexGrow={1}>
        <Box flexGrow={1} flexBasis={0} borderStyle="single">
          <PaneSlot id="left" source={left()} />
        </Box>
        <Box flexGrow={1} flexBasis={0} borderStyle="single">
          <PaneSlot id="right" source={right()} />
        </Box>
      </Box>
      {isDialog && (
        <Overlay top={3} left={16} width={14} height={4} borderStyle="round">
          <TextInput width={8} initialValue="name" />
        </Overlay>
      )}
    </Box>
  );
}

async function shows(...lines: string[]): Promise<void> {
  await vi.waitFor(
    () => expect(terminal.screen.text).toEqual([...lines, ...Array(terminal.size.rows - lines.length).fill('')]),
    {
      timeout: 4000,
      interval: 5,
    },
  );
}

const top = ['漢字 title', '┌────────────────────┐┌────────────────────┐'];
const bottom = '└────────────────────┘└────────────────────┘';
const blank = '│                    ││                    │';

test('panes stand inside the borders that Ink drew, with their own colours', async () => {
  open(<App />);
  left().print('\u001b[38;2;1;2;3;4mhello\u001b[m \u001b[41m漢\u001b[m');
  right().print('one\r\ntwo');
  await shows(
    ...top,
    '│hello 漢            ││one                 │',
    '│                    ││two                 │',
    ...Array(5).fill(blank),
    bottom,
  );
  const cells = new CellBuffer(44, 10);
  terminal.screen.blit(cells, 0, 0, 44, 10);
  const at = (x: number, y: number) => {
    const index = y * 44 + x;
    return [cells.text[index], cells.foreground[index], cells.background[index], cells.attributes[index]];
  };
  expect(at(0, 0)).toEqual(['漢', rgbColour | 0xff8800, 0, attribute.bold]);
  expect(at(1, 2)).toEqual(['h', rgbColour | 0x010203, 0, attribute.underline]);
  expect(at(7, 2)).toEqual(['漢', 0, paletteColour | 1, 0]);
  expect(left().sizes).toEqual(['20x7']);
});

test('a dialog stands above the panes and has the cursor; closed, the panes are whole again', async () => {
  open(<App />);
  await shows(...top, ...Array(7).fill(blank), bottom);
  for (const pane of panes) pane.print('x'.repeat(140));
  const full = '│xxxxxxxxxxxxxxxxxxxx││xxxxxxxxxxxxxxxxxxxx│';
  await shows(...top, ...Array(7).fill(full), bottom);
  terminal.type('d');
  await shows(
    ...top,
    full,
    '│xxxxxxxxxxxxxxx╭────────────╮xxxxxxxxxxxxx│',
    '│xxxxxxxxxxxxxxx│name        │xxxxxxxxxxxxx│',
    '│xxxxxxxxxxxxxxx│            │xxxxxxxxxxxxx│',
    '│xxxxxxxxxxxxxxx╰────────────╯xxxxxxxxxxxxx│',
    full,
    full,
    bottom,
  );
  await vi.waitFor(() => expect(terminal.screen.cursor).toMatchObject({ x: 21, y: 4, isVisible: true, shape: 'bar' }));
  left().print('\u001b[H\u001b[2Jnew');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toBe('│new                 ││xxxxxxxxxxxxxxxxxxxx│'));
  expect(terminal.screen.text[4]).toBe('│               │name        │xxxxxxxxxxxxx│');
  terminal.type('d');
  await shows(
    ...top,
    full.replace('xxxxxxxxxxxxxxxxxxxx', 'new                 '),
    ...Array(6).fill(full.replace('xxxxxxxxxxxxxxxxxxxx', ' '.repeat(20))),
    bottom,
  );
  await vi.waitFor(() => expect(terminal.screen.cursor.isVisible).toBe(false));
});

test('the pane at a cell, unless something lies over it; its cursor can be shown without typing', async () => {
  open(<App />);
  left().print('ab');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('│ab'));
  expect(dashboard.paneAt(1, 2)).toEqual({ pane: 'left', rect: { x: 1, y: 2, width: 20, height: 7 } });
  expect(dashboard.paneAt(42, 8)?.pane).toBe('right');
  expect([dashboard.paneAt(0, 2), dashboard.paneAt(21, 4), dashboard.paneAt(5, 9)]).toEqual([null, null, null]);
  expect(terminal.screen.cursor.isVisible).toBe(false);
  cursorPane = 'left';
  dashboard.refresh();
  await vi.waitFor(() => expect(terminal.screen.cursor).toMatchObject({ x: 3, y: 2, isVisible: true }));
  terminal.type('d');
  await vi.waitFor(() => expect(terminal.screen.text[4]).toContain('name'));
  expect(dashboard.paneAt(18, 4)).toBeNull();
});

test('keys of one chunk go to the program from the moment that it has the keyboard, and come back with the leader', async () => {
  open(<App />);
  left().print('$ ');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('│$'));
  terminal.type('iecho d\r');
  expect(left().typed).toBe('echo d\r');
  left().print('ok');
  await vi.waitFor(() => expect(terminal.screen.cursor).toMatchObject({ x: 5, y: 2, isVisible: true, shape: 'block' }));
  terminal.type('a\u0011d');
  expect(left().typed).toBe('echo d\ra');
  expect(leaderPresses).toBe(1);
  await vi.waitFor(() => expect(terminal.screen.text[4]).toContain('name'));
});

test('a program in the middle of its frame is not shown until the frame ends', async () => {
  open(<App />);
  left().print('before');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('before'));
  left().print('\u001b[?2026h\u001b[H\u001b[2Jhalf');
  right().print('other');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('other'));
  expect(terminal.screen.text[2]).toContain('before');
  left().print(' whole\u001b[?2026l');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('half whole'));
});

test('a program that never ends its frame is shown after a while', async () => {
  open(<App />);
  left().print('\u001b[?2026hstuck');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('stuck'), { timeout: 4000 });
});

test('while the terminal is behind, frames are dropped; then it shows the newest', async () => {
  open(<App />);
  await shows(...top, ...Array(7).fill(blank), bottom);
  terminal.isStuck = true;
  left().print('0');
  await vi.waitFor(() => expect(terminal.isReady).toBe(false));
  const before = terminal.writes.length;
  for (let count = 1; count < 50; count++) left().print(`\r${count}`);
  // All of it is on the pane's own screen: every change was announced, and none of them was written.
  await vi.waitFor(() => expect(left().screen.text[0]).toBe('49'));
  expect(terminal.writes.length).toBe(before);
  terminal.isStuck = false;
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('│49'));
  expect(terminal.writes.length).toBeLessThan(before + 3);
});

test('a resize lays everything out again and the programs follow', async () => {
  open(<App />);
  left().print('hello');
  await vi.waitFor(() => expect(terminal.screen.text[2]).toContain('hello'));
  terminal.resize(24, 6);
  await shows(
    '漢字 title',
    '┌──────────┐┌──────────┐',
    '│hello     ││          │',
    ...Array(2).fill('│          ││          │'),
    '└──────────┘└──────────┘',
  );
  expect(left().sizes).toEqual(['20x7', '10x3']);
});

test('a pane that moves takes its screen along, though Ink wrote nothing new', async () => {
  open(<Bare />);
  left().print('hello');
  await vi.waitFor(() => expect(terminal.screen.text[0]).toBe('hello'));
  terminal.type('m');
  await vi.waitFor(() => expect(terminal.screen.text[0]).toBe('      hello'));
});

test('chrome is never higher than the terminal, and keeps its colours when the environment wants none', async () => {
  open(
    <Box flexDirection="column" flexShrink={0}>
      {Array.from({ length: 30 }, (_, row) => (
        <Box key={String(row)} flexShrink={0} height={1}>
          <Text color="red">{`row ${row} ${'long '.repeat(20)}`}</Text>
        </Box>
      ))}
    </Box>,
    20,
    4,
  );
  await vi.waitFor(() => expect(terminal.screen.text[0]).toContain('row 0 long'));
  expect(terminal.writes.join('')).toContain('\u001b[31m');
});

test('a component that throws ends the dashboard with its error', async () => {
  open(<Broken />);
  await expect(dashboard.finished).rejects.toThrow('broken view');
});

function Broken(): ReactNode {
  throw new Error('broken view');
}

function Bare(): ReactNode {
  const [margin, setMargin] = useState(0);
  useInput(() => setMargin(6));
  return <PaneSlot id="left" source={left()} marginLeft={margin} />;
}
