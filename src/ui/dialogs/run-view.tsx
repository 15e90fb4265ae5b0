import { Box, Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../app/operations.ts';
import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import { costText } from '../../domain/cost.ts';
import { runWord } from '../../domain/run-word.ts';
import { type TimelineRow, timelineOf } from '../../domain/timeline.ts';
import { useModel } from '../app/use-model.ts';
import { wrapHanging } from '../kit/wrap-text.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

interface Line {
  key: string;
  text: string;
  colour?: string | undefined;
  isBold?: boolean;
}

/** Wider, lines are hard to follow; lower, the dialog would jump when what it shows has been read. */
const colsMax = 140;
const rowsMin = 16;

/** Before what goes on from the line above. */
const indentCols = 4;

/** What a run did: its state, its history and the files. */
export function RunView({ screen, run }: { screen: { cols: number; rows: number }; run: string }) {
  const { model } = useModel();
  const [lines, setLines] = useState<Line[]>([{ key: 'wait', text: 'reading…' }]);
  const [top, setTop] = useState(0);
  const cols = Math.min(colsMax, screen.cols);
  const rows = Math.min(Math.max(lines.length + 5, rowsMin), screen.rows - 2);
  const page = Math.max(1, rows - 5);
  const last = Math.max(0, lines.length - page);

  useEffect(() => {
    let isShown = true;
    const read = async () => {
      const shown = await model.ask((client) => client.call('run.show', { run }));
      const session = model.state.view?.sessions.find(({ id }) => id === shown?.session) ?? null;
      if (isShown && shown) setLines(wrapped(runLines(shown, runWord(shown, session)), cols - 4));
      else if (isShown) setLines([{ key: 'failed', text: model.state.message?.text ?? 'It could not be read.' }]);
    };
    void read();
    return () => {
      isShown = false;
    };
  }, [model, run, cols]);

  useInput((input, key) => {
    if (key.escape || input === 'q' || input === 'I') model.set({ dialog: null });
    else if (input === 'v') model.set({ dialog: null, review: run });
    else if (key.downArrow || input === 'j') setTop(Math.min(last, top + 1));
    else if (key.upArrow || input === 'k') setTop(Math.max(0, top - 1));
    else if (key.pageDown || input === ' ') setTop(Math.min(last, top + page));
    else if (key.pageUp || input === 'b') setTop(Math.max(0, top - page));
    else if (key.home || input === 'g') setTop(0);
    else if (key.end || input === 'G') setTop(last);
  });

  const position = last > 0 ? ` · ${Math.round((Math.min(top, last) / last) * 100)} %` : '';
  return (
    <DialogFrame
      title={`Run ${run}`}
      keys={`↑↓ space scroll · v review the diff · esc back${position}`}
      screen={screen}
      cols={cols}
      rows={rows}
    >
      {lines.slice(top, top + page).map((line) => (
        <Box key={line.key} height={1} overflow="hidden">
          <Text wrap="truncate" color={line.colour} bold={line.isBold ?? false}>
            {line.text || ' '}
          </Text>
        </Box>
      ))}
    </DialogFrame>
  );
}

/** Paths and reasons are longer than a small screen is wide, and are to be read to their end. */
function wrapped(lines: readonly Line[], cols: number): Line[] {
  return lines.flatMap((line) =>
    wrapHanging(line.text, cols, indentCols).map((text, row) => ({ ...line, key: `${line.key}.${row}`, text })),
  );
}

function runLines(run: OutputOf<'run.show'>, word: string): Line[] {
  const took = run.startedAt === null ? '' : `, ${age((run.endedAt ?? Date.now()) - run.startedAt)}`;
  const history = timelineOf(run.events, Date.now()).map((row, index) => ({
    key: `event${index}`,
    text: timelineText(row),
    colour: row.status === '' ? colours.quiet : undefined,
  }));
  const files = run.files.map((file, index) => ({
    key: `file${index}`,
    text: `  ${file.added < 0 ? 'binary' : `+${file.added} -${file.removed}`}  ${plainText(file.path)}`,
  }));
  return [
    { key: 'status', text: `${word}${took}: ${run.worker} (${run.agent}) on ${run.task}`, isBold: true },
    ...(run.reason ? [{ key: 'reason', text: run.reason, colour: colours.attention }] : []),
    ...(run.cost ? [{ key: 'cost', text: `cost ${costText(run.cost)}` }] : []),
    { key: 'where', text: `${run.branch ?? 'no branch'}  ${run.worktree ?? ''}`, colour: colours.quiet },
    ...(run.base ? [{ key: 'against', text: againstText(run.base, run.aim), colour: colours.quiet }] : []),
    { key: 'h', text: '' },
    { key: 'history', text: 'History', isBold: true },
    ...history,
    { key: 'f', text: '' },
    { key: 'files', text: `Files: ${run.filesChanged} changed, +${run.linesAdded} -${run.linesRemoved}`, isBold: true },
    ...files,
  ];
}

/** When, what it became and for how long, what happened, who brought it about, and why. */
function timelineText({ at, status, lasted, type, actor, reason }: TimelineRow): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  const why = reason ? `: ${plainText(reason)}` : '';
  return `  ${time}  ${status.padEnd(10)} ${lasted.padStart(4)}  ${type} (${plainText(actor)})${why}`;
}

/** What the diff is made against. */
function againstText(base: string, aim: string | null): string {
  const commit = base.slice(0, 12);
  return `against ${commit}${aim ? `, where it left ${aim}` : ''}`;
}
