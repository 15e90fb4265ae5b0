import { Box, Text } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import type { SessionView } from '../../domain/session.ts';
import { arrangeGrid, paneCapacity, windowStart } from '../app/pane-layout.ts';
import type { SessionScreens } from '../app/session-screens.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { CopyModes } from '../copy/copy-modes.ts';
import type { CopyPane } from '../copy/copy-pane.ts';
import { actOn } from '../keymap/act-on.ts';
import { useKeyWords } from '../keymap/use-keymap.ts';
import { PaneSlot } from '../screen/pane-slot.tsx';
import { colours } from '../theme.ts';
import { PaneTitle } from './pane-title.tsx';

/** Ages in the titles are renewed this often, in ms: each time the whole chrome is drawn. */
const ageMs = 5_000;

interface Props {
  cols: number;
  rows: number;
  screens: SessionScreens;
  copy: CopyModes;
}

/** The panes in a grid that arranges itself; or the selected one alone, when it is zoomed. */
export function PaneGrid({ cols, rows, screens, copy }: Props) {
  const { model, state } = useModel();
  useSyncExternalStore(screens.subscribe, () => screens.version);
  const now = useNow(ageMs, model.panes.length > 0);
  const shown = state.isZoomed
    ? model.panes.filter((pane) => pane.id === state.pane)
    : visiblePanes(model.panes, state.pane, cols, rows);
  const ids = shown.map((pane) => pane.id).join(' ');
  useEffect(() => screens.show(ids === '' ? [] : ids.split(' ')), [screens, ids]);
  if (shown.length === 0) return <Empty cols={cols} rows={rows} />;

  const grid = arrangeGrid(shown.length, cols, rows);
  const lines = Array.from({ length: grid.rows }, (_, line) =>
    shown.slice(line * grid.columns, (line + 1) * grid.columns),
  );
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      {lines.map((line, index) => {
        const height = share(rows, grid.rows, index);
        return (
          <Box key={line[0]?.id} width={cols} height={height}>
            {line.map((session, column) => {
              const isLast = column === line.length - 1;
              const width = isLast ? cols - offset(cols, grid.columns, column) : share(cols, grid.columns, column);
              return (
                <Box key={session.id} width={width} height={height}>
                  <PaneView
                    session={session}
                    number={model.panes.indexOf(session) + 1}
                    cols={isLast ? width : width - 1}
                    rows={height}
                    now={now}
                    screens={screens}
                    copy={copy.get(session.id)}
                  />
                  {!isLast && <Text color={colours.quiet}>{'│\n'.repeat(height)}</Text>}
                </Box>
              );
            })}
          </Box>
        );
      })}
    </Box>
  );
}

interface PaneViewProps {
  session: SessionView;
  number: number;
  cols: number;
  rows: number;
  now: number;
  screens: SessionScreens;
  copy: CopyPane | null;
}

function PaneView({ session, number, cols, rows, now, screens, copy }: PaneViewProps) {
  const { model, state } = useModel();
  const isSelected = session.id === state.pane && (state.zone === 'panes' || state.isTyping);
  const attachment = screens.get(session.id);
  const view = model.viewOf(session.labels.project) ?? state.view;
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <PaneTitle
        session={session}
        item={model.itemOf(session)}
        project={state.projects && view ? view.project.name : null}
        cost={(session.labels.run && view?.costs.runs[session.labels.run]) || null}
        number={number}
        cols={cols}
        now={now}
        isSelected={isSelected}
        isTyping={isSelected && state.isTyping}
        onClick={() => actOn.clickTitle(model, session.id)}
        copy={copy?.title ?? null}
        gates={view?.gates[session.labels.run ?? ''] ?? []}
        messages={(view?.messages ?? []).filter((message) => message.session === session.id)}
      />
      <PaneSlot id={session.id} source={copy?.isReady ? copy : attachment} width={cols} height={rows - 1}>
        <Text color={colours.quiet} wrap="truncate">
          {session.isLost ? ' lost with its session host: p goes on, in the same worktree' : ' …'}
        </Text>
      </PaneSlot>
    </Box>
  );
}

function Empty({ cols, rows }: { cols: number; rows: number }) {
  const { state } = useModel();
  const withKeys = useKeyWords();
  const isNew = state.view !== null && state.view.tasks.length === 0;
  const first = isNew ? '{task.new} makes a task' : 'Select a task';
  return (
    <Box width={cols} height={rows} flexDirection="column" alignItems="center" justifyContent="center">
      <Text bold>No agent is at work.</Text>
      <Text color={colours.quiet}>{withKeys(`${first}; {run.dispatch} gives it to a worker.`)}</Text>
      <Text color={colours.quiet}>{withKeys('{tour} is a tour in five steps.')}</Text>
    </Box>
  );
}

/** As many panes as fit, with the selected one among them. */
function visiblePanes(
  panes: readonly SessionView[],
  selected: string | null,
  cols: number,
  rows: number,
): SessionView[] {
  const capacity = paneCapacity(cols, rows);
  const cursor = Math.max(
    0,
    panes.findIndex((pane) => pane.id === selected),
  );
  const start = windowStart(panes.length, cursor, capacity);
  return panes.slice(start, start + capacity);
}

/** Where part `index` of `count` begins when `total` cells are shared out. */
function offset(total: number, count: number, index: number): number {
  return Math.floor((total * index) / count);
}

function share(total: number, count: number, index: number): number {
  return offset(total, count, index + 1) - offset(total, count, index);
}
