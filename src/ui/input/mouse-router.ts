import type { ScreenModes } from '../../domain/screen-state.ts';
import { type MouseEvent, noButton } from './mouse-event.ts';
import { encodeMouse } from './mouse-report.ts';

/** A place on the screen of a pane's program. `isOnScreen`: false in the margin beside a screen smaller than its pane. */
export interface PanePlace {
  pane: string;
  x: number;
  y: number;
  isOnScreen: boolean;
}

/** The pane that is typed into. */
export interface MouseTarget {
  pane: string;
  modes: Pick<ScreenModes, 'mouse' | 'mouseEncoding' | 'alternateScreen' | 'alternateScroll' | 'applicationCursorKeys'>;
  send(bytes: Uint8Array): void;
}

export interface MouseRouterOptions {
  target(): MouseTarget | null;
  /** What shows at a cell of the terminal; null: the chrome. */
  paneAt(x: number, y: number): PanePlace | null;
  /** The place on the screen of this pane that is nearest to the cell; null when it is not shown. */
  nearestIn(pane: string, x: number, y: number): { x: number; y: number } | null;
  /** What no program gets, with the pane under the pointer. */
  onMouse(event: MouseEvent, pane: string | null): void;
}

/** Lines that one step of the wheel moves where it is turned into arrow keys. */
const linesPerStep = 3;

/**
 * Gives the mouse to the program that is typed into, where the pointer is over its screen and it asked for it. A button that
 * was pressed there stays the program's until it is let go, also outside of the pane; one that was not never becomes its.
 */
export function createMouseRouter(options: MouseRouterOptions): (event: MouseEvent) => void {
  /** The pane whose program got the press, 'other' for one that nobody or somebody else got. */
  let holder: { pane: string | null; code: number } | null = null;

  return (event) => {
    const target = options.target();
    if (holder !== null && (event.kind === 'drag' || event.kind === 'release')) {
      // Older forms do not say which button was let go.
      const held = event.code === noButton ? { ...event, code: holder.code } : event;
      const { pane } = holder;
      if (event.kind === 'release') holder = null;
      if (pane === null) giveAway(held);
      else if (pane === target?.pane) give(held, target, options.nearestIn(pane, event.x, event.y));
      return;
    }
    const place = options.paneAt(event.x, event.y);
    const isTheirs = target !== null && place?.pane === target.pane && place.isOnScreen;
    const hasMouse = isTheirs && target.modes.mouse !== 'none';
    if (event.kind === 'press') holder = { pane: hasMouse ? target.pane : null, code: event.code };
    if (hasMouse) give(event, target, place);
    else if (isTheirs && event.wheel !== 0 && target.modes.alternateScreen && target.modes.alternateScroll) {
      const letter = event.wheel < 0 ? 'A' : 'B';
      const arrow = `\u001b${target.modes.applicationCursorKeys ? 'O' : '['}${letter}`;
      target.send(Buffer.from(arrow.repeat(linesPerStep), 'latin1'));
    } else options.onMouse(event, place?.pane ?? null);
  };

  function give(event: MouseEvent, target: MouseTarget, place: { x: number; y: number } | null): void {
    const report = place === null ? '' : encodeMouse(event, place.x, place.y, target.modes);
    if (report !== '') target.send(Buffer.from(report, 'latin1'));
  }

  function giveAway(event: MouseEvent): void {
    options.onMouse(event, options.paneAt(event.x, event.y)?.pane ?? null);
  }
}
