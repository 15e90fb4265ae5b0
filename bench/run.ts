/** Measures and prints; judges nothing and writes nothing. `node bench/run.ts [NAME…]`: only those. */
import { type Figure, table } from './figure.ts';

const benches: Record<string, () => Promise<{ measure(): Promise<Figure[]> }>> = {
  'cold-start': () => import('./cold-start.ts'),
  'key-to-echo': () => import('./key-to-echo.ts'),
  'create-task': () => import('./create-task.ts'),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
  const { measure } = await benches[name]();
  process.stdout.write(`\n${name} (ms)\n${table(await measure())}\n`);
}
