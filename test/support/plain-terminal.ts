import xterm from '@xterm/headless';
import { UnicodeGraphemesAddon } from '../../src/sessions/screen/graphemes.ts';
import { CursorLook, type ScreenCells, screenCells } from './screen-cells.ts';

/** A person's terminal without a program: what is written is parsed at once. */
export class PlainTerminal {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #look: CursorLook;

  constructor(cols: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, logLevel: 'off' });
    this.#terminal.loadAddon(new UnicodeGraphemesAddon() as never);
    this.#look = new CursorLook(this.#terminal);
  }

  write(bytes: Uint8Array | string): void {
    (this.#terminal as unknown as { _core: { writeSync(bytes: Uint8Array | string): void } })._core.writeSync(bytes);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  cells(): ScreenCells {
    return screenCells(this.#terminal, this.#look);
  }
}
