import { leaveScreen } from './play.ts';
import type { Recording } from './recording.ts';
import { eventLine, headerLine } from './segment.ts';

/** Lines of one asciicast v2 file that any player plays, each with its line feed. */
export function* exportLines({ header, events }: Recording): Generator<string> {
  yield headerLine({ ...header, isOwn: false });
  let { rows } = header;
  let isFirst = true;
  for (const event of events) {
    const { at } = event;
    if (event.kind === 'resize' || (event.kind === 'screen' && !event.isContinued && !isFirst)) {
      if (event.kind === 'screen') yield eventLine({ at, kind: 'output', text: leaveScreen(rows) });
      ({ rows } = event);
      yield eventLine({ at, kind: 'resize', text: `${event.cols}x${event.rows}` });
    }
    if (event.kind === 'output' || event.kind === 'marker') yield eventLine(event);
    else if (event.kind === 'screen' && (isFirst || !event.isContinued)) {
      yield eventLine({ at, kind: 'output', text: event.text });
    }
    isFirst = false;
  }
}
