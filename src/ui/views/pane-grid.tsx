import { Box, Text } from 'ink';
import { type ComponentProps, memo, useEffect, useSyncExternalStore } from 'react';
import type { Message } from '../../domain/message.ts';
import type { SessionView } from '../../domain/session.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import { paneCapacity, visiblePanes } from '../app/pane-layout.ts';
import type { SessionScreens } from '../app/session-screens.ts';
import { type PanePlace, splitPanes } from '../app/split-panes.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { CopyModes } from '../copy/copy-modes.ts';
import type { CopyPane } from '../copy/copy-pane.ts';
import { actOn } from '../keymap/act-on.ts';
import { DrawnRows } from '../kit/drawn-rows.tsx';
import { KeyedText } from '../kit/keyed-text.tsx';
import { VerticalLine } from '../kit/vertical-line.tsx';
import type { PaneSource } from '../screen/pane-registry.ts';
import { PaneArea, PlacedPane } from '../screen/pane-slot.tsx';
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

/** The panes, in the layout that was chosen; or the selected one alone, when it is zoomed. */
export function PaneGrid({ cols, rows, screens, copy }: Props) {
  const { model, state } = useModel();
  useSyncExternalStore(screens.subscribe, () => screens.version);
  const now = useNow(ageMs, model.panes.length > 0);
  const { layout, pinned } = state.arrangement;
  const shown = state.isZoomed
    ? model.panes.filter((pane) => pane.id === state.pane)
    : visiblePanes(model.panes, state.pane, pinned, paneCapacity(cols, rows, layout));
  const ids = shown.map((pane) => pane.id).join(' ');
  useEffect(() => screens.show(ids === '' ? [] : ids.split(' ')), [screens, ids]);
  if (shown.length === 0) return <Empty cols={cols} rows={rows} />;

  // No box for each: those of fifty panes took a tenth of the time to the first frame.
  return (
    <PaneArea width={cols} height={rows}>
      {splitPanes(layout, shown, cols, rows).map(({ pane, ...place }) => {
        const copied = copy.get(pane.id);
        return (
          <PaneView
            key={pane.id}
            model={model}
            session={pane}
            number={model.panes.indexOf(pane) + 1}
            {...place}
            now={now}
            source={copied?.isReady ? copied : screens.get(pane.id)}
            {...shownOf(model, pane, copied)}
          />
        );
      })}
    </PaneArea>
  );
}

type PaneViewProps = Omit<ComponentProps<typeof PaneTitle>, 'onClick' | 'at'> &
  Omit<PanePlace<SessionView>, 'pane'> & {
    model: DashboardModel;
    source: PaneSource | null;
  };

/** Drawn again when something of this pane is new: a key that moves the selection draws two of many. */
const PaneView = memo(function PaneView({ model, x, y, rows, hasLine, source, ...title }: PaneViewProps) {
  const { session, cols } = title;
  const why = session.isLost ? ' lost with its session host: p goes on, in the same worktree' : ' …';
  const body = { x, y: y + 1 };
  return (
    <>
      <PaneTitle {...title} at={{ x, y }} onClick={() => actOn.clickTitle(model, session.id)} />
      {source === null ? (
        <DrawnRows
          rows={[{ of: [why], pieces: () => [{ text: why, color: colours.quiet }] }]}
          cols={cols}
          height={rows - 1}
          at={body}
        />
      ) : (
        <PlacedPane id={session.id} source={source} place={{ ...body, width: cols, height: rows - 1 }} />
      )}
      {hasLine && <VerticalLine rows={rows} at={{ x: x + cols, y }} />}
    </>
  );
});

/** What a pane shows of what the dashboard knows: the same objects as long as nothing of it is new. */
function shownOf(model: DashboardModel, session: SessionView, copy: CopyPane | null) {
  const { state } = model;
  const isSelected = session.id === state.pane && (state.zone === 'panes' || state.isTyping);
  const view = model.viewOf(session.labels.project) ?? state.view;
  const { run } = session.labels;
  return {
    item: model.itemOf(session),
    project: state.projects && view ? view.project.name : null,
    cost: (run && view?.costs.runs[run]) || null,
    name: state.names[session.id] ?? '',
    isSelected,
    isPinned: state.arrangement.pinned.includes(session.id),
    isTyping: isSelected && state.isTyping,
    copy: copy?.title ?? null,
    gates: view?.gates[run ?? ''] ?? none,
    messages: view === null ? none : (messagesOf(view.messages).get(session.id) ?? none),
  };
}

const none: never[] = [];
const bySession = new WeakMap<readonly Message[], Map<string, Message[]>>();

function messagesOf(messages: readonly Message[]): Map<string, Message[]> {
  const known = bySession.get(messages) ?? Map.groupBy(messages, ({ session }) => session);
  bySession.set(messages, known);
  return known;
}

function Empty({ cols, rows }: { cols: number; rows: number }) {
  const { state } = useModel();
  const isNew = state.view !== null && state.view.tasks.length === 0;
  const first = isNew ? '{task.new} makes a task' : 'Select a task';
  const workers = state.view?.workers ?? [];
  const hasNoAgent = workers.length > 0 && workers.every(({ problem }) => problem !== null);
  return (
    <Box width={cols} height={rows} flexDirection="column" alignItems="center" justifyContent="center">
      <Text bold>No agent is at work.</Text>
      <KeyedText text={`${first}; {run.dispatch} gives it to a worker.`} />
      <KeyedText text="{tour} is a tour in five steps." />
      {hasNoAgent && (
        <Text color={colours.attention}>
          No worker finds its program: install it,{'\n'}or name another in .forge/config.yaml.
        </Text>
      )}
    </Box>
  );
}
