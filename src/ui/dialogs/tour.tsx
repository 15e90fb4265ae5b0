import { Box, Text, useInput } from 'ink';
import { useState } from 'react';
import { useModel } from '../app/use-model.ts';
import { useActions } from '../keymap/use-keymap.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { tourSteps } from './tour-steps.ts';

interface Props {
  screen: { cols: number; rows: number };
  leader: string;
}

/** A few steps from an empty project to accepted work, with the keys that are in force. */
export function Tour({ screen, leader }: Props) {
  const { model } = useModel();
  const actions = useActions();
  const [at, setAt] = useState(0);
  const step = tourSteps[at] ?? tourSteps[0];
  const isLast = at === tourSteps.length - 1;

  useInput((input, key) => {
    if (key.leftArrow || input === 'h') setAt(Math.max(0, at - 1));
    else if (isLast || key.escape || input === 'q') model.set({ dialog: null });
    else if (key.rightArrow || key.return || input === 'l' || input === ' ') setAt(at + 1);
  });

  return (
    <DialogFrame
      title={`${at + 1}/${tourSteps.length} ${step.title}`}
      keys={isLast ? '← back · any other key begins' : '→ next · ← back · esc leave'}
      screen={screen}
      cols={72}
      rows={14}
    >
      <Text> </Text>
      <Text>{step.text}</Text>
      <Text> </Text>
      {actions
        .filter(({ id }) => step.actions.includes(id))
        .map(({ id, keys, title }) => (
          <Box key={id} height={1} overflow="hidden">
            <Box width={12} flexShrink={0}>
              <Text bold color={colours.accent}>
                {` ${(keys[0] ?? '').replace('leader', leader)}`}
              </Text>
            </Box>
            <Text wrap="truncate">{title}</Text>
          </Box>
        ))}
    </DialogFrame>
  );
}
