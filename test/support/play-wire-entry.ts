import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Plays an agent's program from a recording of record-wire-entry.ts: says what it said, when it has been told what it was told.
// Each start plays the next part. WIRE_STARTS is a folder in which the starts are counted.
const { WIRE_FILE = '', WIRE_STARTS = '' } = process.env;

interface Entry {
  start?: string[];
  in?: string;
  prompt?: string;
  out?: string;
  err?: string;
  told?: string;
  exit?: number | null;
  signal?: NodeJS.Signals | null;
}

const entries = readFileSync(WIRE_FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Entry);
const starts = entries.flatMap(({ start }, index) => (start ? [index] : []));
const turn = readdirSync(WIRE_STARTS).length;
writeFileSync(join(WIRE_STARTS, String(turn)), '');
const part = entries.slice(starts[turn], starts[turn + 1] ?? entries.length);

const heard: string[] = [];
let wake = () => {};
let rest = '';
let isOver = false;
let told = '';
const take = (chunk: string) => {
  const lines = (rest + chunk.replaceAll(process.cwd(), '/project')).split('\n');
  rest = lines.pop() ?? '';
  heard.push(...lines);
  wake();
};
process.stdin.setEncoding('utf8').on('data', take);
process.stdin.on('end', () => {
  isOver = true;
  wake();
});
process.on('SIGTERM', () => {
  told = 'SIGTERM';
  wake();
});

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

function expectSame(wanted: unknown, got: unknown): void {
  if (JSON.stringify(wanted) === JSON.stringify(got)) return;
  process.stderr.write(`the recording was told ${JSON.stringify(wanted)} and this was told ${JSON.stringify(got)}\n`);
  process.exit(99);
}

// The event loop has to have a reason to wait for a signal.
const alive = setInterval(() => {}, 60_000);
for (const entry of part) {
  if (entry.start)
    expectSame(
      entry.start,
      process.argv.slice(2).map((each) => each.replaceAll(process.cwd(), '/project')),
    );
  if (entry.in !== undefined) expectSame(entry.in, await until(() => heard.shift()));
  if (entry.prompt !== undefined)
    expectSame(entry.prompt, await until(() => (isOver ? [...heard, rest].join('\n') : undefined)));
  if (entry.out !== undefined) process.stdout.write(`${entry.out}\n`);
  if (entry.err !== undefined) process.stderr.write(`${entry.err}\n`);
  if (entry.told !== undefined) await until(() => told || undefined);
  if (entry.exit !== undefined) {
    clearInterval(alive);
    process.removeAllListeners('SIGTERM');
    if (entry.signal) process.kill(process.pid, entry.signal);
    else process.exit(entry.exit ?? 0);
  }
}
