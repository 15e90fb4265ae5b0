import { expect, test } from 'vitest';
import { batchCancel } from '../../src/app/operations/batch/cancel.ts';
import { batchDispatch } from '../../src/app/operations/batch/dispatch.ts';
import { holdsWorker } from '../../src/domain/run.ts';
import { ProjectWorld } from '../support/project-world.ts';
import { configureWorkers, RuntimeWorld } from '../support/runtime-world.ts';
import { until } from '../support/until.ts';

/** A shop and a park with three workers each, both open in one supervisor. */
async function supervised() {
  const world = await ProjectWorld.make('standard');
  const park = await world.add('park', 'pa');
  configureWorkers(world.root, 'fg', 3);
  configureWorkers(park, 'pa', 3);
  const runtimes = new RuntimeWorld(world);
  return { park, runtimes, shop: await runtimes.context(), garden: await runtimes.context(park) };
}

test('a queued run begins within a second of the closing of a task of another project that it waits for', async () => {
  const { runtimes, shop, garden } = await supervised();
  const plant = garden.store.tasks.add({ title: 'Plant a tree' });
  const sell = shop.store.tasks.add({ title: 'Sell apples', dependsOn: [plant.id] });
  const run = await shop.runs.dispatch(sell.id, null);
  expect(run).toMatchObject({ status: 'queued', reason: `Waits for ${plant.id} (in park).` });
  const view = await runtimes.watch();
  expect(view.tasks).toMatchObject([{ blockedBy: [plant.id], isReady: false }]);
  garden.store.tasks.close(plant.id);
  const within = { timeoutMs: 1_000 };
  await until('it is ready', () => view.tasks[0]?.isReady, within);
  await until('it has begun', () => shop.store.runs.get(run.id).status !== 'queued', within);
});

test('a batch is dispatched in each of its projects, at most so many at once over all, and cancelled in all', async () => {
  const { shop, garden } = await supervised();
  const ids = [shop, garden].flatMap(({ store }) => [1, 2].map((n) => store.tasks.add({ title: `Task ${n}` }).id));
  await shop.batches.create('spring', []);
  await shop.batches.add(
    'spring',
    ids.map((task) => ({ project: task.startsWith('pa') ? 'park' : 'shop', task })),
  );
  const other = garden.store.tasks.add({ title: 'Not of the batch' });
  const atWork = () =>
    [shop, garden].flatMap(({ store }) => store.runs.live().filter(({ status }) => holdsWorker(status))).length;
  const begun = await batchDispatch.run(shop, { name: 'spring', max: 1, except: [] });
  expect(begun.map(({ task }) => task).sort()).toEqual([...ids].sort());
  expect(garden.store.runs.list().some(({ task }) => task === other.id)).toBe(false);
  expect(atWork()).toBe(1);
  expect([...shop.store.runs.live(), ...garden.store.runs.live()].map(({ reason }) => reason)).toContain(
    'Waits: of those that were dispatched with it 1 may be at work at once.',
  );
  const cancelled = await batchCancel.run(garden, { name: 'spring' });
  expect(cancelled.map(({ task }) => task).sort()).toEqual([...ids].sort());
  expect([...shop.store.runs.live(), ...garden.store.runs.live()]).toEqual([]);
});

test('a batch whose project cannot be opened: the other runs are cancelled, and why not all is said', async () => {
  const { shop } = await supervised();
  const { id } = shop.store.tasks.add({ title: 'Sell apples' });
  await shop.batches.create('spring', []);
  await shop.batches.add('spring', [
    { project: 'nowhere', task: 'no-1' },
    { project: 'shop', task: id },
  ]);
  await batchDispatch.run(shop, { name: 'spring', except: [] });
  await expect(batchCancel.run(shop, { name: 'spring' })).rejects.toThrow(/nowhere.*Cancelled are: \S+-1\.$/);
  expect(shop.store.runs.live()).toEqual([]);
});
