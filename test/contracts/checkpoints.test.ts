import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OperationContext } from '../../src/app/context.ts';
import { CheckpointUpkeep } from '../../src/app/supervisor/checkpoint-upkeep.ts';
import { Checkpoints } from '../../src/app/supervisor/checkpoints.ts';
import { refOf } from '../../src/domain/checkpoint.ts';
import type { Run } from '../../src/domain/run.ts';
import { openGit } from '../../src/git/open-git.ts';
import { openStore } from '../../src/store/open-store.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dayMs = 86_400_000;

/** A project with one run whose worktree is there, and a clock to be set. */
async function project() {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const time = { now: 1_000 * dayMs };
  const store = openStore({ directory: join(folder, 'store'), prefix: 'fg', clock: () => time.now, jsonl: false });
  onTestFinished(() => store.dispose());
  const opened = await openGit({ root, worktreesDirectory: join(folder, 'worktrees'), environment });
  const settings = { keep: { days: 30, perRun: 3 } };
  const context = { store, git: opened, settings, project: { name: 'p', root } } as unknown as OperationContext;
  const log: string[] = [];
  const shared = { context, log: (line: string) => log.push(line), clock: () => time.now };
  const checkpoints = () => new Checkpoints({ ...shared, statusOf: () => null, onChange() {} });
  const upkeep = () => new CheckpointUpkeep(shared);
  const begin = async (title: string): Promise<Run> => {
    const { id: task } = store.tasks.add({ title });
    const step = { status: 'working' as const, snapshot: { machineVersion: 1, snapshot: {} } };
    const { id } = store.runs.create({ task, worker: title, agent: 'a' }, () => ({
      ...step,
      event: { type: 'run.queued' },
      row: {},
    }));
    const made = await opened.ensureWorktree(join(folder, 'worktrees', 'p', task), `forge/${task}`);
    const row = { worktree: made.path, branch: made.branch, base: made.base };
    return store.runs.append(id, { ...step, event: { type: 'worktree.prepared' }, row });
  };
  const end = (run: Run) => {
    const step = { status: 'done' as const, snapshot: { machineVersion: 1, snapshot: {} }, row: {} };
    return store.runs.append(run.id, { ...step, event: { type: 'run.approved' } });
  };
  const refs = () => git(root, 'for-each-ref', '--format=%(refname)', 'refs/forge').split('\n').filter(Boolean);
  return { root, store, git: opened, time, log, checkpoints, upkeep, begin, end, refs };
}

const write = (run: Run, text: string) => writeFileSync(join(run.worktree as string, 'a.txt'), text);

test('a checkpoint is made before each turn that changed something, one row and one ref each', async () => {
  const { begin, checkpoints, store, refs } = await project();
  const run = await begin('Bake');
  const made = checkpoints();
  await Promise.all([made.before(run.id, 'its work'), made.before(run.id, 'a prompt at its pane')]);
  write(run, 'changed\n');
  await made.before(run.id, 'a prompt');
  expect(store.checkpoints.list(run.id, 'checkpoints')).toMatchObject([
    { number: 1, why: 'its work', files: 0 },
    { number: 2, why: 'a prompt', files: 1 },
  ]);
  expect(refs()).toEqual([1, 2].map((number) => `refs/forge/checkpoints/${run.id}/${number}`));
});

test('a row whose ref was not made before a kill is finished, one whose commit is gone is given up', async () => {
  const { begin, store, git: opened, upkeep, refs } = await project();
  const run = await begin('Bake');
  const { commit } = await opened.snapshots.take({ path: run.worktree, branch: '', base: run.base } as never, {
    message: 'm',
  });
  const row = { run: run.id, kind: 'kept' as const, why: 'w', content: 'c', head: null, files: 0, leftOut: [] };
  store.checkpoints.note({ ...row, commit });
  store.checkpoints.note({ ...row, commit: '1'.repeat(40) });
  await upkeep().mend();
  expect(refs()).toEqual([`refs/forge/kept/${run.id}/1`]);
  expect(store.checkpoints.list(run.id, 'kept')).toMatchObject([{ number: 1, commit }]);
  expect(store.checkpoints.inState('noted')).toEqual([]);
});

