import { Box, Text, useInput, useIsScreenReaderEnabled, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import type { DashboardModel } from '../app/dashboard-model.ts';
import type { SessionScreens } from '../app/session-screens.ts';
import type { Dialog } from '../app/state.ts';
import { ModelContext, useModel } from '../app/use-model.ts';
import type { CopyModes } from '../copy/copy-modes.ts';
import { BatchPicker } from '../dialogs/batch-picker.tsx';
import { Confirm } from '../dialogs/confirm.tsx';
import { DeliveryPicker } from '../dialogs/delivery-picker.tsx';
import { DependencyPicker } from '../dialogs/dependency-picker.tsx';
import { Help } from '../dialogs/help.tsx';
import { LimitForm } from '../dialogs/limit-form.tsx';
import { NameForm } from '../dialogs/name-form.tsx';
import { Palette } from '../dialogs/palette.tsx';
import { PromptForm } from '../dialogs/prompt-form.tsx';
import { RadarView } from '../dialogs/radar-view.tsx';
import { RewindPicker } from '../dialogs/rewind-picker.tsx';
import { RunView } from '../dialogs/run-view.tsx';
import { TaskForm } from '../dialogs/task-form.tsx';
import { Tour } from '../dialogs/tour.tsx';
import { WorkerPicker } from '../dialogs/worker-picker.tsx';
import { actOn } from '../keymap/act-on.ts';
import { actionFor, perform } from '../keymap/actions.ts';
import type { Keymap } from '../keymap/bind-keys.ts';
import type { Hands } from '../keymap/hands.ts';
import { keyNames } from '../keymap/key-name.ts';
import { KeymapContext } from '../keymap/use-keymap.ts';
import { FilterLine } from '../kit/filter-line.tsx';
import { VerticalLine } from '../kit/vertical-line.tsx';
import { ReaderList } from '../reader/reader-list.tsx';
import { ReaderPane } from '../reader/reader-pane.tsx';
import { ReviewBody } from '../review/review-body.tsx';
import { colours } from '../theme.ts';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { PaneGrid } from './pane-grid.tsx';
import { ProblemLine } from './problem-line.tsx';
import { Sidebar } from './sidebar.tsx';

/** Below this the parts do not fit; the smallest that terminals open with is 80 x 24. */
const sizeMin = { cols: 60, rows: 14 };

export interface DashboardProps {
  model: DashboardModel;
  screens: SessionScreens;
  copy: CopyModes;
  hands: Hands;
  /** The leader key, as in the settings. */
  leader: string;
  keymap: Keymap;
  /** One session full-screen, without the list. */
  isSingle: boolean;
}

export function Dashboard(props: DashboardProps) {
  return (
    <ModelContext.Provider value={props.model}>
      <KeymapContext.Provider value={props.keymap}>
        <Screen {...props} />
      </KeymapContext.Provider>
    </ModelContext.Provider>
  );
}

function Screen({ model, screens, copy, hands, leader: leaderKey, keymap, isSingle }: DashboardProps) {
  const leader = shownKey(leaderKey);
  const { state } = useModel();
  useSyncExternalStore(copy.subscribe, () => copy.version);
  const { columns: cols, rows } = useWindowSize();
  const isReader = useIsScreenReaderEnabled();
  useInput(
    (input, key) => {
      for (const name of keyNames(input, key))
        press(name === leaderKey ? 'leader' : name, { model, copy, hands, keymap, isSingle });
    },
    { isActive: state.dialog === null && state.review === null && !state.isFiltering },
  );
  const { showing } = state;
  useEffect(() => {
    const following = showing?.follow?.(model, hands);
    return () => following?.dispose();
  }, [showing, model, hands]);
  if (cols < sizeMin.cols || rows < sizeMin.rows) return <TooSmall cols={cols} rows={rows} />;
  const dialog = state.dialog && (
    <DialogView dialog={state.dialog} screen={{ cols, rows }} hands={hands} leader={leader} />
  );
  if (state.review !== null)
    return (
      <Box width={cols} height={rows}>
        <ReviewBody key={state.review} run={state.review} cols={cols} rows={rows} hands={hands} />
        {dialog}
      </Box>
    );
  if (isReader) {
    const pane = model.isInPanes || state.isTyping || state.isZoomed ? model.selectedPane : null;
    const isFiltering = state.isFiltering && dialog === null;
    return (
      <Box flexDirection="column" width={cols} height={rows}>
        {dialog ??
          (pane ? (
            <ReaderPane session={pane} cols={cols} rows={rows} screens={screens} copy={copy} leader={leader} />
          ) : (
            <ReaderList cols={cols} rows={rows - (isFiltering ? 1 : 0)} />
          ))}
        {isFiltering && <FilterLine cols={cols} />}
      </Box>
    );
  }
  const isZoomed = state.isZoomed && showing === null;
  const hasProblem = !isZoomed && model.problems.length > 0;
  const body = rows - (isZoomed ? 1 : 2) - (hasProblem ? 1 : 0);
  const sidebar = isZoomed ? 0 : Math.min(44, Math.max(26, Math.floor(cols * 0.26)));
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      {!isZoomed && <Header cols={cols} />}
      {showing ? (
        <showing.Component key={showing.id} view={showing} cols={cols} rows={body} screens={screens} />
      ) : (
        <Box width={cols} height={body}>
          {sidebar > 0 && (
            <>
              <Sidebar cols={sidebar - 1} rows={body} />
              <VerticalLine rows={body} />
            </>
          )}
          <PaneGrid cols={cols - sidebar} rows={body} screens={screens} copy={copy} />
        </Box>
      )}
      {hasProblem && <ProblemLine cols={cols} />}
      {state.isFiltering ? (
        <FilterLine cols={cols} />
      ) : (
        <Footer cols={cols} leader={leader} isSingle={isSingle} copy={copy} />
      )}
      {dialog}
    </Box>
  );
}

