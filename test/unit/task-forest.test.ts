import { expect, test } from 'vitest';
import type { TaskView } from '../../src/domain/task.ts';
import { taskForest } from '../../src/domain/task-forest.ts';
import { task } from '../support/project-view.ts';

function waits(id: string, ...blockedBy: string[]): TaskView {
  return task(id, id, { dependsOn: blockedBy, blockedBy, isReady: blockedBy.length === 0 });
}

/** A line a task: the branch, ◆ on the longest way, and what else it waits for. */
function drawn(tasks: TaskView[]): string[] {
  return taskForest(tasks).map(
    ({ task: { id }, branch, isCritical, alsoWaitsFor }) =>
      `${branch}${isCritical ? '◆' : ''}${id}${alsoWaitsFor.length > 0 ? ` (${alsoWaitsFor})` : ''}`,
  );
}

test('what waits stands below what it waits for, the longest way first and marked', () => {
  expect(
    drawn([
      waits('a'),
      waits('b', 'a'),
      waits('c', 'a'),
      waits('d', 'c'),
      waits('e', 'b', 'd'),
      waits('f'),
      waits('g'),
    ]),
  ).toEqual(['◆a', '├─ ◆c', '│  └─ ◆d', '│     └─ ◆e (b)', '└─ b', 'f', 'g']);
});

test('estimates decide which way is the longest', () => {
  const minutes = (view: TaskView, estimateMinutes: number) => ({ ...view, estimateMinutes });
  const tasks = [waits('a'), minutes(waits('b', 'a'), 90), minutes(waits('c', 'a'), 20), minutes(waits('d', 'c'), 20)];
  expect(drawn(tasks)).toEqual(['◆a', '├─ ◆b', '└─ c', '   └─ d']);
});

test('closed tasks are left out; where nothing waits nothing is critical', () => {
  expect(drawn([task('a', 'a', { status: 'closed' }), waits('b'), waits('c')])).toEqual(['b', 'c']);
});

test('how many each one frees is counted', () => {
  expect(taskForest([waits('a'), waits('b', 'a'), waits('c', 'a', 'b')]).map(({ frees }) => frees)).toEqual([2, 1, 0]);
});

test('what is in a circle stands by itself', () => {
  expect(drawn([waits('a', 'b'), waits('b', 'a'), waits('c')]).toSorted()).toEqual(['a (b)', 'b (a)', 'c']);
});

test('5,000 tasks in a row are drawn within bounds', () => {
  const row = Array.from({ length: 5_000 }, (_, index) => waits(`t${index}`, ...(index > 0 ? [`t${index - 1}`] : [])));
  const forest = taskForest(row);
  expect(forest).toHaveLength(5_000);
  expect(Math.max(...forest.map(({ branch }) => branch.length))).toBeLessThanOrEqual(24);
  expect(forest.at(-1)?.branch).toMatch(/^….*└─ $/);
});
