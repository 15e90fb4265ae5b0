/** A process of its own that adds tasks, and says how long each took, in ms: node task-adder.ts DIRECTORY COUNT. */
import { openStore } from '../../src/store/open-store.ts';

const [directory = '', count = ''] = process.argv.slice(2);
const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
const times = Array.from({ length: Number(count) }, (_, n) => {
  const startedAt = performance.now();
  store.tasks.add({ title: `The ${n}th of ${process.pid}` });
  return performance.now() - startedAt;
});
store.dispose();
process.stdout.write(JSON.stringify(times));
