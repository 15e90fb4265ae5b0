import { expect, test } from 'vitest';
import { findCycle } from '../../src/domain/task-graph.ts';

const graph = [
  { id: 'a', dependsOn: ['b'] },
  { id: 'b', dependsOn: ['c', 'd'] },
  { id: 'c', dependsOn: [] },
  { id: 'd', dependsOn: [] },
];

test.each([
  { from: 'c', to: 'a', circle: ['c', 'a', 'b', 'c'] },
  { from: 'a', to: 'a', circle: ['a', 'a'] },
  { from: 'a', to: 'd', circle: null },
  { from: 'd', to: 'c', circle: null },
])('$from depending on $to closes $circle', ({ from, to, circle }) => {
  expect(findCycle((id) => graph.find((task) => task.id === id)?.dependsOn ?? [], from, to)).toEqual(circle);
});
