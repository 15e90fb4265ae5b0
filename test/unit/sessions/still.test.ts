import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import type { ScreenFactory } from '../../../src/ports/screen.ts';
import { frameKind } from '../../../src/protocol/frames.ts';
import { canBeStill, decodeStill, encodeStill } from '../../../src/protocol/still.ts';
import { LateScreens } from '../../../src/sessions/client/late-screens.ts';
import { SessionAttachment } from '../../../src/sessions/client/session-attachment.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { screenFactory } from '../../../src/sessions/screen/screen-factory.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { seededRandom } from '../../support/random.ts';

const [cols, rows] = [12, 3];

function shownBy(text: string): Emulator {
  const emulator = new Emulator(cols, rows, { isEager: true });
  emulator.write(text);
  return emulator;
}

/** A client that looks at a session which shows `text`, and how many emulators it has made. */
async function attach(text: string, { hasStill = true, load = null as Promise<void> | null } = {}) {
  let made = 0;
  const screens: ScreenFactory = {
    create(...size) {
      made += 1;
      return screenFactory.create(...size);
    },
  };
  const asked: string[] = [];
  const resize = (cols: number, rows: number) => asked.push(`${cols}x${rows}`);
  const hands = { input() {}, resize, leave() {}, pause: () => ({ dispose() {} }) };
  const attachment = new SessionAttachment(
    'ada',
    new LateScreens(load ? () => load.then(() => screens) : screens),
    hands,
  );
  const session = shownBy(text);
  const receive = (kind: number, bytes: string | Uint8Array) => attachment.receive(kind, Buffer.from(bytes as string));
  attachment.resized(cols, rows);
  if (hasStill) receive(frameKind.still, encodeStill(session.still())!);
  receive(frameKind.snapshot, snapshot(session));
  await attachment.ready;
  const rowTexts = () => {
    const cells = new CellBuffer(attachment.screen.cols, attachment.screen.rows);
    attachment.screen.blit(cells, 0, 0, cells.cols, cells.rows);
    return Array.from({ length: cells.rows }, (_, y) => cells.rowText(y));
  };
  return { attachment, receive, rowTexts, asked, made: () => made };
}

test('a session that writes nothing is shown without an emulator; what it writes goes on from there', async () => {
  const { attachment, receive, rowTexts, made } = await attach('\x1b[?2004hone\r\n\x1b[31mtwo');
  const { revision, modes, cursor } = attachment.screen;
  expect(rowTexts()).toEqual(['one', 'two', '']);
  expect(modes.bracketedPaste).toBe(true);
  expect(cursor).toMatchObject({ x: 3, y: 1 });
  expect(made()).toBe(0);
  receive(frameKind.output, ' red');
  expect(rowTexts()).toEqual(['one', 'two red', '']);
  const cells = new CellBuffer(cols, rows);
  attachment.screen.blit(cells, 0, 0, cols, rows);
  expect(cells.foreground[cols + 6]).toBe(cells.foreground[cols]);
  expect(attachment.screen.revision).toBeGreaterThan(revision);
  expect(attachment.screen.rowRevision(0)).toBeGreaterThan(revision);
  expect(attachment.screen.modes.bracketedPaste).toBe(true);
  expect(made()).toBe(1);
  attachment.dispose();
});

test('a snapshot that takes the place of another, or of a still, is shown when it is drawn; until then the old one is', async () => {
  const { attachment, receive, rowTexts } = await attach('\x1b[?2004hold');
  const large = `${'\x1b[m'.repeat(3_000)}new`;
  const drawn = new Promise<void>((resolve) => attachment.onChange(() => rowTexts()[0] === 'new' && resolve()));
  receive(frameKind.snapshot, large);
  expect([rowTexts()[0], attachment.screen.modes.bracketedPaste]).toEqual(['old', true]);
  await drawn;
  expect(attachment.screen.modes.bracketedPaste).toBe(false);
  receive(frameKind.output, '\r\nmore');
  receive(frameKind.snapshot, large.replace('new', 'newest'));
  expect(rowTexts().slice(0, 2)).toEqual(['new', 'more']);
  await new Promise<void>((resolve) => attachment.onChange(() => rowTexts()[0] === 'newest' && resolve()));
  attachment.dispose();
});

test('the size that it has already makes no emulator; keys make one ahead of their echo', async () => {
  const { attachment, made } = await attach('one');
  attachment.resized(cols, rows);
  expect(made()).toBe(0);
  attachment.send('x');
  expect(made()).toBe(0);
  await new Promise(setImmediate);
  expect(made()).toBe(1);
  attachment.dispose();
});

test('screens that are very large or colourful are sent without one', async () => {
  expect(canBeStill(400, 160)).toBe(true);
  expect(canBeStill(1_000, 500)).toBe(false);
  const colourful = new Emulator(80, 24, { isEager: true });
  for (let at = 0; at < 80 * 24; at++) colourful.write(`\x1b[38;2;${at >> 8};${at & 255};9mx`);
  await new Promise<void>((resolve) => colourful.write('', resolve));
  expect(encodeStill(colourful.still())).toBeNull();
});

