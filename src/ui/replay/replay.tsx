import { Box, Text, useInput, useWindowSize } from 'ink';
import { useSyncExternalStore } from 'react';
import { plainText } from '../../base/text.ts';
import { keyNames } from '../keymap/key-name.ts';
import { PaneSlot } from '../screen/pane-slot.tsx';
import { colours } from '../theme.ts';
import { actionOfKey, leaveKeys } from './player-keys.ts';
import type { ReplayModel } from './replay-model.ts';

const hint = ' Space pause  ←→ 5 s  ↑↓ 30 s  , . step  +- speed  0-9 jump  q leave';

/** The recording at its own size, cut where the terminal is smaller, and a line that says where it stands. */
export function Replay({ model, onLeave }: { model: ReplayModel; onLeave: () => void }) {
  const status = useSyncExternalStore(model.subscribe, () => model.status);
  const { columns } = useWindowSize();
  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      if (leaveKeys.includes(name)) onLeave();
      const action = actionOfKey(name, model.player, model.recording);
      if (action) model.act(action);
    }
  });
  return (
    <Box flexDirection="column" width={columns} flexGrow={1}>
      <PaneSlot id="replay" source={model.source} isFitted={false} />
      <Box width={columns} height={1} overflow="hidden" flexShrink={0}>
        <Box flexShrink={0}>
          <Text bold color={colours.accent}>{` ${status} `}</Text>
        </Box>
        <Box flexShrink={1} minWidth={0}>
          <Text wrap="truncate">
            {` ${plainText(model.recording.title)} `}
            <Text color={colours.quiet}>{hint}</Text>
          </Text>
        </Box>
      </Box>
    </Box>
  );
}
