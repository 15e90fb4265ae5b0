import { expect, test } from 'vitest';
import { answerQueries, parseProgramStatus } from '../../../src/sessions/host/replies.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';

async function answersTo(text: string, isLight = false) {
  const emulator = new Emulator(80, 24);
  const heard = { replies: '', titles: [] as string[], bells: 0, statuses: [] as unknown[] };
  answerQueries(emulator, { version: '1.2.3', isLight }, (bytes) => (heard.replies += bytes), {
    onTitle: (title) => heard.titles.push(title),
    onBell: () => heard.bells++,
    onStatus: (status) => heard.statuses.push(status),
  });
  await new Promise<void>((resolve) => emulator.write(text, resolve));
  emulator.dispose();
  return heard;
}

test.each([
  ['DA1', '\x1b[c', '\x1b[?1;2c'],
  ['DSR', '\x1b[5n', '\x1b[0n'],
  ['CPR', 'ab\x1b[6n', '\x1b[1;3R'],
  ['XTVERSION', '\x1b[>q', '\x1bP>|forge(1.2.3)\x1b\\'],
  ['the kitty keyboard', '\x1b[?u', '\x1b[?0u'],
  ['the kitty keyboard, pushed', '\x1b[>5u\x1b[?u', '\x1b[?5u'],
  ['modifyOtherKeys', '\x1b[>4;2m\x1b[?4m', '\x1b[>4;2m'],
  ['the encoding of the mouse', '\x1b[?1015h\x1b[?1015$p\x1b[?1006$p', '\x1b[?1015;1$y\x1b[?1006;2$y'],
  ['mouse in pixels, which there are none of', '\x1b[?1016$p', '\x1b[?1016;0$y'],
  ['a mode of the emulator', '\x1b[?2004h\x1b[?2004$p', '\x1b[?2004;1$y'],
  ['the background', '\x1b]11;?\x07', '\x1b]11;rgb:1414/1414/1818\x1b\\'],
  ['the scheme of colours', '\x1b[?996n', '\x1b[?997;1n'],
  ['a colour of the palette', '\x1b]4;208;?\x07', '\x1b]4;208;rgb:ffff/8787/0000\x1b\\'],
  ['several colours', '\x1b]4;1;?;9;?\x1b\\', '\x1b]4;1;rgb:cdcd/0000/0000\x1b\\\x1b]4;9;rgb:ffff/0000/0000\x1b\\'],
  ['one of two, the other of which is set', '\x1b]4;2;rgb:00/00/00;0;?\x07', '\x1b]4;0;rgb:0000/0000/0000\x1b\\'],
  ['the size in cells', '\x1b[18t', '\x1b[8;24;80t'],
  ['program status', '\x1b]7501;?\x1b\\', '\x1b]7501;?\x1b\\'],
])('%s is answered once', async (_name, query, reply) => {
  expect((await answersTo(query)).replies).toBe(reply);
});

test('a program before a light background is told so', async () => {
  const { replies } = await answersTo('\x1b]10;?\x07\x1b]11;?\x07\x1b[?996n', true);
  expect(replies).toBe('\x1b]10;rgb:1414/1414/1818\x1b\\\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?997;2n');
});

test.each([
  ['a title report', '\x1b]2;; rm -rf /\x07\x1b[21t\x1b[20t'],
  ['reading the clipboard', '\x1b]52;c;?\x07'],
  ['writing the clipboard', '\x1b]52;c;ZXZpbA==\x07'],
  ['a colour that is none', '\x1b]4;256;?;-1;?;evil;?;1e1;?;;?\x07'],
  ['a colour that is set', '\x1b]4;1;#ff0000\x07'],
  ['the size in pixels', '\x1b[14t\x1b[16t'],
  ['ENQ', '\x05'],
  ['XTGETTCAP', '\x1bP+q4576696c\x1b\\'],
  ['a checksum of the screen', 'evil\x1b[1;1;1;1;1;1*y'],
])('%s is not answered', async (_name, query) => {
  expect((await answersTo(query)).replies).toBe('');
});

test('however many colours one sequence asks for, no more are told than there are', async () => {
  const { replies } = await answersTo(`\x1b]4${';7;?'.repeat(1_000)}\x07`);
  expect(replies.match(/rgb:/g)).toHaveLength(256);
});

test('DECRQSS answers hold none of the bytes that were sent', async () => {
  const { replies } = await answersTo('\x1bP$q\nevil; touch x\n\x1b\\');
  expect(replies).toBe('\x1bP0$r\x1b\\');
});

test('title, bell and status are heard, as plain text', async () => {
  const message = Buffer.from('may I?\x1b[31m').toString('base64');
  const heard = await answersTo(
    `\x1b]0;a\u202eb\x07\x07\x1b]7501;state=blocked:app=claude-code:kind=permission:msg=${message}\x07`,
  );
  expect(heard).toEqual({
    replies: '',
    titles: ['a\ufffdb'],
    bells: 1,
    statuses: [{ state: 'blocked', app: 'claude-code', kind: 'permission', message: 'may I?\ufffd[31m' }],
  });
});

test.each([
  ['state=idle', { state: 'idle', app: '', kind: null, message: null }],
  ['state=working;app=x', { state: 'working', app: 'x', kind: null, message: null }],
  ['state=done:msg=', { state: 'done', app: '', kind: null, message: null }],
  ['state=error:msg=bm8=', { state: 'error', app: '', kind: null, message: 'no' }],
  ['state=asleep', null],
  ['state', null],
  ['=idle', null],
  ['', null],
])('status %j', (data, expected) => {
  expect(parseProgramStatus(data)).toEqual(expected);
});

test('what a status may hold is bounded', () => {
  const long = Buffer.from('x'.repeat(10_000)).toString('base64');
  const status = parseProgramStatus(`state=idle:app=${'y'.repeat(1_000)}:msg=${long}`);
  expect([status?.app.length, status?.message?.length]).toEqual([40, 500]);
});
