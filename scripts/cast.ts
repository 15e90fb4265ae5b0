/** Records a day with Forge: a shell in a real pty, driven by keys at a person's pace, as an asciicast with chapters. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../test/support/until.ts';
import { type Chapter, day } from './pictures/day.ts';
import { Stage } from './pictures/stage.ts';

const file = fileURLToPath(new URL('../docs/pictures/day.cast', import.meta.url));

/** Size of the terminal, in cells, and below it the rows that say what is done. */
const size = { cols: 120, rows: 34 };
const captionRows = 3;

/** Between two letters, before a key that stands alone, to read a word of a caption, and to look at what has come, in ms. */
const letterMs = 55;
const keyMs = 350;
const wordMs = 180;
const lookMs = 2_500;

/** Without output for so long no frame is half written, in ms. */
const betweenFramesMs = 30;

/** A pause in which nothing is to be seen is no longer than this, in s. */
const pauseMax = 4;

const title = 'A day with Forge: tasks, dispatch, answers, review, delivery';
const height = size.rows + captionRows;
const header = { version: 2, width: size.cols, height, title, env: { TERM: 'xterm-256color' } };
const events: [seconds: number, kind: 'o' | 'm', data: string][] = [];
let at = 0;
let last = performance.now();

function record(kind: 'o' | 'm', data: string): void {
  const now = performance.now();
  at += Math.min(pauseMax, (now - last) / 1000);
  last = now;
  events.push([Number(at.toFixed(3)), kind, data]);
}

let isCaptionGone = true;

function onOutput(data: string): void {
  record('o', data);
  // The dashboard comes with a screen of its own, and the one before comes back when it is left.
  if (data.includes('\x1b[?1049')) isCaptionGone = true;
}

await using stage = await Stage.open({ ...size, theme: 'dark', project: 'lasting', speed: 0.7, onOutput });

for (const [index, chapter] of day.entries()) await play(chapter, index + 1);
writeFileSync(file, `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`);
process.stdout.write(`docs/pictures/day.cast: ${Math.round(at)} s\n`);
stage.leave('exit\r');

async function play(chapter: Chapter, number: number): Promise<void> {
  isCaptionGone = true;
  record('m', chapter.title);
  await show(captionOf(chapter, number));
  await delay(`${chapter.what} ${chapter.why}`.split(' ').length * wordMs);
  for (const step of chapter.steps) {
    if (step instanceof RegExp) {
      await stage.sees(step);
      await show(captionOf(chapter, number));
      await delay(lookMs);
    } else await press(typeof step === 'string' ? step : step(stage));
  }
}

async function show(caption: string): Promise<void> {
  if (!isCaptionGone) return;
  await until('no frame is being written', () => performance.now() - last > betweenFramesMs, { everyMs: 5 });
  record('o', caption);
  isCaptionGone = false;
}

/** A line letter by letter; a key alone, or one that is several bytes, at once. */
async function press(keys: string): Promise<void> {
  const isLine = keys.length > 1 && !keys.startsWith('\x1b');
  if (!isLine) await delay(keyMs);
  for (const letter of isLine ? keys : [keys]) {
    stage.press(letter);
    await delay(letterMs);
  }
  if (keys.startsWith('\x1b')) await delay(keyMs);
}

/** Below the screen, which it leaves as it was. */
function captionOf({ title: name, what, why }: Chapter, number: number): string {
  const head = `── ${number} of ${day.length} · ${name} `;
  const lines = [`\x1b[36m${head.padEnd(size.cols, '─')}`, ` ${what}`, ` \x1b[2m${why}`];
  const drawn = lines.map((line, row) => `\x1b[${size.rows + 1 + row};1H\x1b[m\x1b[2K${line}`);
  return `\x1b7${drawn.join('')}\x1b8`;
}
