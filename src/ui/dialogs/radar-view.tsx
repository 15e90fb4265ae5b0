import { Box, Text, useInput } from 'ink';
import { useState } from 'react';
import { type RadarLine, radarLines } from '../../domain/overlap-words.ts';
import { useModel } from '../app/use-model.ts';
import { wrapHanging } from '../kit/wrap-text.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

const tones: Record<RadarLine['tone'], string | undefined> = {
  heading: colours.accent,
  conflict: colours.attention,
  clean: colours.good,
  plain: undefined,
};

/** Before what goes on from the line above. */
const indentCols = 5;

/** Where live runs touch the same files, and in which order to merge them. It follows what the agents do. */
export function RadarView({ screen }: { screen: { cols: number; rows: number } }) {
  const { model, state } = useModel();
  const [top, setTop] = useState(0);
  const all = state.view?.radar ? radarLines(state.view.radar) : [];
  const nothing: RadarLine = { text: 'No two live runs touch the same file.', tone: 'plain' };
  const cols = Math.min(110, screen.cols);
  const lines = (all.length > 0 ? all : [nothing])
    .flatMap(({ text, tone }) => wrapHanging(text, cols - 4, indentCols).map((part) => ({ text: part, tone })))
    .map((line, index) => ({ ...line, key: `line${index}` }));
  const rows = Math.min(Math.max(lines.length + 5, 8), screen.rows - 2);
  const page = Math.max(1, rows - 5);
  const last = Math.max(0, lines.length - page);
  const shown = Math.min(top, last);

  useInput((input, key) => {
    if (key.downArrow || input === 'j') setTop(Math.min(last, shown + 1));
    else if (key.upArrow || input === 'k') setTop(Math.max(0, shown - 1));
    else if (key.pageDown || input === ' ') setTop(Math.min(last, shown + page));
    else if (key.pageUp) setTop(Math.max(0, shown - page));
    else model.set({ dialog: null });
  });

  return (
    <DialogFrame
      title="Who touches what"
      keys={`≠ conflict · ≈ merges cleanly · numbers are lines${last > 0 ? ' · ↑↓ more' : ''} · esc back`}
      screen={screen}
      cols={cols}
      rows={rows}
    >
      {lines.slice(shown, shown + page).map(({ key, text, tone }) => (
        <Box key={key} height={1} overflow="hidden">
          <Text wrap="truncate" bold={tone === 'heading'} color={tones[tone]}>
            {text || ' '}
          </Text>
        </Box>
      ))}
    </DialogFrame>
  );
}
