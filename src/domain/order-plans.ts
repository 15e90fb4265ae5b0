import type { Plan } from './plan.ts';

type Edges = Pick<Plan, 'id' | 'dependsOn'>;

/** The plans so that each comes behind those that it depends on, or the circle that makes this impossible, as ids. */
export function orderPlans<T extends Edges>(plans: readonly T[]): { ordered: T[] } | { circle: string[] } {
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  const ordered = new Set<T>();
  for (const plan of plans) {
    const circle = visit(plan, [], byId, ordered);
    if (circle) return { circle };
  }
  return { ordered: [...ordered] };
}

/** `path`: ids from a plan that waits down to this one. */
function visit<T extends Edges>(
  plan: T,
  path: readonly string[],
  byId: ReadonlyMap<string, T>,
  ordered: Set<T>,
): string[] | null {
  if (ordered.has(plan)) return null;
  const start = path.indexOf(plan.id);
  if (start >= 0) return [...path.slice(start), plan.id];
  for (const id of plan.dependsOn) {
    const other = byId.get(id);
    const circle = other && visit(other, [...path, plan.id], byId, ordered);
    if (circle) return circle;
  }
  ordered.add(plan);
  return null;
}
