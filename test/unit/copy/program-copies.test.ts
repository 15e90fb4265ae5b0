import { expect, onTestFinished, test } from 'vitest';
import { Emitter } from '../../../src/base/emitter.ts';
import { DashboardModel } from '../../../src/ui/app/dashboard-model.ts';
import type { ProgramCopy } from '../../../src/ui/app/session-screens.ts';
import { ProgramCopies } from '../../../src/ui/copy/program-copies.ts';
import { until } from '../../support/until.ts';

/** A person who types into the pane `ada`; `taken` is what the clipboard was given. */
function typing(isAllowed: boolean) {
  const model = new DashboardModel({ isDemo: false, pane: 'ada', isTyping: true, zone: 'panes' });
  const asked = new Emitter<ProgramCopy>();
  const taken: string[] = [];
  const copyOut = async (text: string) => {
    taken.push(text);
    if (text === 'on a full disk') throw new Error('no room');
    return text.length > 100 ? '/copied.txt' : null;
  };
  const copies = new ProgramCopies({
    model,
    screens: { onCopy: (listener) => asked.on(listener) },
    copyOut,
    isAllowed,
  });
  onTestFinished(() => {
    copies.dispose();
    model.dispose();
  });
  return { model, taken, asks: (session: string, text: string) => asked.emit({ session, text }) };
}

test('of many copies at once the last one counts', async () => {
  const { model, taken, asks } = typing(true);
  for (let count = 0; count < 1_000; count++) asks('ada', `text ${count}`);
  await until('it to be said', () => model.state.message?.text === 'The program copied 8 characters.');
  expect(taken).toEqual(['text 999']);
});

test('a program in another pane, or behind a dialog, copies nothing', async () => {
  const { model, taken, asks } = typing(true);
  asks('bob', 'of another');
  model.set({ isTyping: false });
  asks('ada', 'of nobody');
  model.set({ isTyping: true });
  asks('ada', 'asked for');
  await until('it to be taken', () => taken.length > 0);
  expect(taken).toEqual(['asked for']);
});

test('what is too long is in a file', async () => {
  const { model, asks } = typing(true);
  asks('ada', 'x'.repeat(101));
  const said = 'Too long for the clipboard of a terminal: the 101 characters are in /copied.txt';
  await until('it to be said', () => model.state.message?.text === said);
});

test('a copy that fails is said, and the next one is taken', async () => {
  const { model, taken, asks } = typing(true);
  asks('ada', 'on a full disk');
  await until('it to be said', () => model.state.message?.tone === 'bad');
  asks('ada', 'good');
  await until('the next', () => taken.includes('good'));
});

test('what is not allowed is said once a session', async () => {
  const { model, taken, asks } = typing(false);
  asks('ada', 'x');
  const said = 'The program did not copy 1 character: ui.programsCopy in the settings allows it.';
  await until('it to be said', () => model.state.message?.text === said);
  model.set({ message: null });
  asks('ada', 'y');
  asks('ada', 'z');
  model.set({ pane: 'bob' });
  asks('bob', 'xy');
  await until('the other to be said', () => model.state.message?.text.includes('2 characters'));
  expect(taken).toEqual([]);
});
