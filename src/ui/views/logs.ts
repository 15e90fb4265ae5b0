import { plainText } from '../../base/text.ts';
import type { LogLine } from '../app/asked.ts';
import type { Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours } from '../theme.ts';

/** Lines that are kept, the newest. */
const linesMax = 2_000;

/** What the two daemons wrote, the newest on top. */
export const logs: View = {
  id: 'logs',
  key: 'L',
  title: 'Logs',
  about: "what Forge's own daemons wrote, the newest first",
  empty: 'Nothing was written yet: {run.dispatch} on a task begins a run.',
  columns: [
    { title: 'time', cols: 14, from: 70 },
    { title: 'daemon', cols: 12, from: 100, isSorted: true },
    { title: 'what', cols: 0, grows: true },
  ],
  lines: ({ asked }) => (asked.logs ?? []).map(logLine).reverse(),
  follow(model, hands) {
    let kept: LogLine[] = [];
    return hands.followLogs((lines) => {
      kept = [...kept, ...lines].slice(-linesMax);
      model.set({ asked: { ...model.state.asked, logs: kept } });
    });
  },
  Component: ListView,
};

function logLine({ number, from, at, text }: LogLine): Line {
  return {
    key: String(number),
    task: null,
    cells: [
      { text: at === 0 ? '' : localTime(at), colour: colours.quiet },
      { text: plainText(from), colour: colours.quiet },
      { text: plainText(text), colour: /\b(uncaught|unhandled|failed|error)\b/i.test(text) ? colours.bad : undefined },
    ],
  };
}

/** `11-21 14:05:09`, on the person's clock. */
function localTime(at: number): string {
  return new Date(at).toLocaleString('sv-SE').slice('2026-'.length);
}
