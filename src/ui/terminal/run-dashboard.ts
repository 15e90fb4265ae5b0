import { createElement, type ReactNode } from 'react';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import type { Screen } from '../../ports/screen.ts';
import type { Letter } from '../echo/predictions.ts';
import { FocusReports } from '../input/focus-reports.ts';
import { parseKeyName } from '../input/key-name.ts';
import { createKeyRouter, type KeyTarget } from '../input/key-router.ts';
import type { MouseEvent } from '../input/mouse-event.ts';
import { createMouseRouter } from '../input/mouse-router.ts';
import type { Rect } from '../screen/cell-area.ts';
import { mountChrome } from '../screen/chrome.tsx';
import type { ColourDepth } from '../screen/colour-depth.ts';
import { Compositor } from '../screen/compositor.ts';
import { FrameScheduler } from '../screen/frame-scheduler.ts';
import { Painter } from '../screen/painter.ts';
import { type Pane, PaneRegistry, PaneRegistryContext } from '../screen/pane-registry.ts';
import type { TerminalFeatures } from '../screen/terminal-features.ts';
import type { Theme } from '../theme.ts';
import { keyboardQuestion, OuterModes, ordinaryModes } from './outer-modes.ts';
import {
  type OuterTerminal,
  openOuterTerminal,
  type TerminalDevice,
  type TerminalEvents,
  type TerminalSize,
} from './outer-terminal.ts';
import { repairTerminal } from './terminal-marker.ts';
import { copySequence } from './terminal-modes.ts';
import { TypedProgram, type Typing } from './typed-program.ts';

export interface DashboardOptions {
  element: ReactNode;
  /** As in `keys.leader`: `ctrl+q`. */
  leader: string;
  colours: ColourDepth;
  /** Of the chrome; by default the terminal's own colours. */
  theme?: Theme | undefined;
  /** See `ChromeOptions`. */
  isScreenReader?: boolean;
  /** What the person's terminal knows beside colours; by default all. */
  features?: TerminalFeatures;
  /** Who has the keyboard: a pane, or the chrome (null). Asked before each key, so keep it outside React's state. */
  typing(): Typing | null;
  /** Keys are for a pane that has no screen yet: they wait for it, unless the leader is among them. */
  isTypingSoon?(): boolean;
  /** The pane whose cursor is shown while the chrome has the keyboard, if any. */
  cursorPane?(): string | null;
  /** The leader was pressed while typing in a pane. */
  onLeader(): void;
  /** The mouse is the dashboard's and the programs'; otherwise the terminal's own, as without Forge. Default true. */
  hasMouse?: boolean;
  /** What the mouse did that no program gets, with the `id` of the pane under it; null over the chrome. */
  onMouse?(event: MouseEvent, pane: string | null): void;
}

export interface Dashboard extends Disposable {
  readonly size: TerminalSize;
  /** The leader as an ordinary key, for whoever wants to type it to an agent. */
  readonly leaderBytes: Uint8Array;
  /** Who has the keyboard, or will have, changed: keys that wait go there, and the right cursor is shown. */
  refresh(): void;
  /** When something was typed last, by `performance.now()`. */
  readonly typedAt: number;
  /** To the clipboard of the person's terminal. False when it is too long for that. */
  copy(text: string): boolean;
  /** Sends a sequence that says something and changes nothing, see `notification.ts`. */
  notify(sequence: string): void;
  /** The person has this pane in front of them, as far as the terminal says whether it has the focus. */
  isSeen(pane: string): boolean;
  /** See `OuterTerminal`. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** The pane at a cell of the terminal. */
  paneAt(x: number, y: number): { pane: string; rect: Rect } | null;
  /** Resolves when the element ended or the terminal is gone; rejects with the error that a component threw. */
  readonly finished: Promise<void>;
}

/** A key's answer within this time is painted at once instead of with the next frame. */
const echoWindowMs = 150;

/** Shows `element`, with the live panes that its `PaneSlot`s make room for, on the person's terminal until disposed. */
export function runDashboard({ input, output, markerDir, ...options }: DashboardOptions & TerminalDevice): Dashboard {
  return joinDashboard(options, (events) => {
    if (output.isTTY) repairTerminal(markerDir, output.fd);
    return openOuterTerminal({ input, output, markerDir, ...events });
  });
}

