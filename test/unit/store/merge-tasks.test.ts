import { expect, test } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import { circlesOf } from '../../../src/store/circles-of.ts';
import { findIds } from '../../../src/store/find-id.ts';
import { mergeTask } from '../../../src/store/merge-tasks.ts';

const task = (fields: Partial<Task>) => ({ id: 'a', title: 't', updatedAt: 1, ...fields }) as Task;

test.each([
  ['only ours', { title: 'o' }, { title: 'x' }, { title: 'o' }, 'x'],
  ['only theirs', { title: 'o' }, { title: 'o' }, { title: 'x' }, 'x'],
  ['both the same', { title: 'o' }, { title: 'x' }, { title: 'x' }, 'x'],
  ['both, theirs newer', { title: 'o' }, { title: 'x', updatedAt: 2 }, { title: 'y', updatedAt: 3 }, 'y'],
  ['both, ours newer', { title: 'o' }, { title: 'x', updatedAt: 4 }, { title: 'y', updatedAt: 3 }, 'x'],
  ['both, equally old', { title: 'o' }, { title: 'x' }, { title: 'y' }, 'x'],
  ['no ancestor', null, { title: 'x' }, { title: 'y', updatedAt: 2 }, 'y'],
])('%s changed', (_, ancestor, ours, theirs, title) => {
  expect(mergeTask(ancestor && task(ancestor), task(ours), task(theirs)).title).toBe(title);
});

test('a field that one side removed is removed', () => {
  expect(mergeTask(task({ x: 1 }), task({ x: 1 }), task({}))).toEqual(task({}));
  expect(mergeTask(task({}), task({}), task({ x: 1 }))).toEqual(task({ x: 1 }));
});

test.each([
  ['fg-ab', ['fg-ab']],
  ['ab', ['fg-ab']],
  ['a', ['fg-ab', 'fg-abc']],
  ['c', ['fg-abc']],
  ['', []],
])('%j means %j', (typed, found) => {
  expect(findIds(['fg-ab', 'fg-abc'], 'fg', typed)).toEqual(found);
});

test('circles are found among tasks that merely wait for one', () => {
  const graph = { a: ['b'], b: ['c'], c: ['b'], d: [], e: ['d', 'gone'] };
  const tasks = Object.entries(graph).map(([id, dependsOn]) => task({ id, dependsOn }));
  expect(circlesOf(tasks)).toEqual([['b', 'c', 'b']]);
});

test('comments and history are sets: what either side has is there once, oldest first', () => {
  const said = (at: number, by: string) => ({ at, by, text: 'x' });
  const ours = task({ comments: [said(1, 'a'), said(3, 'a')], assignee: 'ada' });
  const theirs = task({ comments: [said(1, 'a'), said(2, 'b')], estimateMinutes: 5 });
  expect(mergeTask(task({ comments: [said(1, 'a')] }), ours, theirs)).toEqual(
    task({ comments: [said(1, 'a'), said(2, 'b'), said(3, 'a')], assignee: 'ada', estimateMinutes: 5 }),
  );
});
