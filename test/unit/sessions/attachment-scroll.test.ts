import { expect, test } from 'vitest';
import { frameKind } from '../../../src/protocol/frames.ts';
import { LateScreens } from '../../../src/sessions/client/late-screens.ts';
import { SessionAttachment } from '../../../src/sessions/client/session-attachment.ts';
import { screenFactory } from '../../../src/sessions/screen/screen-factory.ts';

test('lines that leave the top are counted while somebody listens, over snapshots too', async () => {
  const hands = { input() {}, resize() {}, leave() {}, pause: () => ({ dispose() {} }) };
  const attachment = new SessionAttachment('ada', new LateScreens(screenFactory), hands);
  const receive = (kind: number, text: string) => attachment.receive(kind, Buffer.from(text));
  attachment.resized(10, 3);
  receive(frameKind.snapshot, 'a\r\nb\r\nc');
  await attachment.ready;
  const heard: (1 | null)[] = [];
  const listening = attachment.onScroll((lines) => heard.push(lines));
  receive(frameKind.output, '\r\nd\r\ne');
  expect(heard).toEqual([1, 1]);
  // What came between is not known: the screen is drawn anew.
  receive(frameKind.snapshot, 'x\r\ny\r\nz');
  receive(frameKind.output, '\r\nlast');
  expect(heard).toEqual([1, 1, null, 1]);
  listening.dispose();
  receive(frameKind.output, '\r\nunheard');
  expect(heard).toHaveLength(4);
  attachment.dispose();
});
