import { describe, expect, test } from 'vitest';
import { CellBuffer } from '../../../src/domain/cells.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';
import { Compositor } from '../../../src/ui/screen/compositor.ts';
import { Painter } from '../../../src/ui/screen/painter.ts';
import { PlainTerminal } from '../../support/plain-terminal.ts';
import { inPieces, seededRandom } from '../../support/random.ts';
import { type OutputPart, readRecordedOutput, recordedOutputs } from '../../support/recorded-output.ts';
import { difference } from '../../support/screen-cells.ts';

/** Longest piece that the output comes in, in bytes. */
const pieceMax = 3_000;

/** What a person sees of an emulator through compositor and painter, painted again after each piece. */
class PaintedScreen {
  readonly emulator: Emulator;
  readonly terminal: PlainTerminal;
  readonly #painter: Painter;
  readonly #compositor: Compositor;
  #now = 0;

  constructor(emulator: Emulator) {
    const { cols, rows } = emulator;
    this.emulator = emulator;
    this.terminal = new PlainTerminal(cols, rows);
    this.#painter = new Painter(cols, rows);
    this.#compositor = new Compositor(cols, rows);
    this.resize(cols, rows);
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows);
    this.#painter.invalidate(cols, rows);
    const pane = { id: 'pane', layer: 0, source: { screen: this.emulator } };
    const rect = { x: 0, y: 0, width: cols, height: rows };
    this.#compositor.setFrame(new CellBuffer(cols, rows), {
      panes: [{ pane, rect }],
      overlays: [],
      clickable: [],
      cursor: null,
    } as never);
  }

  paint(): void {
    // Every frame of a program is over by the next.
    this.#now += 1_000;
    const { cells, cursor, isChanged } = this.#compositor.compose('pane', this.#now);
    this.terminal.write(this.#painter.paint(cells, cursor, isChanged));
    this.#compositor.painted();
  }
}

async function write(emulator: Emulator, bytes: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve) => emulator.write(bytes, resolve));
}

describe.each(recordedOutputs)('the recorded output of %s', (name) => {
  const parts: OutputPart[] = readRecordedOutput(name);
  const [first] = parts as [OutputPart];

  test.each([1, 2, 3])('looks the same in a pane, in pieces (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const bare = new PlainTerminal(first.cols, first.rows);
    const painted = new PaintedScreen(new Emulator(first.cols, first.rows));
    for (const { cols, rows, output } of parts) {
      bare.resize(cols, rows);
      painted.emulator.resize(cols, rows);
      painted.resize(cols, rows);
      for (const piece of inPieces(Buffer.from(output), random, pieceMax)) {
        bare.write(piece);
        await write(painted.emulator, piece);
        painted.paint();
      }
      // What a frame left open was painted after its time.
      painted.paint();
      painted.paint();
      expect(difference(bare.cells(), painted.terminal.cells())).toBeNull();
    }
  });

  test('looks the same to one who attaches in the middle', async () => {
    const random = seededRandom(4);
    for (let at = 0; at < 8; at++) {
      const bare = new PlainTerminal(first.cols, first.rows);
      const host = new Emulator(first.cols, first.rows, { scrollback: 1_000 });
      let viewer = null as Emulator | null;
      const attachAt = random() * parts.reduce((sum, { output }) => sum + output.length, 0);
      let seen = 0;
      for (const { cols, rows, output } of parts) {
        bare.resize(cols, rows);
        host.resize(cols, rows);
        viewer?.resize(cols, rows);
        for (const piece of inPieces(Buffer.from(output), random, pieceMax)) {
          bare.write(piece);
          await write(host, piece);
          if (viewer) await write(viewer, piece);
          seen += piece.length;
          if (viewer || seen < attachAt) continue;
          viewer = new Emulator(cols, rows);
          await write(viewer, Buffer.concat([Buffer.from(snapshot(host)), host.unfinished]));
        }
        if (!viewer) continue;
        const painted = new PaintedScreen(viewer);
        painted.paint();
        painted.paint();
        expect(difference(bare.cells(), painted.terminal.cells()), `attached after ${attachAt} bytes`).toBeNull();
      }
    }
  });
});
