import { expect, test } from 'vitest';
import { parseKeyName, usableKeys } from '../../src/ui/input/key-name.ts';
import { createKeyRouter, type KeyTarget } from '../../src/ui/input/key-router.ts';

type Modes = Extract<KeyTarget, { kind: 'pane' }>['modes'];

const ordinary: Modes = { applicationCursorKeys: false, bracketedPaste: true, kittyKeyboard: 0, modifyOtherKeys: 0 };

/** What happened, in order: `P:` bytes for the program, `C:` for the chrome, `LEADER`, `MOUSE`, `FOCUS`, `ANSWER`. */
function route(chunks: string[], options: { leader?: string; modes?: Partial<Modes>; start?: 'pane' | 'chrome' } = {}) {
  const log: string[] = [];
  const modes = { ...ordinary, ...options.modes };
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
    onMouse: ({ kind, x, y }) => log.push(`MOUSE ${kind} ${x},${y}`),
    onFocus: (hasFocus) => log.push(`FOCUS ${hasFocus}`),
    onAnswer: (answer) => log.push(`ANSWER ${answer.slice(2)}`),
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
    what: 'another key in that form, which the program did not ask for',
    chunks: ['\u001b[27;5;114~\u001b[113;6u\u001b[13;2u\u001b[97;1:3u'],
    log: ['P:\u0012\u0011\r'],
  },
  { what: 'the leader on a Cyrillic keyboard', chunks: ['\u001b[1081::113;5u'], log: ['LEADER'] },
  { what: 'the leader in pieces', chunks: ['\u001b', '[1', '13', ';5', 'u', 'x'], log: ['LEADER', 'C:x'] },
  { what: 'keys in pieces', chunks: ['\u001b', '[1;', '5D', '\u001bO', 'P'], log: ['P:\u001b[1;5D\u001bOP'] },
  { what: 'alt keys', chunks: ['\u001bf\u001b\u001b[A\u001b\u001b'], log: ['P:\u001bf\u001b\u001b[A\u001b'] },
  { what: 'the way back in the same chunk', chunks: ['\u0011j\rj'], log: ['LEADER', 'C:j\r', 'P:j'] },
  { what: 'a focus report', chunks: ['a\u001b[Ib\u001b[O'], log: ['P:a', 'FOCUS true', 'P:b', 'FOCUS false'] },
  { what: 'a mouse report', chunks: ['a\u001b[<0;3;4Mb'], log: ['P:a', 'MOUSE press 2,3', 'P:b'] },
  {
    what: 'mouse reports of older terminals',
    chunks: ['\u001b[M !\u00ffa\u001b[35;300;4M'],
    log: ['MOUSE press 0,222', 'P:a', 'MOUSE release 299,3'],
  },
  {
    what: 'answers of the terminal',
    chunks: ['a\u001b[?0u\u001b[?62;22cb\u001b[>4;2m'],
    log: ['P:a', 'ANSWER ?0u', 'ANSWER ?62;22c', 'P:b', 'ANSWER >4;2m'],
  },
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
  const typed = { modes: { bracketedPaste: false } };
  expect(route(['\u001b[200~a\rb\u001b[201~c'], typed).log).toEqual(['P:a\rbc']);
  const lines = '\u001b[200~one\ntwo\r\n\nthree\r\u001b[201~\n';
  expect(route([lines], typed).log).toEqual(['P:one\rtwo\r\rthree\r\n']);
  expect(route(lines.split(''), typed).log).toEqual(['P:one\rtwo\r\rthree\r\n']);
});

