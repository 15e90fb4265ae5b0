import { Box, Text } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { plainText } from '../../base/text.ts';
import type { SessionView } from '../../domain/session.ts';
import { isShell } from '../../domain/shell.ts';
import { stateWord } from '../../domain/state-word.ts';
import type { SessionScreens } from '../app/session-screens.ts';
import { useModel } from '../app/use-model.ts';
import type { CopyModes } from '../copy/copy-modes.ts';
import { PaneSlot } from '../screen/pane-slot.tsx';
import { ReaderLine } from './reader-line.tsx';

interface Props {
  session: SessionView;
  cols: number;
  rows: number;
  screens: SessionScreens;
  copy: CopyModes;
  leader: string;
}

/** One pane alone, below a line that says which, and what keys do. */
export function ReaderPane({ session, cols, rows, screens, copy, leader }: Props) {
  const { model, state } = useModel();
  useSyncExternalStore(screens.subscribe, () => screens.version);
  useEffect(() => screens.show([session.id]), [screens, session.id]);
  const pane = copy.get(session.id);
  const { status, labels } = session;
  const title = model.itemOf(session)?.task.title ?? session.title;
  const which = `${isShell(session) ? 'shell, ' : ''}${title}, ${labels.worker ?? ''} ${stateWord(status, Date.now())}`;
  const keys = pane ? pane.title : state.isTyping ? `${leader} comes back` : 'enter types into it, escape goes back';
  const said = state.message ? `${state.message.text} ` : '';
  const head = `${said}${state.isTyping ? 'typing: ' : `pane ${model.panes.indexOf(session) + 1}: `}${which}; ${keys}`;
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <ReaderLine text={plainText(head)} cols={cols} />
      <PaneSlot id={session.id} source={pane?.isReady ? pane : screens.get(session.id)} width={cols} height={rows - 1}>
        <Text>It shows nothing yet.</Text>
      </PaneSlot>
    </Box>
  );
}
