import { expect, onTestFinished, test } from 'vitest';
import type { OperationContext } from '../../src/app/context.ts';
import { batchAdd, batchCreate, batchRemove } from '../../src/app/operations/batch/change.ts';
import { taskAdd } from '../../src/app/operations/task/add.ts';
import { taskClose } from '../../src/app/operations/task/close.ts';
import { taskDependencyAdd, taskDependencyRemove } from '../../src/app/operations/task/depend.ts';
import { taskEdit, taskEditMany } from '../../src/app/operations/task/edit.ts';
import { taskPriority } from '../../src/app/operations/task/priority.ts';
import { taskReopen } from '../../src/app/operations/task/reopen.ts';
import { redo, undo } from '../../src/app/operations/undo/take-back.ts';
import { runOperation } from '../../src/app/run-operation.ts';
import { beginRun } from '../../src/machines/run-step.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ProjectWorld } from '../support/project-world.ts';

const takeBack = (here: OperationContext) => runOperation<{ words: string }>(undo, {}, here);
const doAgain = (here: OperationContext) => runOperation<{ words: string }>(redo, {}, here);

/** A shop with two tasks, which were there before anybody could take something back. */
async function shop() {
  const world = await ProjectWorld.make('standard');
  const add = (title: string) => world.run(({ store }) => store.tasks.add({ title }).id);
  return { world, bread: await add('Bread'), buns: await add('Buns') };
}

/** As another process has it open. */
function storeOf(world: ProjectWorld, actor: string, isPerson = true): Store {
  const directory = `${world.root}/.forge`;
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true, actor, isPerson });
  onTestFinished(() => store.dispose());
  return store;
}

test('what was done last is taken back first, each step with words of its own', async () => {
  const { world, bread, buns } = await shop();
  const long = 'flour, '.repeat(100);
  await world.run(async (here) => {
    const shown = () => here.store.tasks.details(bread);
    const { comments: _, history: __, updatedAt: ___, ...before } = shown();
    await runOperation(taskEdit, { id: bread, patch: { body: long, labels: ['sweet'], env: { OVEN: 'hot' } } }, here);
    await runOperation(taskEdit, { id: bread, patch: { body: 'water', parent: buns } }, here);
    await runOperation(taskPriority, { id: bread, by: -1 }, here);
    await runOperation(taskDependencyAdd, { id: bread, dependsOn: buns }, here);
    await runOperation(taskClose, { id: bread }, here);
    await runOperation(taskReopen, { id: bread }, here);
    await runOperation(taskDependencyRemove, { id: bread, dependsOn: buns }, here);
    const words = [];
    const states = [];
    for (let step = 0; step < 5; step++) {
      words.push((await takeBack(here)).words);
      states.push([shown().status, shown().dependsOn.length]);
    }
    expect(words).toEqual([
      `what it waits for of ${bread}, “Bread”`,
      `opening again ${bread}, “Bread”`,
      `closing ${bread}, “Bread”`,
      `what it waits for of ${bread}, “Bread”`,
      `priority 1 instead of 2 of ${bread}, “Bread”`,
    ]);
    expect(states).toEqual([
      ['open', 1],
      ['closed', 1],
      ['open', 1],
      ['open', 0],
      ['open', 0],
    ]);
    await takeBack(here);
    expect(shown()).toMatchObject({ body: long, parent: null, labels: ['sweet'] });
    await takeBack(here);
    expect(shown()).toMatchObject(before);
    expect(shown().env).toBeUndefined();
    await expect(takeBack(here)).rejects.toMatchObject({ code: 'undo.nothing' });
  });
});

test('many tasks that were changed at once are one step, and a new task is closed', async () => {
  const { world, bread, buns } = await shop();
  await world.run(async (here) => {
    const { tasks } = here.store;
    await runOperation(taskEditMany, { where: 'status:open', patch: { addLabels: ['soon'] }, isSure: true }, here);
    const { id } = await runOperation<{ id: string }>(taskAdd, { title: 'Cake' }, here);
    expect(await takeBack(here)).toMatchObject({ words: `adding ${id}, “Cake”`, tasks: [id] });
    expect(tasks.get(id).status).toBe('closed');
    expect(await takeBack(here)).toMatchObject({ words: 'changing labels of 2 tasks' });
    expect([bread, buns].map((task) => tasks.get(task).labels)).toEqual([[], []]);
  });
});

test('what somebody changed since is left alone, and all of the step with it', async () => {
  const { world, bread, buns } = await shop();
  await world.run(async (here) => {
    const { tasks } = here.store;
    await runOperation(taskEditMany, { where: 'status:open', patch: { priority: 0 }, isSure: true }, here);
    const other = storeOf(world, 'bo');
    other.tasks.step(() => other.tasks.edit(buns, { title: 'Rolls' }));
    expect((await takeBack(here)).words).toBe('priority 0 instead of 2 of 2 tasks');
    await runOperation(taskEditMany, { where: 'status:open', patch: { priority: 1 }, isSure: true }, here);
    other.tasks.step(() => other.tasks.edit(buns, { priority: 4 }));
    await expect(takeBack(here)).rejects.toThrow(`${buns} was changed since then: priority.`);
    expect([bread, buns].map((task) => tasks.get(task).priority)).toEqual([1, 4]);
    expect(other.steps.newest(false)).toMatchObject({ changes: [{ task: buns, after: { priority: 4 } }] });
  });
});