test('kept work of a database that was lost is known again, and its numbers are not used twice', async () => {
  const { begin, root, store, upkeep, checkpoints } = await project();
  const run = await begin('Bake');
  git(root, 'update-ref', `refs/forge/kept/${run.id}/1`, 'HEAD');
  git(root, 'update-ref', `refs/forge/kept/${run.id}/2`, 'HEAD');
  // Before anybody looked.
  expect(await checkpoints().keep(run, 'the end')).toMatchObject({ number: 3 });
  await upkeep().mend();
  expect(store.checkpoints.list(run.id, 'kept').map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('a rewind that a kill broke off is done by the next supervisor, and is in the history', async () => {
  const { begin, checkpoints, store } = await project();
  const run = await begin('Bake');
  write(run, 'then\n');
  const made = checkpoints();
  await made.before(run.id, 'its work');
  const [then] = store.checkpoints.list(run.id, 'checkpoints');
  write(run, 'now\n');
  const kept = await made.keep(run, 'going back');
  store.checkpoints.beginRewind(run.id, refOf(then!), kept.number, 'ada');
  const next = checkpoints();
  await next.finishRewinds();
  expect(git(run.worktree as string, 'diff')).toContain('+then');
  expect(store.checkpoints.openRewinds()).toEqual([]);
  expect(store.runs.events(run.id).at(-1)).toMatchObject({ type: 'worktree.rewound', payload: { kept: refOf(kept) } });
  // And back: what was there is not lost.
  await next.rewindAtRest(run, { ref: refOf(kept) }, 'ada');
  expect(git(run.worktree as string, 'diff')).toContain('+now');
});

test('a rewind that is asked for again after a kill is not done twice', async () => {
  const { begin, checkpoints, store, time } = await project();
  const run = await begin('Bake');
  const made = checkpoints();
  for (const text of ['1\n', '2\n']) {
    await made.before(run.id, 'a prompt');
    write(run, text);
  }
  const since = time.now;
  const first = await made.rewind(run, null, 'gates', since);
  expect(first.to.number).toBe(2);
  expect(await checkpoints().rewind(run, null, 'gates', since)).toEqual(first);
  time.now += 1;
  expect((await checkpoints().rewind(run, null, 'gates', time.now)).to.number).toBe(1);
  expect(store.runs.events(run.id).filter(({ type }) => type === 'worktree.rewound')).toHaveLength(2);
});

test('what somebody did between a kill and the end of the rewind is kept too', async () => {
  const { begin, checkpoints, store, root } = await project();
  const run = await begin('Bake');
  const made = checkpoints();
  await made.before(run.id, 'its work');
  write(run, 'now\n');
  const kept = await made.keep(run, 'going back');
  store.checkpoints.beginRewind(run.id, `refs/forge/checkpoints/${run.id}/1`, kept.number, 'ada');
  write(run, 'typed while no supervisor was there\n');
  await checkpoints().finishRewinds();
  expect(git(run.worktree as string, 'status', '--porcelain')).toBe('');
  expect(git(root, 'show', `refs/forge/kept/${run.id}/${kept.number + 1}:a.txt`)).toContain('typed while');
});

test('a rewind that fails is told, and never done later by itself', async () => {
  const { begin, checkpoints, store } = await project();
  const run = await begin('Bake');
  const made = checkpoints();
  await made.before(run.id, 'its work');
  write(run, 'now\n');
  git(run.worktree as string, 'checkout', '-q', '-b', 'side');
  git(run.worktree as string, 'worktree', 'add', '-q', '../elsewhere', run.branch as string);
  await expect(made.rewindAtRest(run, 1, 'ada')).rejects.toThrow('is checked out in');
  expect(store.checkpoints.openRewinds()).toEqual([]);
});

test('what is old goes, but never the last of a task whose work is not merged', async () => {
  const { root, begin, end, checkpoints, store, time, upkeep, refs } = await project();
  const run = await begin('Bake');
  const made = checkpoints();
  for (const text of ['1\n', '2\n', '3\n', '4\n', '5\n']) {
    write(run, text);
    await made.before(run.id, 'a prompt');
  }
  await upkeep().prune();
  // Of a live run the newest three, by the settings.
  expect(store.checkpoints.list(run.id, 'checkpoints').map(({ number }) => number)).toEqual([3, 4, 5]);
  git(run.worktree as string, 'commit', '-qam', 'Baked');
  await made.keep(run, 'the end of the run');
  end(run);
  time.now += 31 * dayMs;
  await upkeep().prune();
  expect(refs()).toEqual([`refs/forge/kept/${run.id}/1`]);
  git(root, 'merge', '-q', run.branch as string);
  await upkeep().prune();
  expect(refs()).toEqual([]);
  expect(store.checkpoints.list(run.id, 'kept')).toEqual([]);
});

test('work that was kept uncommitted stays, though its branch was merged', async () => {
  const { begin, end, checkpoints, time, upkeep, refs } = await project();
  const run = await begin('Bake');
  writeFiles(run.worktree as string, { 'b.txt': 'never committed\n' });
  await checkpoints().keep(run, 'the end of the run');
  end(run);
  time.now += 31 * dayMs;
  await upkeep().prune();
  expect(refs()).toHaveLength(1);
});

test('a removal that a kill broke off is finished', async () => {
  const { begin, checkpoints, store, upkeep, refs } = await project();
  const run = await begin('Bake');
  await checkpoints().before(run.id, 'its work');
  const [one] = store.checkpoints.list(run.id, 'checkpoints');
  store.checkpoints.setState(one!, 'going');
  await upkeep().mend();
  expect(refs()).toEqual([]);
  expect(store.checkpoints.list(run.id, 'checkpoints')).toEqual([]);
});
