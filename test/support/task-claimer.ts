/** A process of its own that claims tasks until there is none, a line of ids: node task-claimer.ts DIRECTORY WORKER. */
import { openStore } from '../../src/store/open-store.ts';

const [directory = '', worker = ''] = process.argv.slice(2);
const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
const ids: string[] = [];
for (let task = store.tasks.claim(worker, null); task !== null; task = store.tasks.claim(worker, null))
  ids.push(task.id);
store.dispose();
process.stdout.write(JSON.stringify(ids));