/** `runDashboard` on any terminal that `open` gives. */
export function joinDashboard(options: DashboardOptions, open: (events: TerminalEvents) => OuterTerminal): Dashboard {
  const held = new DisposableStack();
  const leader = parseKeyName(options.leader);
  const finished = Promise.withResolvers<void>();
  const modes = new OuterModes();
  const terminal = held.use(
    open({
      onInput: feed,
      onResize({ cols, rows }) {
        // Also when it is the old size again: in between the terminal cut what it showed.
        painter.invalidate();
        chrome.resize(cols, rows);
      },
      onLost() {
        modes.forget();
        redraw();
      },
      onLeave: () => modes.leave(),
      onReady: () => (extras === '' ? scheduler.resume() : sendExtras()),
      onGone: () => finished.resolve(),
    }),
  );
  const { cols, rows } = terminal.size;
  const registry = held.use(new PaneRegistry(options.theme));
  const focus = new FocusReports();
  held.defer(() => focus.follow(null));
  const compositor = new Compositor(cols, rows);
  const painter = new Painter(cols, rows, { depth: options.colours, ...options.features });
  const scheduler = held.use(
    new FrameScheduler({ paint, canPaint: () => terminal.isReady, now: () => performance.now() }),
  );
  const router = createKeyRouter({
    leader,
    target: keyTarget,
    onLeader: options.onLeader,
    onMouse: createMouseRouter({
      target: programTarget,
      paneAt(x, y) {
        const found = compositor.paneAt(x, y);
        return found && { ...found, pane: found.pane.id };
      },
      nearestIn: (pane, x, y) => compositor.nearestIn(pane, x, y),
      onMouse,
    }),
    onFocus(hasFocus) {
      focus.hasTerminal = hasFocus;
      focus.follow(programTarget());
    },
    onAnswer: (answer) => modes.heard(answer) && scheduler.requestNow(),
    toChrome: (bytes) => chrome.input(bytes),
    mustWait: () => chrome.isBusy || options.isTypingSoon?.() === true,
  });
  const chrome = held.use(
    mountChrome({
      element: createElement(PaneRegistryContext, { value: registry }, options.element),
      cols,
      rows,
      theme: options.theme,
      isScreenReader: options.isScreenReader,
      onSettled() {
        router.resume();
        armFlush();
      },
      onFrame() {
        compositor.setFrame(chrome.cells, registry.measure());
        scheduler.requestNow();
      },
    }),
  );
  chrome.finished.then(finished.resolve, finished.reject);
  held.use(registry.changes.on(paneChanged));
  let typedAt = Number.NEGATIVE_INFINITY;
  /** Asked for several times a key. */
  let typed: TypedProgram | null = null;
  let flushTimer: NodeJS.Timeout | undefined;
  held.defer(() => clearTimeout(flushTimer));
  /** Short sequences that wait for the terminal, between two frames. */
  let extras = '';

  return {
    get size() {
      return terminal.size;
    },
    leaderBytes: router.leaderBytes,
    get typedAt() {
      return typedAt;
    },
    refresh() {
      router.resume();
      scheduler.requestNow();
    },
    copy(text) {
      const sequence = copySequence(text);
      if (sequence !== null) sendExtra(sequence);
      return sequence !== null;
    },
    notify: sendExtra,
    isSeen: (pane) => focus.hasTerminal && registry.shows(pane),
    lend: (use) => terminal.lend(use),
    paneAt(x, y) {
      const place = registry.paneAt(x, y);
      return place && { pane: place.pane.id, rect: place.rect };
    },
    finished: finished.promise,
    dispose() {
      held.dispose();
      finished.resolve();
    },
  };

  function feed(chunk: Uint8Array): void {
    typedAt = performance.now();
    router.feed(chunk);
    armFlush();
  }

  function armFlush(): void {
    clearTimeout(flushTimer);
    const waitMs = router.flushAfterMs;
    if (waitMs === null) return;
    flushTimer = setTimeout(() => {
      router.flush();
      armFlush();
    }, waitMs);
  }

  function keyTarget(): KeyTarget {
    return programTarget() ?? chromeTarget;
  }

  /** The program that is typed into, and what it asked for. */
  function programTarget(): TypedProgram | null {
    const typing = options.typing();
    if (typing === null) return null;
    const { pane, attachment } = typing;
    if (typed?.pane !== pane || typed.attachment !== attachment)
      typed = new TypedProgram(pane, attachment, (letter) => drawLetter(attachment.screen, letter));
    return typed;
  }

  function onMouse(event: MouseEvent, pane: string | null): void {
    // What began in another pane is that one's until its end.
    const place = event.kind === 'press' || event.kind === 'wheel' ? registry.paneAt(event.x, event.y) : null;
    const source = place?.pane.source;
    if (place && source?.onMouse) source.onMouse(event, event.x - place.rect.x, event.y - place.rect.y);
    else options.onMouse?.(event, pane);
  }

  /** What the program that is typed into asked of keyboard and mouse is asked of the terminal; and it hears that it has the focus. */
  function followProgram(): string {
    const program = programTarget();
    focus.follow(program);
    const wanted = program?.modes ?? ordinaryModes;
    const mouse = options.hasMouse === false ? 'none' : wanted.mouse === 'any' ? 'any' : 'drag';
    const sequence = modes.change({ ...wanted, mouse });
    if (sequence.startsWith(keyboardQuestion)) painter.resetPen();
    return sequence;
  }

  function paneChanged(pane: Pane): void {
    if (pane.source.isOwn) {
      // Behind the chrome's frame of the same moment: most often that paints both.
      queueMicrotask(() => scheduler.requestNow());
      return;
    }
    const isEcho = performance.now() - typedAt < echoWindowMs && options.typing()?.pane === pane.id;
    if (isEcho) scheduler.requestEcho(typedAt);
    else scheduler.requestFrame();
  }

  function paint(): void {
    const cursorPane = options.typing()?.pane ?? options.cursorPane?.() ?? null;
    const frame = compositor.compose(cursorPane, performance.now(), (pane) => registry.isMounted(pane));
    if (frame.waitMs !== null) scheduler.requestAfter(frame.waitMs);
    const bytes = painter.paint(frame.cells, frame.cursor, frame.isChanged);
    compositor.painted();
    if (bytes !== '') terminal.write(bytes);
    const asked = followProgram();
    if (asked !== '') sendExtra(asked);
  }

  /** At once, where it stands at the cursor: to look through all that may be new takes longer than the rest of a letter's way. */
  function drawLetter(screen: Screen, letter: Letter): boolean {
    const place = terminal.isReady ? compositor.placeOf(screen, letter.x, letter.y) : null;
    if (place === null) return false;
    const bytes = painter.type(place.x, place.y, letter.text, letter);
    if (bytes !== '') terminal.write(bytes);
    return bytes !== '';
  }

  function redraw(): void {
    painter.invalidate();
    scheduler.requestNow();
  }

  function sendExtra(sequence: string): void {
    extras += sequence;
    if (terminal.isReady) sendExtras();
  }

  function sendExtras(): void {
    const sequences = extras;
    extras = '';
    terminal.write(sequences);
  }
}

const chromeTarget: KeyTarget = { kind: 'chrome' };
