import chalk from 'chalk';
import { Box, render, useWindowSize } from 'ink';
import type { ReactNode } from 'react';
import type { Disposable } from '../../base/disposable.ts';
import { CellBuffer } from '../../domain/cells.ts';
import type { Theme } from '../theme.ts';
import { drawFrame } from './frame-cells.ts';
import { VirtualStdin, VirtualStdout } from './virtual-tty.ts';

/** A frame of a full chrome takes 3 to 10 ms of a core: state that changes more often than this is drawn together. */
const framesPerSecondMax = 60;

export interface ChromeOptions {
  element: ReactNode;
  cols: number;
  rows: number;
  /** By default the terminal's own colours. */
  theme?: Theme | undefined;
  /** Each element as words, one after the other, and no picture of it. Default false. */
  isScreenReader?: boolean | undefined;
  /** A frame is drawn and laid out: `cells` holds it, and Ink elements can be measured. */
  onFrame(): void;
  /** It is no longer busy. */
  onSettled?(): void;
}

/** Everything that Ink draws, as cells. Ink itself never touches the terminal. */
export interface Chrome extends Disposable {
  readonly cells: CellBuffer;
  /** Settles when the element is gone; rejects with the error that a component threw. */
  readonly finished: Promise<void>;
  resize(cols: number, rows: number): void;
  /** Keys and pastes for Ink, as a terminal would send them. Handlers have run when it returns. */
  input(bytes: Uint8Array): void;
  /** What the last key opened is not mounted yet and would not hear the next one: nothing typed ahead may be lost. */
  readonly isBusy: boolean;
}

/** Renders `element` in a box of exactly the given size; what goes beyond is cut. */
export function mountChrome(options: ChromeOptions): Chrome {
  // Chrome has all its colours whatever CI, NO_COLOR or FORCE_COLOR say: the painter reduces them for the terminal.
  chalk.level = 3;
  let cells = new CellBuffer(options.cols, options.rows);
  let lastFrame = '';
  let isOpen = true;
  let isAnnounced = false;
  let isBusy = false;
  const stdin = new VirtualStdin();
  const stdout = new VirtualStdout(options.cols, options.rows, (frame) => {
    if (!isOpen) return;
    drawFrame(frame, cells, options.theme, lastFrame);
    lastFrame = frame;
    announce();
  });
  const instance = render(<Viewport>{options.element}</Viewport>, {
    stdout,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: new VirtualStdout(options.cols, options.rows, () => {}),
    maxFps: framesPerSecondMax,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    isScreenReaderEnabled: options.isScreenReader ?? false,
    // Also when the text is the same: boxes without text may have moved.
    onRender: announce,
  });

  return {
    get cells() {
      return cells;
    },
    finished: instance.waitUntilExit() as Promise<void>,
    resize(cols, rows) {
      cells = new CellBuffer(cols, rows);
      drawFrame(lastFrame, cells, options.theme);
      stdout.resize(cols, rows);
    },
    get isBusy() {
      return isBusy;
    },
    input(bytes) {
      stdin.push(bytes);
      if (!isBusy) settle();
    },
    dispose() {
      if (!isOpen) return;
      isOpen = false;
      instance.unmount();
    },
  };

  /** Two turns: React renders in the first, and runs the effects that listen for keys in the second. */
  function settle(): void {
    isBusy = true;
    setImmediate(() =>
      setImmediate(() => {
        isBusy = false;
        if (isOpen) options.onSettled?.();
      }),
    );
  }

  /** Ink renders in the middle of React's commit; refs and layout effects of the new elements come after it. */
  function announce(): void {
    if (isAnnounced) return;
    isAnnounced = true;
    queueMicrotask(() => {
      isAnnounced = false;
      if (isOpen) options.onFrame();
    });
  }
}

function Viewport({ children }: { children: ReactNode }): ReactNode {
  const { columns, rows } = useWindowSize();
  return (
    <Box width={columns} height={rows}>
      {children}
    </Box>
  );
}
