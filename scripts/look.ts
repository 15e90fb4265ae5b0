/**
 * Takes every view and dialog of the dashboard, to be looked at: `npm run look -- FOLDER [dark|light] [full|empty] [120x40]`.
 * What is left out is all of them. The pictures are PNG; that needs `rsvg-convert`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CellBuffer } from '../src/domain/cells.ts';
import { darkPicture, lightPicture } from '../src/ui/picture/picture-theme.ts';
import { renderPicture } from '../src/ui/picture/render-picture.ts';
import { beginDay, fillDay } from './pictures/full-day.ts';
import { type Shot, shotsOfAny, shotsOfFullDay } from './pictures/shots.ts';
import { key, Stage } from './pictures/stage.ts';

/** How long the screen must stay as it is before its picture is taken, in ms: nothing is at work by then. */
const calmMs = 500;

/** Between two escapes: together they would be another key. */
const escapeMs = 120;

const [folder, ...words] = process.argv.slice(2);
if (!folder) throw new Error('Name the folder of the pictures: npm run look -- FOLDER');
mkdirSync(folder, { recursive: true });

const named = <T extends string>(all: readonly T[]) => {
  const chosen = all.filter((word) => words.includes(word));
  return chosen.length > 0 ? chosen : all;
};
const sizes = words.filter((word) => /^\d+x\d+$/.test(word));

for (const theme of named(['dark', 'light'])) for (const fill of named(['full', 'empty'])) await takeAll(theme, fill);

async function takeAll(theme: 'dark' | 'light', fill: 'full' | 'empty'): Promise<void> {
  await using stage = await Stage.open({ cols: 120, rows: 40, theme, project: fill === 'full' ? 'demo' : 'fresh' });
  await stage.sees(/WORKERS/);
  await stage.seesNo(/starting…/);
  if (fill === 'full') {
    await beginDay(stage);
    await fillDay(stage, 'お辞儀もする 🙇 and say so in every language that the table knows by now');
  }
  const shots = fill === 'full' ? [...shotsOfAny, ...shotsOfFullDay] : shotsOfAny;
  const chosen = shots.filter(({ name }) => words.includes(name));
  for (const size of sizes.length > 0 ? sizes : ['80x24', '120x40', '200x60']) {
    const [cols = 0, rows = 0] = size.split('x').map(Number);
    stage.resize(cols, rows);
    for (const shot of chosen.length > 0 ? chosen : shots) {
      const picture = renderPicture(await look(stage, shot), { theme: theme === 'dark' ? darkPicture : lightPicture });
      const file = join(folder, `${theme}-${fill}-${size}-${shot.name}.png`);
      execFileSync('rsvg-convert', ['--output', file], { input: picture });
    }
  }
  stage.leave();
}

async function look(stage: Stage, { steps, back = key.escape }: Shot): Promise<CellBuffer> {
  for (const step of steps) {
    if (typeof step === 'string') stage.press(step);
    else await stage.sees(step);
  }
  const cells = await stage.calm(calmMs);
  // However deep it led: further ones do nothing.
  for (const out of [back, key.escape, key.escape, key.escape]) {
    stage.press(out);
    await stage.calm(escapeMs);
  }
  await stage.sees(/WORKERS/);
  return cells;
}
