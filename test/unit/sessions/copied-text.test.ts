import { expect, test } from 'vitest';
import { frameKind } from '../../../src/protocol/frames.ts';
import { LateScreens } from '../../../src/sessions/client/late-screens.ts';
import { SessionAttachment } from '../../../src/sessions/client/session-attachment.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { screenFactory } from '../../../src/sessions/screen/screen-factory.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function heardOf(...pieces: string[]): Promise<string[]> {
  const emulator = new Emulator(20, 4, { isEager: true });
  const heard: string[] = [];
  emulator.onCopy((text) => heard.push(text));
  for (const piece of pieces) await new Promise<void>((resolve) => emulator.write(piece, resolve));
  emulator.dispose();
  return heard;
}

test.each([
  { data: `c;${base64('häß 表🙂\n\tb\r\n')}`, text: 'häß 表🙂\n\tb\r\n' },
  { data: `;${base64('a')}`, text: 'a' },
  { data: `ps0;${base64('a')}`, text: 'a' },
  { data: `c;${base64('rm\x1b[201~\x07\x9b x\x7f\0')}`, text: 'rm[201~ x' },
])('a text is told without what would act where it is pasted: $data', async ({ data, text }) => {
  expect(await heardOf(`a\x1b]52;${data}\x07b`)).toEqual([text]);
  expect(await heardOf(`a\x1b]52;${data.slice(0, 4)}`, `${data.slice(4)}\x1b`, '\\b')).toEqual([text]);
});

test.each(['c;?', 'c;', 'c', '', 'x;YQ==', 'c;Y Q==', 'c;YQ==;YQ==', `c;${base64('\x1b\x07')}`])(
  'nothing is told of %j',
  async (data) => {
    expect(await heardOf(`\x1b]52;${data}\x07`)).toEqual([]);
  },
);

test('a text may be as long as a string that is kept whole; of a longer one nothing is told', async () => {
  const told = await heardOf(`\x1b]52;c;${base64('x'.repeat(195_000))}\x07`);
  expect(told.map(({ length }) => length)).toEqual([195_000]);
  expect(await heardOf(`\x1b]52;c;${base64('x'.repeat(200_000))}\x07`)).toEqual([]);
});

test('an attachment tells it also after a new picture of the screen', async () => {
  const hands = { input() {}, resize() {}, leave() {}, pause: () => ({ dispose() {} }) };
  const attachment = new SessionAttachment('ada', new LateScreens(screenFactory), hands);
  const heard: string[] = [];
  attachment.onCopy((text) => heard.push(text));
  for (const text of ['one', 'two']) {
    attachment.receive(frameKind.snapshot, Buffer.from('screen'));
    attachment.receive(frameKind.output, Buffer.from(`\x1b]52;c;${base64(text)}\x07`));
    await attachment.ready;
  }
  attachment.dispose();
  expect(heard).toEqual(['one', 'two']);
});
