import type { ReadStream, WriteStream } from 'node:tty';
import { createElement } from 'react';
import type { AppClient } from '../app/client.ts';
import type { ProjectView } from '../app/views/project-view.ts';
import { DisposableStack } from '../base/disposable.ts';
import { asForgeError } from '../base/errors.ts';
import type { SessionHost } from '../ports/session-host.ts';
import { DashboardModel } from './app/dashboard-model.ts';
import { NewsBetweenKeys } from './app/news-between-keys.ts';
import { paneCapacity, paneSessions } from './app/pane-layout.ts';
import { SessionScreens } from './app/session-screens.ts';
import { CopyModes } from './copy/copy-modes.ts';
import { CopyMouse } from './copy/copy-mouse.ts';
import { ordinaryKeys, translateKey } from './input/key-encoding.ts';
import type { Hands } from './keymap/actions.ts';
import { detectColourDepth } from './screen/colour-depth.ts';
import { detectFeatures } from './screen/terminal-features.ts';
import { keepCopy } from './terminal/keep-copy.ts';
import { runDashboard, type Dashboard as TerminalDashboard } from './terminal/run-dashboard.ts';
import { Dashboard } from './views/dashboard.tsx';

/** How long the first view waits for the screens of its panes, in ms. */
const firstScreensMs = 200;

/** Pause between two attempts to reach a supervisor that went away, in ms. */
const retryMs = 300;

/** With one session alone the leader leaves, unless a key that it goes with follows within this time, in ms. */
const leaderMs = 600;

export interface OpenDashboardOptions {
  input: ReadStream;
  output: WriteStream & { fd: number };
  env: Record<string, string>;
  /** A folder of ours, for the marker of a held terminal. */
  markerDir: string;
  /** As in the settings: `ctrl+q`. */
  leader: string;
  hasMouse: boolean;
  isDemo: boolean;
  /** The program of the thread that knows the colours of languages. */
  highlighter: URL;
  /** Show this session alone, typing into it, and leave with the leader key. */
  session: string | null;
  /** Both start what they connect to when it does not run. */
  connectSupervisor: () => Promise<AppClient>;
  connectHost: () => Promise<SessionHost>;
}

/** Shows the dashboard until the person leaves. What it shows and runs goes on without it. */
export async function openDashboard(options: OpenDashboardOptions): Promise<void> {
  const held = new DisposableStack();
  const isSingle = options.session !== null;
  const alone = isSingle ? { pane: options.session, isZoomed: true, isTyping: true, zone: 'panes' as const } : {};
  const model = held.use(new DashboardModel({ isDemo: options.isDemo, ...alone }));
  const screens = held.use(new SessionScreens(options.connectHost));
  const copy = held.use(
    new CopyModes(model, screens, async (text) => (terminal.copy(text) ? null : keepCopy(options.markerDir, text))),
  );
  const mouse = held.use(new CopyMouse(model, copy, (x, y) => terminal.paneAt(x, y)));
  const left = Promise.withResolvers<void>();
  const hands: Hands = {
    quit: () => left.resolve(),
    send(session, key) {
      const bytes = translateKey(key, screens.get(session)?.screen.modes ?? ordinaryKeys);
      screens.send(session, bytes).catch((failure) => say(model, failure));
    },
    forget: (session) => void screens.forget(session).catch((failure) => say(model, failure)),
    scrollBack: (session, keys) => {
      const pane = copy.enter(session, model.state.isAfterLeader);
      if (pane === null) model.say('This pane shows nothing yet.');
      for (const key of keys) pane?.press(key);
    },
    paste: (session) => copy.paste(session),
    leaderBytes: '',
    highlighter: options.highlighter,
  };
  const terminal: TerminalDashboard = held.use(
    runDashboard({
      element: createElement(Dashboard, { model, screens, copy, hands, leader: options.leader, isSingle }),
      input: options.input,
      output: options.output,
      markerDir: options.markerDir,
      leader: options.leader,
      hasMouse: options.hasMouse,
      colours: detectColourDepth(options.env),
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
  hands.leaderBytes = Buffer.from(terminal.leaderBytes).toString('latin1');
  for (const source of [model, screens]) held.defer(source.subscribe(() => terminal.refresh()));
  const news = held.use(
    new NewsBetweenKeys(
      (slices) => model.receive(slices),
      () => terminal.typedAt,
    ),
  );
  // The first frame with panes has their screens already, and is drawn once.
  const beforeShown = async (view: Partial<ProjectView>) => {
    // Not known yet, by a supervisor that has just begun: what is shown stays.
    if (view.sessions === undefined) return;
    const { pane, putAway } = model.state;
    const { cols, rows } = terminal.size;
    const panes = paneSessions(view.sessions, putAway).map(({ id }) => id);
    const ids = isSingle && pane !== null ? [pane] : panes.slice(0, paneCapacity(cols, rows));
    await screens.showSoon(ids, firstScreensMs);
  };
  followSupervisor(model, news, beforeShown, options.connectSupervisor, held);
  try {
    await Promise.race([left.promise, terminal.finished]);
  } finally {
    held.dispose();
  }
}

/** The leader alone leaves: a key that follows it may still mean something else. */
function leaveUnlessKey(model: DashboardModel, hands: Hands, held: DisposableStack): void {
  const timer = setTimeout(() => model.state.isAfterLeader && hands.quit(), leaderMs);
  held.defer(() => clearTimeout(timer));
}

/** Keeps the model fed: connects, and again when the supervisor went away. */
function followSupervisor(
  model: DashboardModel,
  news: NewsBetweenKeys,
  beforeShown: (view: Partial<ProjectView>) => Promise<void>,
  connect: () => Promise<AppClient>,
  held: DisposableStack,
): void {
  let isOver = false;
  let client: AppClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  held.defer(() => {
    isOver = true;
    if (timer) clearTimeout(timer);
    client?.dispose();
  });
  const again = () => {
    if (!isOver) timer = setTimeout(() => void follow(), retryMs);
  };
  const follow = async () => {
    try {
      const reached = await connect();
      if (isOver) {
        reached.dispose();
        return;
      }
      client = reached;
      model.connect(reached);
      reached.onClose(() => {
        client = null;
        if (isOver) return;
        model.connect(null);
        again();
      });
      let isFirst = true;
      let shown = Promise.resolve();
      await reached.watch((slices) => {
        if (isFirst) shown = beforeShown(slices);
        isFirst = false;
        void shown.then(() => news.add(slices));
      });
    } catch (failure) {
      if (isOver) return;
      say(model, failure);
      again();
    }
  };
  void follow();
}

function say(model: DashboardModel, failure: unknown): void {
  model.say(asForgeError(failure).sentence, 'bad');
}
