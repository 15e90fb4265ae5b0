import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { OperationContext } from '../../src/app/context.ts';
import { taskEditMany } from '../../src/app/operations/task/edit.ts';
import { taskImport } from '../../src/app/operations/task/exchange.ts';
import { taskList } from '../../src/app/operations/task/list.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const path = join(import.meta.dirname, '../../docs/reference/task.schema.json');
const published = JSON.parse(readFileSync(path, 'utf8')) as { $defs: Record<string, object> };

/** The value as it is printed, held against the published schema. */
function conforms(name: string, value: unknown): void {
  const schema = z.fromJSONSchema(published.$defs[name] as Parameters<typeof z.fromJSONSchema>[0]);
  const parsed = schema.safeParse(JSON.parse(JSON.stringify(value)));
  expect(parsed.error?.issues, name).toBeUndefined();
}

test('what the commands print is what the published schema says', async () => {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: Date.now, jsonl: true });
  onTestFinished(() => store.dispose());
  const context = {
    store,
    project: { name: 'p', root: '/p' },
    settings: { agents: [] },
  } as unknown as OperationContext;
  const a = store.tasks.add({ title: 'a', env: { A: 'b' }, estimateMinutes: 3 });
  const b = store.tasks.add({ title: 'b', dependsOn: [a.id], related: [a.id], parent: a.id, assignee: 'ada' });
  store.tasks.comment(a.id, 'said');
  store.tasks.edit(a.id, { priority: 0, acceptance: 'x' });
  conforms('task', a);
  conforms('details', store.tasks.details(a.id));
  conforms('history', store.tasks.details(a.id).history);
  conforms('tasks', taskList.run(context, taskList.input.parse({ where: 'label:x' })));
  conforms('tasks', taskList.run(context, taskList.input.parse({})));
  conforms('claim', store.tasks.claim('w', null));
  conforms('claim', store.tasks.claim('w', null));
  conforms('many', taskEditMany.run(context, { where: 'b', patch: {}, isSure: false }));
  conforms(
    'import',
    await taskImport.run(context, { path: '/p/a.md', content: '- [ ] c', isDryRun: true, format: 'markdown' }),
  );
  for (const task of store.export()) conforms('line', task);
  expect(() => conforms('task', { ...b, isReady: 'yes' })).toThrow();
});
