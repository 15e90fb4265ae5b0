import { expect, test } from 'vitest';
import { parseKeyName, usableKeys } from '../../src/ui/input/key-name.ts';
import { createKeyRouter } from '../../src/ui/input/key-router.ts';

type Modes = Partial<{ applicationCursorKeys: boolean; bracketedPaste: boolean; focusEvents: boolean }>;

/** What happened, in order: `P:` bytes for the program, `C:` for the chrome, `LEADER`. */
function route(chunks: string[], options: { leader?: string; modes?: Modes; start?: 'pane' | 'chrome' } = {}) {
  const log: string[] = [];
  const modes = { applicationCursorKeys: false, bracketedPaste: true, focusEvents: false, ...options.modes };
  let isTyping = options.start !== 'chrome';
  const add = (who: string, bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString('latin1');
    if (log.at(-1)?.startsWith(who)) log[log.length - 1] += text;
    else log.push(who + text);
  };
  const router = createKeyRouter({
    leader: parseKeyName(options.leader ?? 'ctrl+q'),
    target: () => (isTyping ? { kind: 'pane', modes, send: (bytes) => add('P:', bytes) } : { kind: 'chrome' }),
    onLeader() {
      log.push('LEADER');
      isTyping = false;
    },
    toChrome(bytes) {
      add('C:', bytes);
      if (bytes[0] === 0x0d) isTyping = true;
    },
  });
  for (const chunk of chunks) router.feed(Buffer.from(chunk, 'latin1'));
  return { log, router };
}

test.each([
  { what: 'plain keys', chunks: ['ls -l\r'], log: ['P:ls -l\r'] },
  {
    what: 'bytes of any kind',
    chunks: ['\u00f0\u009f\u0098\u0080\u00ff\u0000\u0003\u001a'],
    log: ['P:\u00f0\u009f\u0098\u0080\u00ff\u0000\u0003\u001a'],
  },
  { what: 'a character cut in two', chunks: ['\u00e6\u00bc', '\u00a2'], log: ['P:\u00e6\u00bc\u00a2'] },
  { what: 'the leader', chunks: ['ab\u0011cd'], log: ['P:ab', 'LEADER', 'C:cd'] },
  { what: 'the leader as kitty sends it', chunks: ['\u001b[113;5u'], log: ['LEADER'] },
  { what: 'with caps lock and num lock', chunks: ['\u001b[113;197u'], log: ['LEADER'] },
  { what: 'with alternate keys and event type', chunks: ['\u001b[113:81:113;5:1u'], log: ['LEADER'] },
  { what: 'letting go of it', chunks: ['\u001b[113;5:3u'], log: [] },
  { what: 'the leader as xterm sends it', chunks: ['\u001b[27;5;113~'], log: ['LEADER'] },
  {
    what: 'another key in that form',
    chunks: ['\u001b[27;5;114~\u001b[113;6u'],
    log: ['P:\u001b[27;5;114~\u001b[113;6u'],
  },
  { what: 'the leader in pieces', chunks: ['\u001b', '[1', '13', ';5', 'u', 'x'], log: ['LEADER', 'C:x'] },
  { what: 'keys in pieces', chunks: ['\u001b', '[1;', '5D', '\u001bO', 'P'], log: ['P:\u001b[1;5D\u001bOP'] },
  { what: 'alt keys', chunks: ['\u001bf\u001b\u001b[A\u001b\u001b'], log: ['P:\u001bf\u001b\u001b[A\u001b'] },
  { what: 'the way back in the same chunk', chunks: ['\u0011j\rj'], log: ['LEADER', 'C:j\r', 'P:j'] },
  { what: 'a focus report nobody asked for', chunks: ['a\u001b[Ib'], log: ['P:ab'] },
  {
    what: 'a paste',
    chunks: ['\u001b[200~a\u0011b\u001b[201~\u0011'],
    log: ['P:\u001b[200~a\u0011b\u001b[201~', 'LEADER'],
  },
  {
    what: 'a paste in pieces',
    chunks: ['\u001b[20', '0~one\u001b[2', '01', '~', 'x'],
    log: ['P:\u001b[200~one\u001b[201~x'],
  },
  {
    what: 'a paste that carries the end of a paste',
    chunks: ['\u001b[200~a\u001b[201~rm -rf\r\u001b[201~b'],
    log: ['P:\u001b[200~a\u00e2\u0090\u009b201~rm -rf\r\u001b[201~b'],
  },
  {
    what: 'ends that join when one is taken out',
    chunks: ['\u001b[200~\u001b\u001b[201~[201~\u00c2\u009b201~x\u001b[201~'],
    log: ['P:\u001b[200~\u001b\u00e2\u0090\u009b201~[201~\u00e2\u0090\u009b201~x\u001b[201~'],
  },
  {
    what: 'two pastes',
    chunks: ['\u001b[200~a\u001b[201~\u001b[200~b\u001b[201~'],
    log: ['P:\u001b[200~a\u001b[201~\u001b[200~b\u001b[201~'],
  },
  { what: 'an end without a paste', chunks: ['a\u001b[201~b'], log: ['P:ab'] },
])('typing: $what', ({ chunks, log }) => {
  expect(route(chunks).log).toEqual(log);
  // However the bytes are cut, the same comes out (an end inside a paste needs its whole chunk to be told apart).
  if (!chunks.some((chunk) => /201~.*201~/s.test(chunk))) expect(route(chunks.join('').split('')).log).toEqual(log);
});

