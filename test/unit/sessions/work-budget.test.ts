import { expect, test } from 'vitest';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { ParseLine, ParseQueue } from '../../../src/sessions/screen/parse-queue.ts';
import { textPerGo } from '../../../src/sessions/screen/work-budget.ts';

const esc = '\x1b';

/** What each sequence of this kind is asked to do by then: its number, as the emulator reads it. */
function counts(emulator: Emulator, final: string): number[] {
  const heard: number[] = [];
  const inner = (emulator.terminal as unknown as { _core: { _inputHandler: { _parser: unknown } } })._core
    ._inputHandler;
  const { _csiHandlers: handlers } = inner._parser as { _csiHandlers: Record<number, unknown[]> };
  // The first handler is the emulator's own and is asked last.
  handlers[final.charCodeAt(0)]?.splice(0, 1, ({ params }: { params: Int32Array }) => {
    heard.push(params[0] ?? 0);
    return true;
  });
  return heard;
}

function fed(emulator: Emulator, bytes: string): Promise<void> {
  return new Promise((resolve) => emulator.write(bytes, resolve));
}

test.each([
  ...['@', 'P', 'X', 'I', 'Z', 'b'].map((final) => [final, 40] as const),
  ...['L', 'M', 'S', 'T', 'E', 'F'].map((final) => [final, 10] as const),
])('CSI 9999 %s does no more than the screen has room for', async (final, most) => {
  const emulator = new Emulator(40, 10);
  const heard = counts(emulator, final);
  await fed(emulator, `x${esc}[9999${final}${esc}[3${final}${esc}[${final}`);
  expect(heard).toEqual([most, 3, 0]);
});

test.each(['S', 'L', 'J', 'b', 'h'])(
  'of many sequences that touch the screen (%s) a go does few; none is lost',
  async (final) => {
    const emulator = new Emulator(200, 60);
    const sequence = final === 'h' ? `${esc}[?1049h${esc}[?1049l` : `x${esc}[60${final}`;
    let inThisGo = 0;
    let most = 0;
    let all = 0;
    emulator.terminal.parser.registerCsiHandler({ final: 'g' }, () => {
      all += 1;
      inThisGo += 1;
      most = Math.max(most, inThisGo);
      return true;
    });
    const { _inputHandler: inner } = (emulator.terminal as unknown as { _core: { _inputHandler: { parse: unknown } } })
      ._core;
    const parse = (inner.parse as (...all: unknown[]) => unknown).bind(inner);
    inner.parse = (...parameters: unknown[]) => {
      inThisGo = 0;
      return parse(...parameters);
    };
    await fed(emulator, `${sequence}${esc}[g`.repeat(500));
    expect(all).toBe(500);
    expect(most).toBeLessThan(100);
  },
);

test('on a large screen less text is parsed in one go', () => {
  expect(textPerGo(1_000, 500)).toBeLessThan(1_000);
  expect(textPerGo(80, 24)).toBeGreaterThan(8_000);
  const sizes: number[] = [];
  const line = new ParseLine(
    new ParseQueue(),
    (bytes) => sizes.push(bytes.length),
    () => 0,
    () => 700,
  );
  line.add(new Uint8Array(2_000), () => {});
  line.go();
  line.go();
  line.go();
  expect(sizes).toEqual([700, 700, 600]);
});

test('a go that is paused is given the same bytes again, and what waits comes after it', async () => {
  const parsed: string[] = [];
  let pauses = 2;
  const line = new ParseLine(new ParseQueue(), (bytes) => {
    parsed.push(Buffer.from(bytes).toString());
    return pauses-- <= 0;
  });
  const order: number[] = [];
  line.add(Buffer.from('one'), () => order.push(1));
  line.add(Buffer.from('two'), () => order.push(2));
  for (let go = 0; go < 4; go++) line.go();
  expect(parsed).toEqual(['one', 'one', 'one', 'two']);
  expect(order).toEqual([1, 2]);
});

test('an eager emulator that pauses goes on by itself', async () => {
  const emulator = new Emulator(200, 60, { isEager: true });
  await fed(emulator, `${`${esc}[60S`.repeat(300)}end`);
  expect(emulator.text().trim()).toBe('end');
});

test('however many links a program makes, no line of the history is watched for them', async () => {
  const emulator = new Emulator(20, 5, { isEager: true });
  for (let at = 0; at < 3_000; at++) emulator.write(`${esc}]8;id=${at};http://a/${at}\x07x${esc}]8;;\x07\r\n`);
  await fed(emulator, `${esc}]8;;http://a/${'x'.repeat(5_000)}\x07long`);
  const { normal } = emulator.terminal.buffer as unknown as { normal: { _buffer: { markers: unknown[] } } };
  expect(normal._buffer.markers).toHaveLength(0);
  expect(emulator.text()).toContain('long');
});