test('a task that a run has is not closed by taking back that it was opened', async () => {
  const { world, bread } = await shop();
  await world.run(async (here) => {
    await runOperation(taskClose, { id: bread }, here);
    await runOperation(taskReopen, { id: bread }, here);
    const { status, snapshot } = beginRun({ endsByItself: true });
    const first = { event: { type: 'run.queued' }, status, snapshot, row: {} };
    here.store.runs.create({ task: bread, worker: 'ada', agent: 'claude' }, () => first);
    await expect(takeBack(here)).rejects.toMatchObject({ code: 'task.running' });
    expect(here.store.steps.newest(false)).not.toBeNull();
  });
});

test('a dependency does not come back into a circle', async () => {
  const { world, bread, buns } = await shop();
  await world.run(async (here) => {
    const { tasks } = here.store;
    tasks.addDependency(bread, buns);
    await runOperation(taskDependencyRemove, { id: bread, dependsOn: buns }, here);
    tasks.addDependency(buns, bread);
    await expect(takeBack(here)).rejects.toMatchObject({ code: 'task.cycle' });
  });
});

test('a place in a batch is taken back, unless the task was moved since', async () => {
  const { world, bread, buns } = await shop();
  await world.run(async (here) => {
    const batchOf = (task: string) => here.batches.of({ project: 'shop', task });
    await runOperation(batchCreate, { name: 'spring', tasks: [bread] }, here);
    await runOperation(batchAdd, { name: 'spring', tasks: [bread, buns] }, here);
    await runOperation(batchRemove, { name: 'spring', tasks: [bread] }, here);
    expect((await takeBack(here)).words).toBe(`putting ${bread} out of the batch spring`);
    expect(batchOf(bread)).toBe('spring');
    expect((await takeBack(here)).words).toBe(`putting ${buns} into the batch spring`);
    expect([bread, buns].map(batchOf)).toEqual(['spring', null]);
    await here.batches.remove('spring', [{ project: 'shop', task: bread }]);
    await expect(takeBack(here)).rejects.toThrow(`${bread} is in no batch by now.`);
  });
});

test('what was taken back is done again, the last of it first, until something else is done', async () => {
  const { world, bread, buns } = await shop();
  await world.run(async (here) => {
    const { tasks } = here.store;
    const { id: cake } = await runOperation<{ id: string }>(taskAdd, { title: 'Cake', labels: ['sweet'] }, here);
    await runOperation(taskEdit, { id: bread, patch: { body: 'water', parent: buns } }, here);
    await runOperation(taskClose, { id: bread }, here);
    await runOperation(batchCreate, { name: 'spring', tasks: [buns] }, here);
    const standing = () => [
      ...[bread, buns, cake].map((task) => {
        const { status, body, parent, labels } = tasks.get(task);
        return { status, body, parent, labels };
      }),
      here.batches.of({ project: 'shop', task: buns }),
    ];
    const after = standing();
    await expect(doAgain(here)).rejects.toMatchObject({ code: 'undo.nothing' });
    const back = [];
    for (let step = 0; step < 4; step++) back.push((await takeBack(here)).words);
    expect(tasks.get(cake).status).toBe('closed');
    const again = [];
    for (let step = 0; step < 4; step++) again.push((await doAgain(here)).words);
    expect(again).toEqual(back.toReversed());
    expect(standing()).toEqual(after);
    await expect(doAgain(here)).rejects.toMatchObject({ code: 'undo.nothing' });

    await takeBack(here);
    await takeBack(here);
    await runOperation(taskPriority, { id: buns, by: -1 }, here);
    await expect(doAgain(here)).rejects.toMatchObject({ code: 'undo.nothing' });
    expect((await takeBack(here)).words).toBe(`priority 1 instead of 2 of ${buns}, “Buns”`);
  });
});

test('it is not done again over what somebody changed since', async () => {
  const { world, bread } = await shop();
  await world.run(async (here) => {
    await runOperation(taskEdit, { id: bread, patch: { title: 'Rolls' } }, here);
    await takeBack(here);
    storeOf(world, 'bo').tasks.edit(bread, { title: 'Baguette' });
    await expect(doAgain(here)).rejects.toThrow(`${bread} was changed since then: title.`);
    expect(here.store.tasks.get(bread).title).toBe('Baguette');
    expect(here.store.steps.newest(true)).not.toBeNull();
  });
});

test('what an agent did in its run, and what Forge does itself, is not for the person to take back', async () => {
  const { world, bread } = await shop();
  const agent = storeOf(world, 'ada', false);
  agent.tasks.step(() => agent.tasks.edit(bread, { priority: 0 }));
  const person = storeOf(world, 'ada');
  person.tasks.close(bread);
  expect(person.steps.newest(false)).toBeNull();
});