test('a huge paste goes on in slices, as it comes', () => {
  const slices = Array.from({ length: 50 }, () => 'x'.repeat(65_536));
  let sent = 0;
  const sizes: number[] = [];
  const router = createKeyRouter({
    leader: parseKeyName('ctrl+q'),
    target: () => ({ kind: 'pane', modes: ordinary, send: (bytes) => sizes.push(bytes.length) }),
    onLeader() {},
    toChrome() {},
    onMouse() {},
    onFocus() {},
    onAnswer() {},
  });
  router.feed(Buffer.from('\u001b[200~'));
  for (const slice of slices) {
    router.feed(Buffer.from(slice));
    sent += slice.length;
    expect(sizes.reduce((sum, size) => sum + size)).toBe(sent + 6);
  }
  router.feed(Buffer.from('\u001b[201~'));
  expect(Math.max(...sizes)).toBe(65_536);
});

test('a program that asked for more of the keyboard gets it from a terminal that knows nothing of it', () => {
  const asked = (kittyKeyboard: number) => ({ modes: { kittyKeyboard } });
  expect(route(['ab\u0001\r\u001bf\u001b[A'], asked(1)).log).toEqual(['P:ab\u001b[97;5u\r\u001b[102;3u\u001b[A']);
  expect(route(['a\u00c3\u00a9\r'], asked(8)).log).toEqual(['P:\u001b[97u\u001b[233u\u001b[13u']);
  expect(route(['\u00c3', '\u00a9'], asked(8)).log).toEqual(['P:\u001b[233u']);
  const { log, router } = route(['\u001b'], asked(1));
  router.flush();
  expect(log).toEqual(['P:\u001b[27u']);
});

test('chrome reads every key in its ordinary form, and none that was let go', () => {
  const start = { start: 'chrome' as const };
  expect(route(['\u001b[97u\u001b[97;1:3u\u001b[112;5u\u001b[27u\u001b[1;1:3A'], start).log).toEqual([
    'C:a\u0010\u001b[27u',
  ]);
});

test('the leader behind half a character is the leader', () => {
  expect(route(['\u00e9\u0011j']).log).toEqual(['P:\u00e9', 'LEADER', 'C:j']);
  expect(route(['\u00e9\u0011j'], { modes: { kittyKeyboard: 8 } }).log).toEqual(['P:\u00e9', 'LEADER', 'C:j']);
});

test.each(['\u0011', '\u001b[113;5u', '\u001b[27;5;113~', '\u001b[113;5:1u', '\u001b[113:81;69u'])(
  'the leader is heard as %j whatever the program asked for',
  (bytes) => {
    for (const modes of [{ kittyKeyboard: 31 }, { kittyKeyboard: 1 }, { modifyOtherKeys: 2 as const }]) {
      expect(route([bytes], { modes }).log).toEqual(['LEADER']);
    }
  },
);

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
  router.feed(Buffer.from('\u001b['));
  expect(router.flushAfterMs).toBe(10);
  router.feed(Buffer.from('<0;3'));
  expect(router.flushAfterMs).toBe(250);
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
    onMouse() {},
    onFocus() {},
    onAnswer() {},
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

test('keys for whoever is not ready wait and go there later, unless the leader is among them', () => {
  const log: string[] = [];
  let isReady = false;
  const add = (who: string) => (bytes: Uint8Array) => log.push(who + Buffer.from(bytes).toString('latin1'));
  const router = createKeyRouter({
    leader: parseKeyName('ctrl+q'),
    target: () => (isReady ? { kind: 'pane', modes: ordinary, send: add('P:') } : { kind: 'chrome' }),
    mustWait: () => !isReady,
    onLeader: () => log.push('LEADER'),
    toChrome: add('C:'),
    onMouse() {},
    onFocus() {},
    onAnswer() {},
  });
  const type = (text: string) => router.feed(Buffer.from(text, 'latin1'));
  type('git ');
  type('log\r');
  router.resume();
  expect(log).toEqual([]);
  isReady = true;
  router.resume();
  expect(log).toEqual(['P:git log\r']);
  isReady = false;
  type('x');
  type('\u0011');
  expect(log.slice(1)).toEqual(['C:x', 'C:\u0011']);
});
