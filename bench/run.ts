/** Measures and prints; judges nothing and writes nothing. */
import { availableParallelism } from 'node:os';
import { bundled } from './bundled.ts';
import { withBusyCores } from './busy-cores.ts';
import { aims, type Figure, table } from './figure.ts';
import { isHelp, isLoaded, isProgramEcho, isQuick, names } from './options.ts';

const benches = [
  'cold-start',
  'key-to-echo',
  'chatty-sessions',
  'throughput',
  'frames',
  'views',
  'memory',
  'reattach',
  'processor-time',
  'create-task',
  'tasks',
  'checkpoint',
  'many-runs',
  'events',
  'worktrees',
];

const usage = `node bench/run.ts [NAME...] [--quick] [--loaded] [--program-echo]

Without a name all of them, which takes about a quarter of an hour: ${benches.join(', ')}.

  --quick          few repetitions, for a first look
  --loaded         beside one busy loop a core
  --program-echo   of key-to-echo: ui.localEcho off, the program's own letter is waited for
  --help           this

bench/README.md says what each measures.
`;
if (isHelp) {
  process.stdout.write(usage);
  process.exit(0);
}
const unknown = names.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${benches.join(', ')}.\n`);
  process.exit(2);
}
const how = [
  isQuick ? 'few repetitions' : '',
  isProgramEcho ? 'ui.localEcho off' : '',
  isLoaded ? `${availableParallelism()} busy loops beside` : '',
];
const title = how.filter(Boolean).join(', ');
const all: Figure[] = [];
await withBusyCores(isLoaded ? availableParallelism() : 0, async () => {
  for (const name of names.length > 0 ? names : benches) {
    const { measure } = await bundled<{ measure(): Promise<Figure[]> }>(`${name}.ts`);
    const figures = await measure();
    all.push(...figures);
    process.stdout.write(`\n${name} (ms unless it says so${title && `; ${title}`})\n${table(figures)}\n`);
  }
});
if (aims(all) !== '') process.stdout.write(`\n${aims(all)}\n`);
