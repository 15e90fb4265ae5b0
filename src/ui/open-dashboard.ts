import type { ReadStream, WriteStream } from 'node:tty';
import { createElement } from 'react';
import type { AppClient } from '../app/client.ts';
import type { Editor } from '../app/edit-task.ts';
import type { ProjectView } from '../app/views/project-view.ts';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { asForgeError } from '../base/errors.ts';
import type { NotificationKind } from '../domain/notification.ts';
import type { SessionHost } from '../ports/session-host.ts';
import { DashboardModel } from './app/dashboard-model.ts';
import { ArrangementKeeper, type KeptArrangements } from './app/keep-arrangement.ts';
import { Notifier } from './app/notifier.ts';
import { paneCapacity, paneSessions, visiblePanes } from './app/pane-layout.ts';
import { ProjectFeeds } from './app/project-feeds.ts';
import { SessionScreens } from './app/session-screens.ts';
import type { ShownProject } from './app/state.ts';
import { CopyModes } from './copy/copy-modes.ts';
import { CopyMouse } from './copy/copy-mouse.ts';
import { ProgramCopies } from './copy/program-copies.ts';
import { ordinaryKeys, translateKey } from './input/key-encoding.ts';
import { bindKeys, type KeyBindings } from './keymap/bind-keys.ts';
import type { Hands } from './keymap/hands.ts';
import { detectColourDepth } from './screen/colour-depth.ts';
import { detectFeatures } from './screen/terminal-features.ts';
import { keepCopy } from './terminal/keep-copy.ts';
import { detectNotification, notification } from './terminal/notification.ts';
import { runDashboard, type Dashboard as TerminalDashboard } from './terminal/run-dashboard.ts';
import { type ThemeName, themes } from './theme.ts';
import { Dashboard } from './views/dashboard.tsx';

/** How long the first view waits for the screens of its panes, in ms. */
const firstScreensMs = 200;

/** How long the first frame waits for the first view, in ms, so that one frame is drawn and not two. */
const firstViewMs = 100;

/** With one session alone the leader leaves, unless a key that it goes with follows within this time, in ms. */
const leaderMs = 600;

export interface OpenDashboardOptions {
  input: ReadStream & { fd: number };
  output: WriteStream & { fd: number };
  env: Record<string, string>;
  /** A folder of ours, for the marker of a held terminal. */
  markerDir: string;
  /** As in the settings: `ctrl+q`. */
  leader: string;
  hasMouse: boolean;
  programsCopy: boolean;
  /** As in `ui.localEcho`. */
  hasLocalEcho: boolean;
  theme: ThemeName;
  isScreenReader: boolean;
  /** As in `keys.actions`. */
  keys: KeyBindings;
  followLogs: Hands['followLogs'];
  /** The person's editor, on the terminal. */
  edit: Editor;
  isDemo: boolean;
  /** What was there to be shown is shown. */
  onShown(): void;
  /** The program of the thread that knows the colours of languages. */
  highlighter: URL;
  /** Show this session alone, typing into it, and leave with the leader key. */
  session: string | null;
  /** The checkout of the project to show; null: it was opened outside of one, and all are shown. */
  root: string | null;
  /** All projects are shown from the beginning. */
  isAll: boolean;
  /** How the person is told of who waits for them. */
  notify: { terminal: NotificationKind; run(text: string): void };
  keptPanes: KeptArrangements;
  /** Those that Forge knows. */
  projects: () => Promise<ShownProject[]>;
  /** Calls `onChange` when there are others. */
  watchProjects: (onChange: () => void) => Promise<Disposable>;
  /** The supervisor runs already, and its first view will not be long in coming. */
  isViewNear: boolean;
  /** Both start what they connect to when it does not run; `root`: the project that is asked for. */
  connectSupervisor: (root: string) => Promise<AppClient>;
  connectHost: () => Promise<SessionHost>;
}

/** Shows the dashboard until the person leaves. What it shows and runs goes on without it. */
export async function openDashboard(options: OpenDashboardOptions): Promise<void> {
  const held = new DisposableStack();
  try {
    await show(options, held);
  } finally {
    held.dispose();
  }
}