test('a program without bracketed paste gets the text alone', () => {
  expect(route(['\u001b[200~a\rb\u001b[201~c'], { modes: { bracketedPaste: false } }).log).toEqual(['P:a\rbc']);
});

test('arrow keys follow the mode of the program', () => {
  const application = { modes: { applicationCursorKeys: true } };
  expect(route(['\u001b[A\u001bOB\u001b[H\u001b[1;5C'], application).log).toEqual([
    'P:\u001bOA\u001bOB\u001bOH\u001b[1;5C',
  ]);
  expect(route(['\u001b[A\u001bOB']).log).toEqual(['P:\u001b[A\u001b[B']);
});

test('a lone Escape waits a moment and no longer; other keys do not wait', () => {
  const { log, router } = route(['a\u001b']);
  expect(log).toEqual(['P:a']);
  expect(router.flushAfterMs).toBe(10);
  router.flush();
  expect(log).toEqual(['P:a\u001b']);
  expect(router.flushAfterMs).toBeNull();
});

test('a paste goes on to whoever had the keyboard, and one that never ends gives the leader back', () => {
  const { log, router } = route(['\u001b[200~half\u001b[20']);
  expect(router.flushAfterMs).toBe(2000);
  router.flush();
  router.feed(Buffer.from('\u0011'));
  expect(log).toEqual(['P:\u001b[200~half\u001b[20\u001b[201~', 'LEADER']);
});

test('an endless sequence is passed on', () => {
  const junk = `\u001b[${'1;'.repeat(100)}`;
  expect(route([junk]).log.join('')).toBe(`P:${junk}`);
});

test('chrome gets one key at a time, pastes whole', () => {
  const keys: string[] = [];
  const router = createKeyRouter({
    leader: parseKeyName('ctrl+q'),
    target: () => ({ kind: 'chrome' }),
    onLeader: () => keys.push('LEADER'),
    toChrome: (bytes) => keys.push(Buffer.from(bytes).toString()),
  });
  router.feed(Buffer.from('jjé\u001b[A\u0011\u001b[200~a b\u001b[201~'));
  expect(keys).toEqual(['j', 'j', 'é', '\u001b[A', '\u0011', '\u001b[200~', 'a b', '\u001b[201~']);
});

test.each([
  { name: 'ctrl+q', bytes: '\u0011' },
  { name: 'Ctrl+B', bytes: '\u0002' },
  { name: 'C-a', bytes: '\u0001' },
  { name: 'ctrl+]', bytes: '\u001d' },
  { name: 'ctrl + space', bytes: '\u0000' },
  { name: 'f1', bytes: '\u001bOP' },
  { name: 'F12', bytes: '\u001b[24~' },
])('$name can be the leader', ({ name, bytes }) => {
  const { log, router } = route([bytes], { leader: name });
  expect(log).toEqual(['LEADER']);
  expect(Buffer.from(router.leaderBytes).toString('latin1')).toBe(bytes);
});

test.each(['ctrl+m', 'ctrl+i', 'ctrl+[', 'ctrl+h', 'q', 'ctrl+1', '', 'alt+', 'ctrl+constructor'])(
  '%j cannot be the leader',
  (name) => {
    expect(() => parseKeyName(name)).toThrow(
      expect.objectContaining({ code: 'config.invalid', next: `Choose one of: ${usableKeys}.` }),
    );
  },
);
