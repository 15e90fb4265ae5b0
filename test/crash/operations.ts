import type { InputOf, OperationName, OutputOf } from '../../src/app/operations.ts';
import { ForgeError } from '../../src/base/errors.ts';
import type { Run } from '../../src/domain/run.ts';
import type { CrashWorld } from './crash-world.ts';
import type { RunPromise } from './ledger.ts';
import { kinds } from './scripted-agents.ts';

/** What a person does, with what may be relied on when it was answered. */
export interface CrashOperation {
  name: string;
  weight: number;
  do(world: CrashWorld, random: () => number, number: number): Promise<void>;
}

type Answer<T> = { is: 'done'; value: T } | { is: 'refused' } | { is: 'unknown' };

/** Refused: nothing was done. Unknown: nobody answered. */
async function ask<Name extends OperationName>(
  world: CrashWorld,
  name: Name,
  input: InputOf<Name>,
): Promise<Answer<OutputOf<Name>>> {
  try {
    return { is: 'done', value: await (await world.client()).call(name, input) };
  } catch (failure) {
    if (!(failure instanceof ForgeError)) throw failure;
    return { is: failure.code === 'supervisor.unreachable' ? 'unknown' : 'refused' };
  }
}

const pick = <T>(list: readonly T[], random: () => number): T | undefined => list[Math.floor(random() * list.length)];

async function add(world: CrashWorld, title: string): Promise<void> {
  const { tasks, maybeAdded } = world.ledger;
  maybeAdded.add(title);
  const answer = await ask(world, 'task.add', { title });
  if (answer.is !== 'done') return;
  maybeAdded.delete(title);
  tasks.set(answer.value.id, new Set([title]));
}

async function liveRun(world: CrashWorld, random: () => number, status: RegExp): Promise<Run | undefined> {
  const runs = await ask(world, 'run.list', {});
  return runs.is === 'done'
    ? pick(
        runs.value.filter((run) => status.test(run.status)),
        random,
      )
    : undefined;
}

/** Something is asked of a run; `promise`: what holds when it was answered. */
function ofRun(name: 'run.approve' | 'run.cancel' | 'run.pause' | 'run.resume', promise: RunPromise, status: RegExp) {
  return async (world: CrashWorld, random: () => number) => {
    const run = await liveRun(world, random, status);
    if (!run) return;
    const { runs } = world.ledger;
    const before = runs.get(run.id) ?? 'none';
    // Until it is answered, both may hold.
    runs.set(run.id, 'none');
    const { is } = await ask(world, name, { run: run.id });
    runs.set(run.id, is === 'done' ? promise : is === 'refused' ? before : 'none');
  };
}

const statuses = /^(working|fixing|reviewing|paused)$/;

export const operations: readonly CrashOperation[] = [
  { name: 'add', weight: 4, do: (world, random, number) => add(world, `${number} ${pick(kinds, random)}`) },
  {
    name: 'edit',
    weight: 2,
    async do(world, random, number) {
      const known = pick([...world.ledger.tasks], random);
      if (!known) return;
      const [task, titles] = known;
      // Its last word says what its agent does.
      const title = `${number} ${[...titles][0]?.split(' ').at(-1)}`;
      titles.add(title);
      const { is } = await ask(world, 'task.edit', { id: task, patch: { title } });
      if (is === 'done') world.ledger.tasks.set(task, new Set([title]));
      else if (is === 'refused') titles.delete(title);
    },
  },
  {
    name: 'close',
    weight: 1,
    async do(world, random) {
      const task = pick([...world.ledger.tasks.keys()], random);
      if (task && (await ask(world, 'task.close', { id: task })).is === 'done') world.ledger.closed.add(task);
    },
  },
  {
    name: 'dispatch',
    weight: 6,
    async do(world, random) {
      const tasks = await ask(world, 'task.ready', {});
      const task = tasks.is === 'done' ? pick(tasks.value, random) : undefined;
      if (!task) return;
      const worker = task.title.includes('chat')
        ? `chat-${random() < 0.5 ? 3 : 4}`
        : `script-${Math.floor(random() * 3)}`;
      const run = await ask(world, 'run.dispatch', { task: task.id, worker });
      if (run.is === 'done') world.ledger.runs.set(run.value.id, 'none');
    },
  },
  { name: 'approve', weight: 4, do: ofRun('run.approve', 'accepted', statuses) },
  {
    name: 'cancel',
    weight: 2,
    do: ofRun('run.cancel', 'cancelled', /^(queued|preparing|working|paused|awaiting|gating|fixing)$/),
  },
  { name: 'pause', weight: 1, do: ofRun('run.pause', 'paused', /^working$/) },
  { name: 'resume', weight: 2, do: ofRun('run.resume', 'none', /^paused$/) },
  {
    name: 'rewind',
    weight: 1,
    async do(world, random) {
      const run = await liveRun(world, random, /^(paused|reviewing)$/);
      if (run) await ask(world, 'run.rewind', { run: run.id });
    },
  },
  {
    name: 'prune',
    weight: 1,
    async do(world, random) {
      const plan = await ask(world, 'worktree.plan', {});
      const step =
        plan.is === 'done'
          ? pick(
              plan.value.filter(({ stays }) => stays === null),
              random,
            )
          : undefined;
      if (step) await ask(world, 'worktree.remove', { path: step.path });
    },
  },
  {
    // A person takes what was delivered into the branch that it is for.
    name: 'merge',
    weight: 1,
    async do(world, random) {
      const run = await liveRun(world, random, /^awaiting$/);
      if (run?.branch) world.git('merge', '--quiet', '--no-edit', '-X', 'ours', '-m', 'Taken', run.branch);
    },
  },
  {
    name: 'prompt',
    weight: 2,
    async do(world, random, number) {
      const run = await liveRun(world, (): number => random(), /^(working|reviewing)$/);
      if (run?.agent !== 'chat') return;
      const text = `prompt ${number}`;
      const sent = await ask(world, 'session.send', { sessions: [run.session], text });
      if (sent.is === 'done') world.ledger.prompts.add(text);
    },
  },
];
