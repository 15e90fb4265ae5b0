import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlainTerminal } from '../support/plain-terminal.ts';
import { readRecordedOutput, recordedOutputs } from '../support/recorded-output.ts';
import { difference } from '../support/screen-cells.ts';
import { PaneView, SessionWorld } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';

const player = join(import.meta.dirname, '../support/output-player-entry.ts');

/** Nothing came for so long, in ms: the screen is settled. */
const quietMs = 100;

let world: SessionWorld;
beforeAll(async () => {
  world = new SessionWorld();
  await world.host;
});
afterAll(() => world[Symbol.asyncDispose]());

describe('what real programs wrote looks the same through the built program as in a bare terminal', () => {
  test.each(recordedOutputs)('%s, attached from the start, and later', async (name) => {
    const parts = readRecordedOutput(name);
    const [first] = parts;
    if (!first) throw new Error(`${name} is empty.`);
    await world.session(name, [process.execPath, player, name], world.folder(name), world.env, first);
    const bare = new PlainTerminal(first.cols, first.rows);
    const views = [await PaneView.open(world, name, 'attach', first)];
    for (const [at, { cols, rows, output }] of parts.entries()) {
      bare.resize(cols, rows);
      bare.write(output);
      for (const view of views) await view.resize({ cols, rows });
      for (const view of views) await looksLike(view);
      if (at === 0) views.push(await PaneView.open(world, name, 'attach', { cols, rows }));
      await looksLike(views.at(-1)!);
    }
    for (const view of views) view.terminal.dispose();

    async function looksLike(view: PaneView): Promise<void> {
      const seen = () => difference(bare.cells(), view.cells());
      const isSame = () => view.terminal.isQuiet(quietMs) && seen() === null;
      await until(`${name} looks the same`, isSame, { timeoutMs: 15_000, shown: () => seen() ?? '' });
      expect(seen()).toBeNull();
    }
  });
});
