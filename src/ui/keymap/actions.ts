import { plainText } from '../../base/text.ts';
import { whyNotReady } from '../../domain/task.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import { actOn } from './act-on.ts';

/** Keys as they are shown to a person; `key-name.ts` turns a key press into these names. */
export interface Action {
  id: string;
  keys: string[];
  title: string;
  group: 'move' | 'tasks' | 'runs' | 'panes' | 'forge';
  /** Shown on the last line when there is room. */
  hint?: string;
  /** Why it cannot be done now, or null. Disabled actions stay visible with this reason. */
  unavailable?(model: DashboardModel): string | null;
  run(model: DashboardModel, hands: Hands): void;
}

/** What an action may do beyond the model. */
export interface Hands {
  quit(): void;
  /** Types a key, given in its ordinary form, into a session; says so when it cannot. */
  send(session: string, key: string): void;
  forget(session: string): void;
  /** Takes the pane into copy mode and presses `keys` there. */
  scrollBack(session: string, keys: readonly string[]): void;
  /** All projects, or the one where the selection is alone. */
  switchProjects(): void;
  /** Types what was copied last into the session. */
  paste(session: string): void;
  leaderBytes: string;
  /** The program of the thread that knows the colours of languages; left out: nothing is coloured. */
  highlighter?: URL;
}

const needsTask = (model: DashboardModel) => (model.current ? null : 'no task is selected');
const needsPane = (model: DashboardModel) => (model.panes.length > 0 ? null : 'no session has a pane yet');

const needsRun = (model: DashboardModel) => (model.current?.run ? null : 'no run of this task');

function needsLiveRun(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run) return 'no run of this task';
  return run.endedAt === null ? null : `its run has ended: ${run.status}`;
}

const pausable: ReadonlySet<string> = new Set(['working', 'gating', 'fixing', 'reviewing']);

function needsPausable(model: DashboardModel): string | null {
  const status = model.current?.run?.status;
  const isPausable = status !== undefined && (pausable.has(status) || status === 'paused');
  return isPausable ? null : `it is ${status}`;
}

function needsDeliverable(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run?.worktree) return 'no run of this task has begun';
  return run.endedAt !== null || run.status === 'awaiting' ? null : `it is ${run.status}: accept it first`;
}

function needsForkable(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run?.worktree) return 'no run of this task has begun';
  const worker = model.state.view?.workers.find(({ agent }) => agent === run.agent);
  return worker?.canFork ? null : `${run.agent} cannot begin with a copy of a conversation`;
}

function needsDispatchable(model: DashboardModel): string | null {
  const item = model.current;
  if (!item) return 'no task is selected';
  const { run } = item;
  if (run?.status === 'queued') return `it is queued: ${run.reason}`;
  if (run?.endedAt === null) return `it is being worked on by ${run.worker}`;
  if (item.task.claimedAt !== undefined) return `it ${whyNotReady(item.task)}`;
  return item.task.status === 'closed' ? 'it is closed' : null;
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
    title: 'Between list and panes',
    group: 'move',
    unavailable: needsPane,
    run: actOn.switchZone,
  },
  {
    id: 'attention',
    keys: ['w'],
    title: 'Go to the next one that waits for you',
    group: 'move',
    hint: 'who waits',
    unavailable: (model) => (model.items.some((item) => item.phase === 'needs-you') ? null : 'nobody waits for you'),
    run: actOn.nextAttention,
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
    id: 'task.depend',
    keys: ['b'],
    title: 'Say which task it waits for',
    group: 'tasks',
    unavailable: needsTask,
    run: (model) => model.current && model.set({ dialog: { kind: 'dependency-picker', item: model.current } }),
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
    unavailable: (model) => (model.items.some((item) => item.phase === 'ready') ? null : 'nothing is ready'),
    run: actOn.dispatchReady,
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
    keys: ['i'],
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
    title: 'Cancel the run, or put an ended pane away',
    group: 'runs',
    unavailable: (model) =>
      model.state.zone === 'panes' && model.selectedPane?.endedAt != null ? null : needsLiveRun(model),
    run: actOn.cancel,
  },
  {
    id: 'run.deliver',
    keys: ['t'],
    title: 'Deliver the work of an ended run: branch, pull request, patch',
    group: 'runs',
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
    run: (model) => model.set({ isZoomed: !model.state.isZoomed, zone: 'panes' }),
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
    title: 'The same, a page up at once',
    group: 'panes',
    unavailable: needsPane,
    run: (model, hands) => actOn.scrollBack(model, hands, ['pageup']),
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
      model.set({ isTyping: true, zone: 'panes' });
    },
  },
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
    id: 'back',
    keys: ['escape'],
    title: 'Back: out of the zoom, to the list',
    group: 'forge',
    run: (model) => model.set(model.state.isZoomed ? { isZoomed: false } : { zone: 'list', message: null }),
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

export function actionFor(key: string): Action | null {
  return actions.find((action) => action.keys.includes(key)) ?? null;
}

/** Does the action, or says why not. */
export function perform(action: Action, model: DashboardModel, hands: Hands): void {
  const reason = action.unavailable?.(model) ?? null;
  if (reason === null) action.run(model, hands);
  else model.say(`${action.title}: ${plainText(reason)}.`);
}
