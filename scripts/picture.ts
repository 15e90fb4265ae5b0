/** Takes the pictures of the documentation: the built program in a real pty, driven by keys, drawn as SVG. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderPicture } from '../src/ui/picture/render-picture.ts';
import { beginDay, fillDay } from './pictures/full-day.ts';
import { key, Stage } from './pictures/stage.ts';

const pictures = fileURLToPath(new URL('../docs/pictures', import.meta.url));
mkdirSync(pictures, { recursive: true });

/** How long the screen must stay as it is before its picture is taken, in ms: agents print, and diffs are counted, late. */
const calmMs = 2_500;

/** Of the pictures in cells: readable at the width of a README. */
const size = { cols: 120, rows: 34 };

await using stage = await Stage.open({ ...size, theme: 'dark', project: 'demo' });

async function take(name: string, title: string): Promise<void> {
  writeFileSync(join(pictures, `${name}.svg`), renderPicture(await stage.calm(calmMs), { title }));
  process.stdout.write(`docs/pictures/${name}.svg\n`);
}

/** Each with its keys, what tells that it is there, its name and what it shows; `esc` leads out of the last one. */
async function takeEach(
  shots: readonly (readonly [keys: string, seen: RegExp, name: string, title: string])[],
): Promise<void> {
  for (const [keys, seen, name, title] of shots) {
    stage.press(keys);
    await stage.sees(seen);
    await take(name, title);
  }
  stage.press(key.escape);
  await stage.sees(/WORKERS/);
}

await beginDay(stage);
await take('dashboard', 'The dashboard: one agent asks for permission, one has finished');
await takeEach([
  ['Aj', /Allow running the tests/, 'attention', 'Who waits, and below it the screen of the selected one'],
]);

stage.press('v');
await stage.sees(/@@.*@@/);
stage.press(key.tab, ']', 'j', 'j', 'j', 'j', 'c');
await stage.sees(/Comment on/);
stage.press('Say this in one place, so that both use it.', key.save);
await stage.sees(/1 not sent/);
await take('review', 'What a run changed, with a comment that goes back to its agent');
stage.press(key.escape);
await stage.seesNo(/c comment/);

stage.press('n');
await stage.sees(/New task/);
stage.press('Greet the whole team at once');
await take('new-task', 'A new task is typed');
stage.press(key.escape);
await stage.seesNo(/New task/);

await fillDay(stage, 'Greet the whole team at once');
await takeEach([
  ['B', /NEEDS YOU/, 'board', 'Every task by where it stands'],
  ['H', /took/, 'runs', 'The history of all runs'],
  ['S', /held up by/, 'batches', 'A batch, how far it is, and what holds it up'],
  ['T', /└─/, 'graph', 'What waits for what'],
  ['C', /BY DAY/, 'costs', 'What was spent by day, agent and task'],
  ['M', /answered/, 'messages', 'Prompts, and what became of them'],
]);

stage.press('L');
await stage.sees(/session host/);
// What programs are called here is nothing for others.
stage.press('/');
await stage.sees(/words that the line has/);
stage.press('supervisor', key.enter);
await stage.sees(/of \d+ {2}\/supervisor/);
await take('logs', 'What the supervisor wrote');
stage.press(key.escape);
await stage.seesNo(/\/supervisor/);
stage.press(key.escape);
await stage.sees(/WORKERS/);

// From the panes, where the day had led, to the list.
stage.press(key.escape);
await stage.calm(calmMs);
stage.press('g', 'j', 'j', 'j', 'j', 'j', 'd');
await stage.sees(/Dispatch demo-/);
await take('dispatch', 'Which worker takes the task');
stage.press(key.escape);
await stage.seesNo(/Dispatch demo-/);
stage.leave();
