import { Box, Text, useInput } from 'ink';
import { useState } from 'react';
import { useModel } from '../app/use-model.ts';
import type { Action } from '../keymap/actions.ts';
import { useKeymap } from '../keymap/use-keymap.ts';
import { wrapText } from '../kit/wrap-text.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

const keyCols = 16;

const groups: { group: Action['group']; title: string }[] = [
  { group: 'move', title: 'Moving' },
  { group: 'views', title: 'Views' },
  { group: 'tasks', title: 'Tasks' },
  { group: 'runs', title: 'Runs' },
  { group: 'panes', title: 'Panes' },
  { group: 'forge', title: 'Forge' },
];

/** Every key, with the reason beside what cannot be done now. */
export function Help({ screen, leader }: { screen: { cols: number; rows: number }; leader: string }) {
  const { model } = useModel();
  const { actions, review, copy } = useKeymap();
  const [top, setTop] = useState(0);
  const cols = Math.min(100, screen.cols);
  const entries = groups.flatMap(({ group, title }) => [
    { key: group, keys: title, title: '', why: null as string | null, isHeading: true },
    ...actions
      .filter((action) => action.group === group)
      .map((action) => ({
        key: action.id,
        keys: action.keys.join(' ').replace('leader', leader),
        title: action.title,
        why: action.unavailable?.(model) ?? null,
        isHeading: false,
      })),
  ]);
  for (const [mode, keysOfMode] of [['Review', review] as const, ['Copy mode', copy] as const])
    entries.push(
      { key: mode, keys: mode, title: '', why: null, isHeading: true },
      ...keysOfMode.map(({ id, keys, title }) => ({
        key: `${mode}.${id}`,
        keys: keys.map((name) => (name === ' ' ? 'space' : name)).join(' '),
        title,
        why: null,
        isHeading: false,
      })),
    );
  const lines = entries.flatMap(({ title, why, ...entry }) =>
    wrapText(why === null ? title : `${title} (${why})`, cols - keyCols - 4).map((text, row) => ({
      ...{ ...entry, text, isUsable: why === null },
      ...(row > 0 && { key: `${entry.key}${row}`, keys: '' }),
    })),
  );
  const rows = Math.min(lines.length + 5, screen.rows - 2);
  const page = rows - 5;
  const last = Math.max(0, lines.length - page);

  useInput((input, key) => {
    if (key.downArrow || input === 'j') setTop(Math.min(last, top + 1));
    else if (key.upArrow || input === 'k') setTop(Math.max(0, top - 1));
    else if (key.pageDown || input === ' ') setTop(Math.min(last, top + page));
    else if (key.pageUp) setTop(Math.max(0, top - page));
    else model.set({ dialog: null });
  });

  return (
    <DialogFrame
      title="Keys"
      keys={last > 0 ? '↑↓ more · esc back' : 'esc back'}
      screen={screen}
      cols={cols}
      rows={rows}
    >
      {lines.slice(top, top + page).map((line) => (
        <Box key={line.key} height={1} overflow="hidden">
          <Box width={keyCols} flexShrink={0}>
            <Text bold color={line.isHeading ? undefined : colours.accent}>
              {line.isHeading ? line.keys : ` ${line.keys}`}
            </Text>
          </Box>
          <Text wrap="truncate" color={line.isUsable ? undefined : colours.quiet}>
            {line.text}
          </Text>
        </Box>
      ))}
    </DialogFrame>
  );
}
