import { expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import type { Recording } from '../../../src/sessions/transcript/recording.ts';
import { RecordingScreen } from '../../../src/sessions/transcript/recording-screen.ts';
import { parseHeader } from '../../../src/sessions/transcript/segment.ts';
import { seededRandom } from '../../support/random.ts';

const header = parseHeader('{"version":2,"width":40,"height":6,"title":"a recording"}')!;

/** Colours, other sizes, a full-screen program and enough output for a few kept screens. */
function recording(): Recording {
  const events: Recording['events'] = [{ at: 0, kind: 'screen', text: '', cols: 40, rows: 6, isContinued: false }];
  for (let i = 0; i < 400; i++) {
    const at = i / 10;
    if (i % 50 === 7) events.push({ at, kind: 'resize', cols: 30 + (i % 40), rows: 5 + (i % 7) });
    if (i % 60 === 20) events.push({ at, kind: 'output', text: '\x1b[?1049h\x1b[H' });
    if (i % 60 === 40) events.push({ at, kind: 'output', text: '\x1b[?1049l' });
    // Half of a sequence, whose end comes with the next.
    events.push({ at, kind: 'output', text: `7mline ${i}\x1b[m ${'x'.repeat(3_000)}\r\n\x1b[3` });
  }
  events.push({ at: 60, kind: 'output', text: '1mend' });
  return { header, events };
}

function stateOf({ screen }: RecordingScreen) {
  const { cols, rows, cursor, modes } = screen;
  const cells = new CellBuffer(cols, rows);
  screen.blit(cells, 0, 0, cols, rows);
  return { ...cells, cols, rows, cursor, modes };
}

test('a moment looks the same whether it was played up to or jumped to, forth and back', async () => {
  const random = seededRandom(7);
  const jumping = new RecordingScreen(recording());
  await jumping.show(60);
  for (let i = 0; i < 25; i++) {
    const at = Math.floor(random() * 610) / 10;
    await jumping.show(at);
    const straight = new RecordingScreen(recording());
    await straight.show(at);
    expect(stateOf(jumping), `at ${at}`).toEqual(stateOf(straight));
    straight.dispose();
  }
  jumping.dispose();
});

test('of many wishes the newest is shown', async () => {
  const screen = new RecordingScreen(recording());
  void screen.show(60);
  void screen.show(3);
  void screen.show(40);
  await screen.show(1);
  // One that is shown already, and another in the same turn.
  void screen.show(1);
  await screen.show(2);
  const straight = new RecordingScreen(recording());
  await straight.show(2);
  expect(stateOf(screen)).toEqual(stateOf(straight));
});

test('moments before and after, the length, and pauses that are cut short', () => {
  const screen = new RecordingScreen(recording());
  expect([screen.title, screen.seconds]).toEqual(['a recording', 60]);
  expect([screen.timeAfter(0), screen.timeAfter(39.9), screen.timeAfter(60)]).toEqual([0.1, 60, null]);
  expect([screen.timeBefore(0), screen.timeBefore(60)]).toEqual([null, 39.9]);
  const short = new RecordingScreen(recording(), 0.05);
  expect(short.seconds).toBeCloseTo(400 * 0.05);
});
