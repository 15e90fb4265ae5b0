import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { nearestWord } from '../../../base/nearest-word.ts';
import { orderPlans } from '../../../domain/order-plans.ts';
import { type Plan, planSchema } from '../../../domain/plan.ts';
import { gatesIn } from '../../../domain/run-options.ts';
import { plainTask, type TaskPatch, type TaskView } from '../../../domain/task.ts';
import { taskLine } from '../../../domain/task-line.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';

/** What became of the task of a plan. A closed one stays as it is. */
export interface TakenPlan {
  plan: string;
  task: string;
  became: 'added' | 'changed' | 'same' | 'closed';
}

export const planTake = storeOperation({
  name: 'plan.take',
  summary: 'Make tasks of plans, or bring those of an earlier time up to date',
  input: z.object({ plans: z.array(planSchema).min(1).max(500) }),
  run: (context, { plans }): TakenPlan[] => {
    refuseDoubles(plans);
    for (const plan of plans) checkPlan(context, plan);
    const order = orderPlans(plans);
    if ('circle' in order) {
      const at = plans.find(({ id }) => id === order.circle[0])?.at.dependsOn;
      throw new ForgeError('task.cycle', `${at}: the plans wait for each other: ${order.circle.join(' → ')}`, {
        next: 'Take one of these out of depends_on.',
      });
    }
    const { tasks } = context.store;
    const ids = plans.map(({ id }) => id);
    // All or none: what was killed in its middle is done anew.
    return tasks.together(() => {
      const taken = new Map(tasks.list().flatMap((task) => (task.plan === undefined ? [] : [[task.plan, task.id]])));
      return order.ordered.map((plan) => {
        const became = take(context, plan, taken, ids);
        taken.set(plan.id, became.task);
        return became;
      });
    });
  },
});

function take(
  { store: { tasks } }: OperationContext,
  plan: Plan,
  taken: ReadonlyMap<string, string>,
  ids: readonly string[],
): TakenPlan {
  const dependsOn = plan.dependsOn.map((name, index) => {
    const id = taken.get(name) ?? taskNamed(tasks, name);
    if (id !== null) return id;
    throw unknown(plan.at[`dependsOn.${index}`], `there is no plan or task ${name}`, name, [...taken.keys(), ...ids]);
  });
  const known = taken.get(plan.id);
  const before = known === undefined ? null : tasks.get(known);
  const patch = patchFor(plan, dependsOn, before);
  if (!before) return { plan: plan.id, task: tasks.add({ ...patch, title: plan.title }).id, became: 'added' };
  const { id } = before;
  if (before.status === 'closed') return { plan: plan.id, task: id, became: 'closed' };
  const after = tasks.edit(id, patch);
  return { plan: plan.id, task: id, became: isSame(before, after) ? 'same' : 'changed' };
}

/** A plan that says no more of something takes it back; priority and labels stay as somebody may have set them. */
function patchFor(plan: Plan, dependsOn: string[], before: TaskView | null): TaskPatch {
  const { id, title, body, priority, labels, agent, worker, gates, delivery, review, env = {} } = plan;
  const gone = Object.keys(before?.env ?? {}).map((name) => [name, null] as const);
  return {
    ...{ plan: id, title, body: body ?? '', dependsOn },
    ...(priority === undefined ? {} : { priority }),
    ...(labels === undefined ? {} : { labels }),
    ...{ agent: agent ?? null, worker: worker ?? null, gates: gates ?? null },
    ...{ delivery: delivery ?? null, review: review ?? null, env: { ...Object.fromEntries(gone), ...env } },
  };
}

function isSame(before: TaskView, after: TaskView): boolean {
  const told = (view: TaskView) => taskLine({ ...plainTask(view), updatedAt: 0 });
  return told(before) === told(after);
}

function taskNamed(tasks: OperationContext['store']['tasks'], name: string): string | null {
  try {
    return tasks.get(name).id;
  } catch (failure) {
    if (failure instanceof ForgeError) return null;
    throw failure;
  }
}

function refuseDoubles(plans: readonly Plan[]): void {
  const seen = new Map<string, Plan>();
  for (const plan of plans) {
    const other = seen.get(plan.id);
    if (other) {
      const [here, there] = [plan, other].map(({ at }) => at.id ?? at.dependsOn);
      throw new ForgeError('usage.invalid', `${here}: the id ${plan.id} is that of another plan too (${there}).`, {
        next: 'Give each plan an id of its own.',
      });
    }
    seen.set(plan.id, plan);
  }
}

function checkPlan(context: OperationContext, plan: Plan): void {
  const { settings } = context;
  const { agent, worker, gates, at } = plan;
  const agents = settings.agents.map(({ name }) => name);
  const workers = settings.workers.map(({ name }) => name);
  if (agent !== undefined && !agents.includes(agent))
    throw unknown(at.agent, `no agent is named ${agent}`, agent, agents);
  if (worker !== undefined && !workers.includes(worker))
    throw unknown(at.worker, `no worker is named ${worker}`, worker, workers);
  const [missing] = gatesIn({ gates }, settings).missing;
  const names = settings.gates.map(({ name }) => name);
  if (missing !== undefined)
    throw unknown(at[`gates.${gates?.indexOf(missing)}`], `the project has no gate ${missing}`, missing, names);
}

/** A name that nothing has, with the one that was meant, or all that there are. */
function unknown(at: string | undefined, problem: string, word: string, words: readonly string[]): ForgeError {
  const nearest = nearestWord(word, words);
  const hint = nearest === null ? `There are: ${words.join(', ') || 'none'}.` : `Did you mean ${nearest}?`;
  return new ForgeError('usage.invalid', `${at}: ${problem}. ${hint}`, { next: 'Correct the plan.' });
}
