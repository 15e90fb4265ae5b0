/** Measures and prints; judges nothing and writes nothing. `node bench/run.ts [NAME…] [--quick] [--loaded]`: only those. */
import { availableParallelism } from 'node:os';
import { withBusyCores } from './busy-cores.ts';
import { aims, type Figure, table } from './figure.ts';
import { isLoaded, isQuick, names } from './options.ts';

const benches: Record<string, () => Promise<{ measure(): Promise<Figure[]> }>> = {
  'cold-start': () => import('./cold-start.ts'),
  'key-to-echo': () => import('./key-to-echo.ts'),
  throughput: () => import('./throughput.ts'),
  frames: () => import('./frames.ts'),
  memory: () => import('./memory.ts'),
  reattach: () => import('./reattach.ts'),
  'processor-time': () => import('./processor-time.ts'),
  'chatty-sessions': () => import('./chatty-sessions.ts'),
  'create-task': () => import('./create-task.ts'),
};

const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
const how = [isQuick ? 'few repetitions' : '', isLoaded ? `${availableParallelism()} busy loops beside` : ''];
const title = how.filter(Boolean).join(', ');
const all: Figure[] = [];
await withBusyCores(isLoaded ? availableParallelism() : 0, async () => {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const { measure } = await benches[name]();
    const figures = await measure();
    all.push(...figures);
    process.stdout.write(`\n${name} (ms unless it says so${title && `; ${title}`})\n${table(figures)}\n`);
  }
});
if (aims(all) !== '') process.stdout.write(`\n${aims(all)}\n`);