/** `ctrl+q` as people write it: Ctrl-Q. */
function shownKey(name: string): string {
  return name.replace(/(^|\+)(\w)/g, (_, before: string, letter: string) => (before ? '-' : '') + letter.toUpperCase());
}

type Pressed = Pick<DashboardProps, 'model' | 'copy' | 'hands' | 'keymap' | 'isSingle'>;

function press(name: string, { model, copy, hands, keymap, isSingle }: Pressed): void {
  const { dialog, review, isTyping, isFiltering } = model.state;
  if (dialog !== null || review !== null || isTyping || isFiltering) return;
  const { isAfterLeader } = model.state;
  // With one session alone the leader leaves, but for the keys that it goes with.
  const isLeaving = name === 'leader' || (isAfterLeader && !['[', ']'].includes(name));
  if (isSingle && isLeaving) hands.quit();
  else if (!copy.press(name)) pressAction(name, model, hands, keymap);
  if (isAfterLeader) model.set({ isAfterLeader: false });
}

function pressAction(name: string, model: DashboardModel, hands: Hands, keymap: Keymap): void {
  if (/^[1-9]$/.test(name)) {
    const { showing } = model.state;
    if (showing?.digit) {
      showing.digit(model, hands, name);
      return;
    }
    const pane = model.panes[Number(name) - 1];
    if (pane) actOn.selectPane(model, pane.id);
    else model.say(`There is no pane ${name}.`);
    return;
  }
  const action = actionFor(name, keymap.actions);
  if (!action) return;
  if (model.state.message?.tone === 'bad') model.set({ message: null });
  perform(action, model, hands);
}

interface DialogViewProps {
  dialog: Dialog;
  screen: { cols: number; rows: number };
  hands: Hands;
  leader: string;
}

function DialogView({ dialog, screen, hands, leader }: DialogViewProps) {
  switch (dialog.kind) {
    case 'task-form':
      return <TaskForm screen={screen} item={dialog.item} />;
    case 'worker-picker':
      return <WorkerPicker screen={screen} item={dialog.item} />;
    case 'limit-form':
      return <LimitForm screen={screen} />;
    case 'dependency-picker':
      return <DependencyPicker screen={screen} item={dialog.item} />;
    case 'batch-picker':
      return <BatchPicker screen={screen} item={dialog.item} />;
    case 'confirm':
      return <Confirm screen={screen} question={dialog.question} detail={dialog.detail} yes={dialog.yes} />;
    case 'run':
      return <RunView screen={screen} run={dialog.run} />;
    case 'prompt':
      return <PromptForm screen={screen} session={dialog.session} />;
    case 'name-form':
      return <NameForm screen={screen} session={dialog.session} />;
    case 'delivery-picker':
      return <DeliveryPicker screen={screen} run={dialog.run} />;
    case 'rewind-picker':
      return <RewindPicker screen={screen} run={dialog.run} />;
    case 'radar':
      return <RadarView screen={screen} />;
    case 'help':
      return <Help screen={screen} leader={leader} />;
    case 'tour':
      return <Tour screen={screen} leader={leader} />;
    case 'palette':
      return <Palette screen={screen} hands={hands} />;
  }
}

function TooSmall({ cols, rows }: { cols: number; rows: number }) {
  return (
    <Box width={cols} height={rows} flexDirection="column" overflow="hidden">
      <Text color={colours.attention} wrap="truncate">
        {`Too small: ${cols} x ${rows}`}
      </Text>
      <Text wrap="wrap">{`Forge needs ${sizeMin.cols} x ${sizeMin.rows}. Make the window larger; q leaves, the agents go on.`}</Text>
    </Box>
  );
}
