import { plainText } from '../../base/text.ts';
import { priorityMost } from '../../domain/task.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import { viewAfter, views } from '../views/views.ts';
import { actOn } from './act-on.ts';
import type { Hands } from './hands.ts';
import { inList } from './in-list.ts';
import { inPanes } from './in-panes.ts';
import {
  needsDeliverable,
  needsDispatchable,
  needsEnding,
  needsForkable,
  needsLines,
  needsLiveRun,
  needsPane,
  needsPausable,
  needsReady,
  needsRun,
  needsSelectable,
  needsSnoozable,
  needsTask,
  needsView,
} from './needs.ts';
import { endedPanes, putAway } from './put-away.ts';

/** Keys as they are shown to a person; `key-name.ts` turns a key press into these names. */
export interface Action {
  id: string;
  keys: string[];
  title: string;
  group: 'move' | 'views' | 'tasks' | 'runs' | 'panes' | 'forge';
  /** What it would do now, for the palette, behind the title. */
  about?(model: DashboardModel): string | null;
  /** Shown on the last line when there is room. */
  hint?: string;
  /** Why it cannot be done now, or null. Disabled actions stay visible with this reason. */
  unavailable?(model: DashboardModel): string | null;
  run(model: DashboardModel, hands: Hands): void;
}

/** Everything that the keyboard can do. Keys, the hint line, the help and the palette all come from this table. */
export const actions: readonly Action[] = [
  {
    id: 'type',
    keys: ['enter'],
    title: 'Open: type into the pane, or dispatch the task',
    group: 'move',
    hint: 'open',
    run: actOn.open,
  },
  { id: 'down', keys: ['down', 'j'], title: 'Down', group: 'move', run: (model) => actOn.move(model, 0, 1) },
  { id: 'up', keys: ['up', 'k'], title: 'Up', group: 'move', run: (model) => actOn.move(model, 0, -1) },
  {
    id: 'right',
    keys: ['right', 'l'],
    title: 'To the panes, next pane',
    group: 'move',
    run: (model) => actOn.move(model, 1, 0),
  },
  {
    id: 'left',
    keys: ['left', 'h'],
    title: 'Previous pane, to the list',
    group: 'move',
    run: (model) => actOn.move(model, -1, 0),
  },
  {
    id: 'zone',
    keys: ['tab'],
    title: 'Between list and panes; in a view to the next one',
    group: 'move',
    unavailable: (model) => (model.state.showing ? null : needsPane(model)),
    run(model) {
      const { showing } = model.state;
      if (showing) actOn.toggleView(model, viewAfter(showing));
      else actOn.switchZone(model);
    },
  },
  {
    id: 'attention',
    keys: ['w'],
    title: 'Go to the next one that waits for you',
    group: 'move',
    hint: 'who waits',
    unavailable: (model) => (model.waiting.length > 0 ? null : 'nobody waits for you'),
    run: actOn.nextAttention,
  },
  {
    id: 'attention.snooze',
    keys: ['Z'],
    title: 'Put off what waits for you, until something changes there; or no longer',
    group: 'move',
    unavailable: needsSnoozable,
    run: actOn.snooze,
  },
  {
    id: 'list.first',
    keys: ['home', 'g'],
    title: 'To the first line',
    group: 'move',
    unavailable: needsSelectable,
    run: (model) => actOn.step(model, Number.NEGATIVE_INFINITY),
  },
  {
    id: 'list.last',
    keys: ['end', 'G'],
    title: 'To the last line',
    group: 'move',
    unavailable: needsSelectable,
    run: (model) => actOn.step(model, Number.POSITIVE_INFINITY),
  },
  {
    id: 'list.page.down',
    keys: ['pagedown'],
    title: 'A page down',
    group: 'move',
    unavailable: needsView,
    run: (model) => inList.page(model, 1),
  },
  {
    id: 'pane',
    keys: ['1-9'],
    title: 'Select the pane of that number',
    group: 'move',
    unavailable: needsPane,
    run: () => {},
  },

  {
    id: 'list.filter',
    keys: ['/'],
    title: 'Filter the list of the view',
    group: 'views',
    hint: 'filter',
    unavailable: needsLines,
    run: (model) => model.set({ isFiltering: true }),
  },
  {
    id: 'list.sort',
    keys: ['s'],
    title: 'Sort the list of the view by the next column',
    group: 'views',
    hint: 'sort',
    unavailable: (model) =>
      needsLines(model) ?? (inList.isSortable(model) ? null : 'this view has an order of its own'),
    run: inList.sort,
  },

  {
    id: 'task.new',
    keys: ['n'],
    title: 'New task',
    group: 'tasks',
    hint: 'new',
    run: (model) => model.set({ dialog: { kind: 'task-form', item: null } }),
  },
  {
    id: 'task.edit',
    keys: ['e'],
    title: 'Edit the task',
    group: 'tasks',
    unavailable: needsTask,
    run: (model) => model.set({ dialog: { kind: 'task-form', item: model.current } }),
  },
  {
    id: 'task.edit.file',
    keys: ['E'],
    title: 'Edit the task in your editor: all of its fields',
    group: 'tasks',
    unavailable: needsTask,
    run: actOn.editInEditor,
  },
  {
    id: 'task.depend',
    keys: ['b'],
    title: 'Say which task it waits for',
    group: 'tasks',
    unavailable: needsTask,
    run: (model) => model.current && model.set({ dialog: { kind: 'dependency-picker', item: model.current } }),
  },
  {
    id: 'task.batch',
    keys: ['i'],
    title: 'Put the task into a batch, or take it out',
    group: 'tasks',
    unavailable: needsTask,
    run: (model) => model.current && model.set({ dialog: { kind: 'batch-picker', item: model.current } }),
  },
  {
    id: 'task.close',
    keys: ['c'],
    title: 'Close the task, or open it again',
    group: 'tasks',
    unavailable: (model) =>
      needsTask(model) ?? (needsLiveRun(model) === null ? 'a worker has it: accept or cancel the run' : null),
    run: actOn.toggleClosed,
  },
  {
    id: 'task.priority.up',
    keys: ['+'],
    title: 'More urgent, by one priority',
    group: 'tasks',
    unavailable: (model) => needsTask(model) ?? (model.current?.task.priority === 0 ? 'it has the highest' : null),
    run: (model) => actOn.changePriority(model, -1),
  },
  {
    id: 'task.priority.down',
    keys: ['-'],
    title: 'Less urgent, by one priority',
    group: 'tasks',
    unavailable: (model) =>
      needsTask(model) ?? (model.current?.task.priority === priorityMost ? 'it has the lowest' : null),
    run: (model) => actOn.changePriority(model, 1),
  },
  {
    id: 'undo',
    keys: ['U'],
    title: 'Take back what you did to tasks last',
    group: 'tasks',
    about: (model) => model.state.view?.undo ?? null,
    unavailable: (model) => (model.state.view?.undo ? null : 'you have done nothing that could be taken back'),
    run: actOn.undo,
  },
  {
    id: 'redo',
    keys: ['ctrl+r'],
    title: 'Do again what you took back last',
    group: 'tasks',
    about: (model) => model.state.view?.redo ?? null,
    unavailable: (model) => (model.state.view?.redo ? null : 'you have taken nothing back since you changed a task'),
    run: actOn.redo,
  },
  {
    id: 'run.dispatch',
    keys: ['d'],
    title: 'Dispatch the task to a worker',
    group: 'runs',
    hint: 'dispatch',
    unavailable: needsDispatchable,
    run: (model) => model.current && model.set({ dialog: { kind: 'worker-picker', item: model.current } }),
  },
  {
    id: 'run.dispatch.ready',
    keys: ['D'],
    title: 'Dispatch all that is ready; what finds no idle worker waits',
    group: 'runs',
    unavailable: needsReady,
    run: (model) => actOn.dispatchReady(model),
  },
  {
    id: 'run.dispatch.some',
    keys: ['ctrl+d'],
    title: 'Dispatch all that is ready, so many at work at once',
    group: 'runs',
    unavailable: needsReady,
    run: (model) => model.set({ dialog: { kind: 'limit-form' } }),
  },
  {
    id: 'run.view',
    keys: ['v'],
    title: 'Review what the run changed: read the diff, comment on lines, send back',
    group: 'runs',
    hint: 'review',
    unavailable: needsRun,
    run: (model) => model.current?.run && model.set({ review: model.current.run.id }),
  },
  {
    id: 'run.history',
    keys: ['I'],
    title: 'What the run did: its history and its files',
    group: 'runs',
    unavailable: needsRun,
    run: (model) => model.current?.run && model.set({ dialog: { kind: 'run', run: model.current.run.id } }),
  },
  {
    id: 'run.approve',
    keys: ['a'],
    title: 'Accept the work: the run is done, the task closed',
    group: 'runs',
    hint: 'accept',
    unavailable: needsLiveRun,
    run: actOn.approve,
  },
  {
    id: 'run.pause',
    keys: ['p'],
    title: 'Pause the run, or let it go on',
    group: 'runs',
    unavailable: (model) => needsLiveRun(model) ?? needsPausable(model),
    run: actOn.pause,
  },
  {
    id: 'run.fork',
    keys: ['f'],
    title: 'Fork the run: a second one with a copy of its conversation and worktree',
    group: 'runs',
    unavailable: needsForkable,
    run: actOn.fork,
  },
  {
    id: 'run.rewind',
    keys: ['R'],
    title: 'Take the worktree back to a checkpoint',
    group: 'runs',
    unavailable: (model) => (model.current?.run?.worktree ? null : 'no run of this task has begun'),
    run: (model) => model.current?.run && model.set({ dialog: { kind: 'rewind-picker', run: model.current.run.id } }),
  },
  {
    id: 'run.cancel',
    keys: ['x'],
    title: 'Cancel the run, end a shell, or put an ended pane away',
    group: 'runs',
    unavailable: needsEnding,
    run: actOn.cancel,
  },
  {
    id: 'run.deliver',
    keys: ['t'],
    title: 'Deliver the work of an ended run: branch, pull request, patch',
    group: 'runs',
    hint: 'deliver',
    unavailable: needsDeliverable,
    run: (model) => {
      const run = model.current?.run;
      if (run) model.set({ dialog: { kind: 'delivery-picker', run } });
    },
  },
  {
    id: 'run.radar',
    keys: ['o'],
    title: 'Who touches what: overlaps of runs, and an order of merging',
    group: 'runs',
    run: (model) => model.set({ dialog: { kind: 'radar' } }),
  },
  {
    id: 'pane.prompt',
    keys: ['m'],
    title: 'Send a prompt, without typing into the pane',
    group: 'panes',
    hint: 'prompt',
    unavailable: (model) => (model.target ? null : 'no agent is at work here'),
    run: (model) => model.target && model.set({ dialog: { kind: 'prompt', session: model.target } }),
  },
  {
    id: 'pane.zoom',
    keys: ['z'],
    title: 'Zoom the pane to the full screen, and back',
    group: 'panes',
    hint: 'zoom',
    unavailable: needsPane,
    run: actOn.zoom,
  },
  {
    id: 'pane.layout',
    keys: ['='],
    title: 'The next layout of the panes: grid, one large, columns, rows',
    group: 'panes',
    unavailable: needsPane,
    run: inPanes.changeLayout,
  },
  {
    id: 'pane.move.back',
    keys: ['<'],
    title: 'Move the pane: change places with the one before it',
    group: 'panes',
    unavailable: (model) => needsPane(model) ?? inPanes.whyNotMoved(model, -1),
    run: (model) => inPanes.move(model, -1),
  },
  {
    id: 'pane.move.on',
    keys: ['>'],
    title: 'Move the pane: change places with the one after it',
    group: 'panes',
    unavailable: (model) => needsPane(model) ?? inPanes.whyNotMoved(model, 1),
    run: (model) => inPanes.move(model, 1),
  },
  {
    id: 'pane.pin',
    keys: ['*'],
    title: 'Pin the pane: it stays in sight, whatever else runs; or no longer',
    group: 'panes',
    unavailable: needsPane,
    run: inPanes.pin,
  },
  {
    id: 'pane.name',
    keys: ['r'],
    title: 'Name the pane',
    group: 'panes',
    unavailable: needsPane,
    run: (model) => model.selectedPane && model.set({ dialog: { kind: 'name-form', session: model.selectedPane } }),
  },
  {
    id: 'pane.shell',
    keys: ['$'],
    title: 'A shell of yours beside the agent, in its worktree',
    group: 'panes',
    unavailable: (model) => (model.current?.run?.worktree ? null : 'no run of this task has begun'),
    run: inPanes.openShell,
  },
  {
    id: 'pane.tidy',
    keys: ['X'],
    title: 'Put all ended panes away',
    group: 'panes',
    unavailable: (model) => (endedPanes(model).length > 0 ? null : 'none has ended, or it is pinned'),
    run: (model, hands) => putAway(model, hands, endedPanes(model)),
  },
  {
    id: 'pane.explain',
    keys: ['y'],
    title: 'Say by which sign the state of the pane is known',
    group: 'panes',
    unavailable: needsPane,
    run: inPanes.explain,
  },
  {
    id: 'pane.scroll',
    keys: ['['],
    title: 'Scroll back, search and copy in the pane',
    group: 'panes',
    hint: 'scroll',
    unavailable: needsPane,
    run: (model, hands) => actOn.scrollBack(model, hands, []),
  },
  {
    id: 'pane.scroll.page',
    keys: ['pageup'],
    title: 'The same, a page up at once; in a view a page up',
    group: 'panes',
    unavailable: (model) => (model.state.showing ? null : needsPane(model)),
    run: actOn.pageUp,
  },
  {
    id: 'pane.paste',
    keys: [']'],
    title: 'Paste into the pane what was copied last',
    group: 'panes',
    unavailable: (model) => needsPane(model) ?? (model.state.copied === null ? 'nothing has been copied yet' : null),
    run: actOn.paste,
  },
  {
    id: 'pane.leader',
    keys: ['leader'],
    title: 'While typing: come back here. Here: send the leader key itself to the pane',
    group: 'panes',
    unavailable: needsPane,
    run: (model, hands) => {
      const pane = model.selectedPane;
      if (!pane) return;
      hands.send(pane.id, hands.leaderBytes);
      actOn.selectPane(model, pane.id);
      model.set({ isTyping: true });
    },
  },
  ...views.map(
    (view): Action => ({
      id: `view.${view.id}`,
      keys: [view.key],
      title: `${view.title}: ${view.about}`,
      group: 'views',
      ...(view.hint && { hint: view.hint }),
      run: (model) => actOn.toggleView(model, view),
    }),
  ),
  {
    id: 'projects',
    keys: ['P'],
    title: 'All projects, or the one of the selection alone',
    group: 'forge',
    run: (_model, hands) => hands.switchProjects(),
  },
  {
    id: 'palette',
    keys: [':', 'ctrl+p'],
    title: 'Find an action by its name',
    group: 'forge',
    run: (model) => model.set({ dialog: { kind: 'palette' } }),
  },
  {
    id: 'help',
    keys: ['?'],
    title: 'All keys',
    group: 'forge',
    hint: 'help',
    run: (model) => model.set({ dialog: { kind: 'help' } }),
  },
  {
    id: 'tour',
    keys: ['u'],
    title: 'A tour in five steps',
    group: 'forge',
    run: (model) => model.set({ dialog: { kind: 'tour' } }),
  },
  {
    id: 'back',
    keys: ['escape'],
    title: 'Back: out of the filter, the view or the zoom, to the list',
    group: 'forge',
    run: actOn.back,
  },
  {
    id: 'quit',
    keys: ['q', 'ctrl+c'],
    title: 'Leave; the agents go on',
    group: 'forge',
    hint: 'leave',
    run: (_model, hands) => hands.quit(),
  },
];

/** `among`: as the settings bind them. */
export function actionFor(key: string, among: readonly Action[] = actions): Action | null {
  return among.find((action) => action.keys.includes(key)) ?? null;
}

/** Does the action, or says why not. */
export function perform(action: Action, model: DashboardModel, hands: Hands): void {
  const reason = action.unavailable?.(model) ?? null;
  if (reason === null) action.run(model, hands);
  else model.say(`${action.title.split(/[:;]/, 1)}: ${plainText(reason)}.`);
}
