import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { batchAdd, batchCreate, batchRemove } from '../../src/app/operations/batch/change.ts';
import { batchList, batchStatus } from '../../src/app/operations/batch/read.ts';
import { budgetList } from '../../src/app/operations/budget/list.ts';
import { openProjectRegistry } from '../../src/config/projects.ts';
import { beginRun } from '../../src/machines/run-step.ts';
import type { Store } from '../../src/ports/store.ts';
import { ProjectWorld } from '../support/project-world.ts';

/** As an agent of a run that told $1.50 would. */
function spend(store: Store, task: string): void {
  const { status, snapshot } = beginRun({ endsByItself: true });
  const first = { event: { type: 'run.queued' }, status, snapshot, row: {} };
  const run = store.runs.create({ task, worker: 'ada', agent: 'claude' }, () => first).id;
  const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  store.usage.put({ run, agent: 'claude', conversation: run }, { key: '1', model: 'm', tokens, usd: 1.5, at: 1 });
}

/** A shop and a park, with a task each. */
async function twoProjects() {
  const world = await ProjectWorld.make('standard');
  const park = await world.add('park', 'pa');
  const sell = await world.run(({ store }) => store.tasks.add({ title: 'Sell bread' }).id);
  const plant = await world.run(({ store }) => store.tasks.add({ title: 'Plant a tree' }).id, park);
  return { world, park, sell, plant };
}

test('a batch holds tasks of two projects, and says the same of them in either', async () => {
  const { world, park, sell, plant } = await twoProjects();
  await world.run((here) => batchCreate.run(here, { name: 'spring', tasks: [sell] }));
  await world.run((here) => batchAdd.run(here, { name: 'spring', tasks: [plant] }));
  await world.run(({ store }) => store.tasks.close(plant), park);
  const seen = {
    name: 'spring',
    closed: 1,
    tasks: [
      { id: sell, project: 'shop', title: 'Sell bread', state: 'ready' },
      { id: plant, project: 'park', title: 'Plant a tree', state: 'closed' },
    ],
  };
  for (const root of [world.root, park]) {
    expect(await world.run((here) => batchStatus.run(here, { name: 'spring' }), root)).toMatchObject(seen);
  }
  await expect(world.run((here) => batchAdd.run(here, { name: 'spring', tasks: ['pa-none'] }))).rejects.toThrow(
    'there is no task pa-none',
  );
});

test('a task whose project is gone is told so, and can be taken out', async () => {
  const { world, sell, plant } = await twoProjects();
  await world.run((here) => batchCreate.run(here, { name: 'spring', tasks: [sell, plant] }));
  await openProjectRegistry(world.paths.projectsFile).remove('park');
  const { tasks } = await world.run((here) => batchStatus.run(here, { name: 'spring' }));
  expect(tasks[1]).toEqual({
    ...{ id: plant, project: 'park', title: '', cost: null },
    ...{ state: 'unknown', note: 'Forge knows no project park.' },
  });
  await world.run((here) => batchRemove.run(here, { name: 'spring', tasks: [plant] }));
  expect(await world.run((here) => batchList.run(here, {}))).toMatchObject([{ tasks: [{ id: sell }] }]);
});

test('what a batch cost is what its tasks cost, in whatever project, and a limit of one counts all of it', async () => {
  const { world, park, sell, plant } = await twoProjects();
  await world.run((here) => batchCreate.run(here, { name: 'spring', tasks: [sell, plant] }));
  for (const [root, task] of [
    [world.root, sell],
    [park, plant],
  ] as const)
    await world.run(({ store }) => spend(store, task), root);
  writeFileSync(world.paths.configFile, 'budget: { batchUsd: 2 }\n');
  const { cost, budget } = await world.run((here) => batchStatus.run(here, { name: 'spring' }));
  expect([cost?.usd, budget?.level]).toEqual([3, 'over']);
  expect(await world.run((here) => budgetList.run(here, {}), park)).toMatchObject([
    { scope: 'batch', name: 'spring', spent: { usd: 3 }, level: 'over' },
  ]);
});

test('batches that each project has kept by itself are there, and nothing of them is lost', async () => {
  const { world, park, sell, plant } = await twoProjects();
  for (const [root, task] of [
    [world.root, sell],
    [park, plant],
  ] as const) {
    const sqlite = new Sqlite(join(root, '.forge/forge.db'));
    sqlite.prepare("INSERT INTO batches VALUES ('spring', 5)").run();
    sqlite.prepare("INSERT INTO batch_tasks (task, batch) VALUES (?, 'spring')").run(task);
    sqlite.prepare("INSERT INTO grants (scope, name, usd, actor, at) VALUES ('batch', 'spring', 2, 'ada', 1)").run();
    sqlite.close();
  }
  const inShop = await world.run((here) => [here.batches.list(), here.store.ownBatches.list()]);
  expect(inShop).toEqual([[{ name: 'spring', createdAt: 5, tasks: [{ project: 'shop', task: sell }] }], []]);
  expect(world.said).toEqual([]);
  const inPark = await world.run((here) => [here.batches.get('spring-park').tasks, here.store.budgets.grants()], park);
  expect(inPark).toMatchObject([[{ project: 'park', task: plant }], [{ scope: 'batch', name: 'spring-park' }]]);
  expect(world.said).toEqual([
    'The batch spring of park is called spring-park now: another project has one of that name.',
  ]);
});
