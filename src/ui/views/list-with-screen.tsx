import { Box, Text } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import type { ViewProps } from '../app/view.ts';
import { cutText, widthOf } from '../kit/fit-text.ts';
import { ListView } from '../kit/list-view.tsx';
import { PaneSlot } from '../screen/pane-slot.tsx';
import { colours } from '../theme.ts';

/** Rows of the list, with its title; the screen gets the rest. */
const listRowsMax = 12;

/** A list, and below it the live screen of what is selected, which follows the room that there is. */
export function ListWithScreen({ view, cols, rows, screens }: ViewProps) {
  const { model } = useModel();
  useSyncExternalStore(screens.subscribe, () => screens.version);
  const session = model.current?.session ?? null;
  const id = session?.id ?? null;
  useEffect(() => screens.show(id === null ? [] : [id]), [screens, id]);
  if (session === null) return <ListView view={view} cols={cols} rows={rows} />;
  const listRows = Math.min(listRowsMax, (model.listing?.lines.length ?? 0) + 2, Math.floor(rows / 2));
  const who = plainText(session.labels.worker ?? session.id);
  const title = cutText(`── ${who}: ${plainText(session.status.reason || session.status.state)} `, cols);
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <ListView view={view} cols={cols} rows={listRows} />
      <Text color={colours.quiet}>{title + '─'.repeat(cols - widthOf(title))}</Text>
      <PaneSlot id={session.id} source={screens.get(session.id)} width={cols} height={rows - listRows - 1}>
        <Text color={colours.quiet}> …</Text>
      </PaneSlot>
    </Box>
  );
}
