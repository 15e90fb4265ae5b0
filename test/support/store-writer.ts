/** A process of its own that adds tasks to a store: node store-writer.ts DIRECTORY NAME COUNT. */
import { openStore } from '../../src/store/open-store.ts';

const [directory, name, count] = process.argv.slice(2);
const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
for (let n = 0; n < Number(count); n++) store.tasks.add({ title: `${name} ${n}` });
store.dispose();