test('a new size is taken by what is shown at its place among the bytes', async () => {
  const { attachment, receive, rowTexts } = await attach('one\r\ntwo');
  attachment.resized(20, 4);
  receive(frameKind.output, '\x1b[4;15Hfour');
  expect(rowTexts()).toEqual(['one', 'two', '', '              four']);
  attachment.dispose();
});

test('a size is asked for unless the session has it and is asked for no other', async () => {
  const { attachment, asked } = await attach('one');
  attachment.resize(cols, rows);
  expect(asked).toEqual([]);
  // There and back before the host has answered.
  attachment.resize(20, 4);
  attachment.resize(cols, rows);
  expect(asked).toEqual(['20x4', '12x3']);
  attachment.resized(20, 4);
  attachment.resize(20, 4);
  attachment.resize(20, 4);
  expect(asked).toEqual(['20x4', '12x3', '20x4']);
  attachment.resized(cols, rows);
  attachment.resized(20, 4);
  attachment.resize(20, 4);
  // Another viewer wanted it smaller.
  attachment.resized(9, 2);
  attachment.resize(20, 4);
  expect(asked.slice(3)).toEqual(['20x4']);
  attachment.dispose();
});

test('lines that leave the top are counted from the still on', async () => {
  const { attachment, receive } = await attach('one\r\ntwo\r\nthree');
  const heard: (1 | null)[] = [];
  attachment.onScroll((lines) => heard.push(lines));
  receive(frameKind.output, '\r\nfour\r\nfive');
  expect(heard).toEqual([1, 1]);
  attachment.dispose();
});

test('what comes while the program of the emulators is being loaded is drawn behind it, in order', async () => {
  const loaded = Promise.withResolvers<void>();
  const { attachment, receive, rowTexts, made } = await attach('one', { load: loaded.promise });
  receive(frameKind.output, '\r\ntwo');
  attachment.resized(20, 4);
  receive(frameKind.output, '\x1b[4;15Hfour');
  const ended = new Promise<void>((resolve) => attachment.onEnd(resolve));
  attachment.ended();
  expect([rowTexts(), made()]).toEqual([['one', '', ''], 0]);
  loaded.resolve();
  await ended;
  expect(rowTexts()).toEqual(['one', 'two', '', '              four']);
  attachment.dispose();
});

test('one that is left meanwhile makes no emulator, and one whose program cannot be loaded ends', async () => {
  const loaded = Promise.withResolvers<void>();
  const left = await attach('one', { load: loaded.promise });
  left.receive(frameKind.output, 'two');
  left.attachment.dispose();
  loaded.resolve();
  await new Promise(setImmediate);
  expect(left.made()).toBe(0);
  const broken = await attach('one', { load: Promise.reject(new Error('gone')) });
  const ended = new Promise<void>((resolve) => broken.attachment.onEnd(resolve));
  broken.receive(frameKind.output, 'two');
  await ended;
  expect(broken.rowTexts()[0]).toBe('one');
  broken.attachment.dispose();
});

test('a program that has ended keeps its still', async () => {
  const { attachment, rowTexts, made } = await attach('the end');
  const ended = new Promise<void>((resolve) => attachment.onEnd(resolve));
  attachment.ended();
  await ended;
  expect(rowTexts()[0]).toBe('the end');
  expect(made()).toBe(0);
  attachment.dispose();
});

test('a host that sends none is followed all the same, and a later snapshot takes the place of a still', async () => {
  const without = await attach('one', { hasStill: false });
  expect(without.rowTexts()[0]).toBe('one');
  expect(without.made()).toBe(1);
  const { attachment, receive, rowTexts } = await attach('one');
  attachment.resized(cols, rows);
  receive(frameKind.snapshot, 'newer');
  expect(rowTexts()[0]).toBe('newer');
  receive(frameKind.output, ' still');
  expect(rowTexts()[0]).toBe('newer still');
  for (const each of [attachment, without.attachment]) each.dispose();
});

test('what is no still is none: cut, too long, and with any byte another one', () => {
  const whole = encodeStill(shownBy('\x1b[4;58;5;9mone\x1b]8;;https://example.com\x1b\\漢字\x1b]8;;\x1b\\').still())!;
  for (let length = 0; length < whole.length; length++) expect(decodeStill(whole.subarray(0, length))).toBeNull();
  const random = seededRandom(7);
  const likely = '0123456789[]{},:-"x ';
  let stills = 0;
  for (let round = 0; round < 5_000; round++) {
    const bytes = Buffer.from(whole);
    bytes[Math.floor(random() * bytes.length)] = likely.charCodeAt(Math.floor(random() * likely.length));
    const still = decodeStill(bytes);
    if (still === null) continue;
    stills += 1;
    const { cells, cursor } = still;
    expect(cells.text.length).toBe(cells.cols * cells.rows);
    expect(cells.text.every((text) => typeof text === 'string')).toBe(true);
    expect(cursor.x < cells.cols && cursor.y < cells.rows).toBe(true);
  }
  expect(stills).toBeGreaterThan(50);
});