async function show(options: OpenDashboardOptions, held: DisposableStack): Promise<void> {
  const isSingle = options.session !== null;
  const alone = isSingle ? { pane: options.session, isZoomed: true, isTyping: true, zone: 'panes' as const } : {};
  const keymap = bindKeys(options.keys, options.leader);
  const model = held.use(
    new DashboardModel({ isDemo: options.isDemo, problems: keymap.problems.map(({ text }) => text), ...alone }),
  );
  const screens = held.use(new SessionScreens(options.connectHost, options.hasLocalEcho));
  const copyOut = async (text: string) => (terminal.copy(text) ? null : keepCopy(options.markerDir, text));
  const copy = held.use(new CopyModes(model, screens, copyOut, keymap.copy));
  held.use(new ProgramCopies({ model, screens, copyOut, isAllowed: options.programsCopy }));
  const mouse = held.use(new CopyMouse(model, copy, (x, y) => terminal.paneAt(x, y)));
  const left = Promise.withResolvers<void>();
  const hands: Hands = {
    quit: () => left.resolve(),
    send(session, key) {
      const bytes = translateKey(key, screens.get(session)?.screen.modes ?? ordinaryKeys);
      screens.send(session, bytes).catch((failure) => say(model, failure));
    },
    forget: (session) => void screens.forget(session).catch((failure) => say(model, failure)),
    end: (session) => void screens.end(session).catch((failure) => say(model, failure)),
    scrollBack: (session, ids) => {
      const pane = copy.enter(session, model.state.isAfterLeader);
      if (pane === null) model.say('This pane shows nothing yet.');
      for (const id of ids) pane?.act(id);
    },
    paste: (session) => copy.paste(session),
    switchProjects() {},
    leaderBytes: '',
    highlighter: options.highlighter,
    theme: options.theme,
    followLogs: options.followLogs,
    edit: (text, name) => terminal.lend(() => options.edit(text, name)),
  };
  let typedAt = () => Number.NEGATIVE_INFINITY;
  // The first frame with panes has their screens already, and is drawn once.
  const beforeShown = async (view: Partial<ProjectView>) => {
    // Not known yet, by a supervisor that has just begun: what is shown stays.
    if (view.sessions === undefined) return;
    // The panes that are there, of other projects or of before, have theirs.
    if (model.panes.length > 0) return;
    const { pane, putAway, arrangement } = model.state;
    const { columns: cols, rows } = options.output;
    const panes = paneSessions(view.sessions, putAway, arrangement);
    const shown = visiblePanes(panes, pane, arrangement.pinned, paneCapacity(cols, rows, arrangement.layout));
    const ids = isSingle && pane !== null ? [pane] : shown.map(({ id }) => id);
    await screens.showSoon(ids, firstScreensMs);
  };
  const connect = options.connectSupervisor;
  const feeds = held.use(new ProjectFeeds({ model, connect, beforeShown, typedAt: () => typedAt() }));
  const standing = new ArrangementKeeper(model, options.keptPanes);
  held.defer(model.subscribe(() => standing.keep()));
  const showAll = async () => {
    const projects = (await options.projects()).sort((a, b) => (a.name < b.name ? -1 : 1));
    const roots = projects.flatMap(({ root, problem }) => (problem === null ? [root] : []));
    model.show(projects);
    standing.show('*');
    // The one where it was opened is where it begins.
    feeds.show(roots.sort((a, b) => Number(b === options.root) - Number(a === options.root)));
  };
  const showOne = (root: string | undefined = options.root ?? undefined) => {
    if (root === undefined) return;
    model.show(null);
    standing.show(root);
    feeds.show([root]);
  };
  const switchToAll = () => void showAll().catch((failure) => say(model, failure));
  hands.switchProjects = () =>
    model.state.projects === null ? switchToAll() : showOne(model.state.view?.project.root);
  if (options.root === null || options.isAll) await showAll();
  else showOne();
  if (options.isViewNear) {
    // What is typed meanwhile are keys of the dashboard: no lines, and no signals.
    if (options.input.isTTY) options.input.setRawMode(true);
    await feeds.firstShown(firstViewMs);
  }
  const terminal: TerminalDashboard = held.use(
    runDashboard({
      element: createElement(Dashboard, { model, screens, copy, hands, leader: options.leader, keymap, isSingle }),
      input: options.input,
      output: options.output,
      markerDir: options.markerDir,
      leader: options.leader,
      hasMouse: options.hasMouse,
      colours: detectColourDepth(options.env),
      theme: themes[options.theme],
      isScreenReader: options.isScreenReader,
      features: detectFeatures(options.env),
      typing() {
        const { isTyping, pane, dialog } = model.state;
        const attachment = isTyping && pane !== null && dialog === null ? screens.get(pane) : null;
        return attachment && pane !== null ? { pane, attachment } : null;
      },
      isTypingSoon() {
        const { isTyping, pane, dialog } = model.state;
        return isTyping && pane !== null && dialog === null && screens.isComing(pane);
      },
      cursorPane: () => copy.cursorPane,
      onLeader() {
        model.set({ isTyping: false, isAfterLeader: true });
        if (isSingle) leaveUnlessKey(model, hands, held);
      },
      onMouse: (event) => mouse.handle(event),
    }),
  );
  typedAt = () => terminal.typedAt;
  screens.open();
  hands.leaderBytes = Buffer.from(terminal.leaderBytes).toString('latin1');
  for (const source of [model, screens]) held.defer(source.subscribe(() => terminal.refresh()));
  const kind = options.notify.terminal === 'auto' ? detectNotification(options.env) : options.notify.terminal;
  const notifier = held.use(
    new Notifier({
      model,
      isSeen: (session) => terminal.isSeen(session),
      tell(text) {
        terminal.notify(notification(kind, text));
        options.notify.run(text);
      },
    }),
  );
  notifier.look();
  held.defer(model.subscribe(() => notifier.look()));
  const watching = options.watchProjects(() => model.state.projects !== null && switchToAll());
  void watching.then((registry) => held.use(registry));
  options.onShown();
  await Promise.race([left.promise, terminal.finished]);
}

/** The leader alone leaves: a key that follows it may still mean something else. */
function leaveUnlessKey(model: DashboardModel, hands: Hands, held: DisposableStack): void {
  const timer = setTimeout(() => model.state.isAfterLeader && hands.quit(), leaderMs);
  held.defer(() => clearTimeout(timer));
}

function say(model: DashboardModel, failure: unknown): void {
  model.say(asForgeError(failure).sentence, 'bad');
}
