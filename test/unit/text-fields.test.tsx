import { Box } from 'ink';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { TextArea } from '../../src/ui/input/text-area.tsx';
import { TextInput } from '../../src/ui/input/text-input.tsx';
import { type Dashboard, joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';

let terminal: FakeTerminal;
let dashboard: Dashboard;

afterEach(() => dashboard.dispose());

async function open(element: ReactNode): Promise<void> {
  terminal = new FakeTerminal(20, 5);
  const events = { leader: 'ctrl+q', colours: 'none', typing: () => null, onLeader() {} } as const;
  dashboard = joinDashboard({ element, ...events }, terminal.open);
  await vi.waitFor(() => expect(terminal.screen.cursor.isVisible).toBe(true));
}

async function shows(lines: string[], cursor: [x: number, y: number]): Promise<void> {
  await vi.waitFor(
    () => {
      const { x, y } = terminal.screen.cursor;
      expect({ lines: terminal.screen.text, cursor: [x, y] }).toEqual({
        lines: [...lines, ...Array(5 - lines.length).fill('')],
        cursor,
      });
    },
    { timeout: 4000, interval: 5 },
  );
}

test('a line scrolls, is edited by grapheme, takes a paste as one line, and submits', async () => {
  const submitted: string[] = [];
  await open(
    <Box paddingLeft={2}>
      <TextInput width={8} placeholder="a name" onSubmit={(text) => submitted.push(text)} />
    </Box>,
  );
  await shows(['  a name'], [2, 0]);
  terminal.type('漢é');
  await shows(['  漢é'], [5, 0]);
  terminal.type('\u007f\u001b[200~one\ntwo\u001b[201~');
  await shows(['  one two'], [9, 0]);
  terminal.type('\u0001X');
  await shows(['  X漢one t'], [3, 0]);
  terminal.type('\u001b[F\u0017end\r');
  await shows(['  one end'], [9, 0]);
  expect(submitted).toEqual(['X漢one end']);
});

test('an area has lines, scrolls to the cursor and submits with ctrl+s', async () => {
  const submitted: string[] = [];
  await open(<TextArea width={10} height={3} onSubmit={(text) => submitted.push(text)} />);
  terminal.type('one\rtwo\rthree\rfour');
  await shows(['two', 'three', 'four'], [4, 2]);
  terminal.type('\u001b[A\u001b[A\u001b[A!\u0013');
  await shows(['one!', 'two', 'three'], [4, 0]);
  await vi.waitFor(() => expect(submitted).toEqual(['one!\ntwo\nthree\nfour']));
});
