import { Box, Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../app/operations.ts';
import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import { costText } from '../../domain/cost.ts';
import { type TimelineRow, timelineOf } from '../../domain/timeline.ts';
import { useModel } from '../app/use-model.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

/** How many lines of a diff are kept for the view; the rest is said, and `forge run diff` has it. */
const diffLinesMax = 20_000;

interface Line {
  key: string;
  text: string;
  colour?: string | undefined;
  isBold?: boolean;
}

/** What a run did: its state, its history, the files and the diff. */
export function RunView({ screen, run }: { screen: { cols: number; rows: number }; run: string }) {
  const { model } = useModel();
  const [lines, setLines] = useState<Line[]>([{ key: 'wait', text: 'reading…' }]);
  const [top, setTop] = useState(0);
  const cols = screen.cols - 4;
  const rows = screen.rows - 2;
  const page = Math.max(1, rows - 4);
  const last = Math.max(0, lines.length - page);

  useEffect(() => {
    let isShown = true;
    const read = async () => {
      const shown = await model.ask((client) => client.call('run.show', { run }));
      const changed = shown && (await model.ask((client) => client.call('run.diff', { run })));
      if (isShown && shown) setLines(runLines(shown, changed?.diff ?? ''));
      else if (isShown) setLines([{ key: 'failed', text: model.state.message?.text ?? 'It could not be read.' }]);
    };
    void read();
    return () => {
      isShown = false;
    };
  }, [model, run]);

  useInput((input, key) => {
    if (key.escape || input === 'q' || input === 'v') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setTop(Math.min(last, top + 1));
    else if (key.upArrow || input === 'k') setTop(Math.max(0, top - 1));
    else if (key.pageDown || input === ' ') setTop(Math.min(last, top + page));
    else if (key.pageUp || input === 'b') setTop(Math.max(0, top - page));
    else if (key.home || input === 'g') setTop(0);
    else if (key.end || input === 'G') setTop(last);
    else if (input === 'n') setTop(nextFile(lines, top, last));
  });

  const position = last > 0 ? ` · ${Math.round((Math.min(top, last) / last) * 100)} %` : '';
  return (
    <DialogFrame
      title={`Run ${run}`}
      keys={`↑↓ space scroll · n next file · esc back${position}`}
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

function runLines(run: OutputOf<'run.show'>, diff: string): Line[] {
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
    { key: 'status', text: `${run.status}${took}: ${run.worker} (${run.agent}) on ${run.task}`, isBold: true },
    ...(run.reason ? [{ key: 'reason', text: plainText(run.reason), colour: colours.attention }] : []),
    ...(run.cost ? [{ key: 'cost', text: `cost ${costText(run.cost)}` }] : []),
    { key: 'where', text: `${run.branch ?? 'no branch'}  ${run.worktree ?? ''}`, colour: colours.quiet },
    ...(run.base ? [{ key: 'against', text: againstText(run.base, run.aim), colour: colours.quiet }] : []),
    { key: 'h', text: '' },
    { key: 'history', text: 'History', isBold: true },
    ...history,
    { key: 'f', text: '' },
    { key: 'files', text: `Files: ${run.filesChanged} changed, +${run.linesAdded} -${run.linesRemoved}`, isBold: true },
    ...files,
    { key: 'd', text: '' },
    ...diffLines(diff),
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

function diffLines(diff: string): Line[] {
  const all = diff.trimEnd().split('\n');
  const kept = all.slice(0, diffLinesMax).map((text, index) => ({
    key: `diff${index}`,
    // A tab would be drawn by the terminal, not by the frame: it is shown as the spaces it stands for.
    text: plainText(text.replaceAll('\t', '    ')),
    colour: diffColour(text),
    isBold: text.startsWith('diff --git'),
  }));
  const rest = all.length - kept.length;
  return rest > 0
    ? [...kept, { key: 'rest', text: `… ${rest} more lines: forge run diff`, colour: colours.quiet }]
    : kept;
}

function diffColour(line: string): string | undefined {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('diff ') || line.startsWith('index '))
    return colours.quiet;
  if (line.startsWith('@@')) return colours.accent;
  if (line.startsWith('+')) return colours.good;
  return line.startsWith('-') ? colours.bad : undefined;
}

function nextFile(lines: readonly Line[], top: number, last: number): number {
  const next = lines.findIndex((line, index) => index > top && line.text.startsWith('diff --git'));
  return next < 0 ? top : Math.min(next, last);
}
