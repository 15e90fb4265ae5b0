import type { Task } from '../domain/task.ts';
import { findCycle } from '../domain/task-graph.ts';

type Edges = Pick<Task, 'id' | 'dependsOn'>;

/** More circles than this are not listed: mending one often opens the others. */
const CIRCLES_MAX = 5;

/** Circles among the dependencies, each from a task back to itself. Linear in the tasks when there is none. */
export function circlesOf(tasks: readonly Edges[]): string[][] {
  const circles: string[][] = [];
  const suspects = withoutOrder(tasks);
  const shown = new Set<string>();
  const dependsOn = new Map(suspects.map((task) => [task.id, task.dependsOn]));
  for (const task of suspects) {
    for (const dependency of shown.has(task.id) ? [] : task.dependsOn) {
      const circle = findCycle((id) => dependsOn.get(id) ?? [], task.id, dependency);
      if (circle === null) continue;
      for (const id of circle) shown.add(id);
      circles.push(circle);
      break;
    }
    if (circles.length >= CIRCLES_MAX) break;
  }
  return circles;
}

/** The tasks that no order of work reaches: those in a circle, and those that wait for one. */
function withoutOrder(tasks: readonly Edges[]): Edges[] {
  const known = new Set(tasks.map((task) => task.id));
  const waitsFor = new Map(tasks.map((task) => [task.id, task.dependsOn.filter((id) => known.has(id)).length]));
  const dependents = new Map<string, string[]>();
  for (const task of tasks) {
    for (const id of task.dependsOn) {
      const list = dependents.get(id);
      if (list === undefined) dependents.set(id, [task.id]);
      else list.push(task.id);
    }
  }
  const reached = tasks.filter((task) => waitsFor.get(task.id) === 0).map((task) => task.id);
  for (const id of reached) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = waitsFor.get(dependent)! - 1;
      waitsFor.set(dependent, left);
      if (left === 0) reached.push(dependent);
    }
  }
  const done = new Set(reached);
  return tasks.filter((task) => !done.has(task.id));
}
