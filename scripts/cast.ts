/** Records a day with Forge: the demo in a real pty, driven by keys at a person's pace, as an asciicast with chapters. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { key, Stage } from './pictures/stage.ts';

const file = fileURLToPath(new URL('../docs/pictures/day.cast', import.meta.url));

/** Size of the terminal, in cells. */
const size = { cols: 120, rows: 34 };

/** Between two letters, and to look at what has come, in ms. */
const letterMs = 55;
const lookMs = 2_500;

/** A pause in which nothing is to be seen is no longer than this, in s. */
const pauseMax = 3;

const title = 'A day with Forge: tasks, dispatch, answers, review, delivery';
const header = { version: 2, width: size.cols, height: size.rows, title, env: { TERM: 'xterm-256color' } };
const events: [seconds: number, kind: 'o' | 'm', data: string][] = [];
let at = 0;
let last = performance.now();

function record(kind: 'o' | 'm', data: string): void {
  const now = performance.now();
  at += Math.min(pauseMax, (now - last) / 1000);
  last = now;
  events.push([Number(at.toFixed(3)), kind, data]);
}

const onOutput = (data: string) => record('o', data);
await using stage = await Stage.open({ ...size, theme: 'dark', project: 'demo', speed: 2, onOutput });

/** A chapter: keys are pressed, words are typed, and each thing is waited for and looked at. */
async function play(chapter: string, ...steps: readonly (string | RegExp)[]): Promise<void> {
  record('m', chapter);
  for (const step of steps) {
    if (typeof step !== 'string') {
      await stage.sees(step);
      await delay(lookMs);
    } else if (step.startsWith('\x1b')) {
      stage.press(step);
      await delay(lookMs / 2);
    } else
      for (const letter of step) {
        stage.press(letter);
        await delay(letterMs);
      }
  }
}

await play('Tasks', /○ Refuse an empty name/);
await play('A new task', 'n', /New task/, 'Greet the whole team at once', key.save, /is added/);
await play('Dispatch', 'd', /Dispatch demo-/, key.down, key.enter, /● 1 working/);
await play('All that is ready', 'D', /● 2 working/, /▲ 1 needs you/);
await play('An answer in the pane', 'w', key.enter, /TYPING/, '1', /Finished. Tell me/, key.leader, /q leave/);
await play(
  'Who waits',
  'A',
  /Allow running the tests/,
  'g',
  /Allow running the tests/,
  '1',
  /was typed for/,
  key.escape,
);
await play('Board', /complete: look[\s\S]+complete: look/, 'B', /REVIEW 2/, key.right, key.escape);
await play('Review', 'w', 'v', /@@/, key.tab, ']', 'jjjj', 'c', /Comment on/);
await play('A comment', 'Use it in farewell(), too.', key.save, /1 not sent/);
await play('Sent back', 'S', /1 sent/, 'q', /know my script/);
await play('Accepted', 'w', 'a', /Accept the work/, 'y', /✓ 1 done/);
await play('Delivered', 'H', /took/, 'G', 't', /Deliver demo-/, key.down, key.down, key.enter, /It is in/, key.escape);
await play('What waits for what', 'T', /└─/, key.escape, /WORKERS/);
writeFileSync(file, `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`);
process.stdout.write(`docs/pictures/day.cast: ${Math.round(at)} s\n`);
stage.leave();
