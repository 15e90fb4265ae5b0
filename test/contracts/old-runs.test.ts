import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OldRuns } from '../../src/app/supervisor/old-runs.ts';
import type { PruneStep } from '../../src/app/supervisor/worktree-control.ts';
import { ForgeError } from '../../src/base/errors.ts';
import type { RunStatus } from '../../src/domain/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What is left of runs that ended well long ago goes; what they did, and what others left, stays.

const dayMs = 86_400_000;

function open(runDays: number | null) {
  let now = 0;
  const store = openStore({
    directory: join(temporaryFolder(), '.forge'),
    prefix: 'fg',
    clock: () => now,
    jsonl: false,
  });
  onTestFinished(() => store.dispose());
  const did: string[] = [];
  let isHostThere = true;
  const context = { store, clock: () => now, settings: { keep: { runDays } } } as never;
  const step = (path: string, run: string): PruneStep => ({
    ...{ path, task: '', run, branch: 'b', stays: null, isKept: true, isBranchRemoved: false },
  });
  const oldRuns = () =>
    new OldRuns({
      context,
      host: {
        forget: async (session) => {
          if (!isHostThere) throw new ForgeError('host.unreachable', 'It is away.');
          did.push(`forget ${session}`);
        },
      },
      files: { write() {}, writtenAt: () => null, remove: (run) => void did.push(`file ${run}`) },
      worktrees: {
        plan: async ([path]) => {
          if (path === '/gone') throw new ForgeError('worktree.missing', 'There is none.');
          return [step(path, path.slice(1))];
        },
        remove: async (path) => {
          did.push(`worktree ${path}`);
          return { ...step(path, path.slice(1)), kept: 'refs/forge/kept/x/1' };
        },
      },
      log: (line) => did.push(line),
    });
  const add = (status: RunStatus, at: number, worktree?: string) => {
    now = at;
    const id = store.tasks.add({ title: 'A' }).id;
    const snapshot = { machineVersion: 1, snapshot: null };
    const run = store.runs.create({ task: id, worker: '', agent: '' }, ({ run: own }) => ({
      ...{ event: { type: 'run.queued' }, status, snapshot, row: { worktree: worktree ?? `/${own}` } },
    }));
    return run;
  };
  return {
    store,
    did,
    oldRuns,
    add,
    at: (time: number) => (now = time),
    host: (isThere: boolean) => (isHostThere = isThere),
  };
}

test('a run that ended well long ago loses its worktree, its recording and its file, once, and keeps its history', async () => {
  const { store, did, oldRuns, add, at } = open(30);
  const old = add('done', 0);
  const gone = add('done', 1, '/gone');
  for (const status of ['failed', 'cancelled', 'paused', 'awaiting'] as const) add(status, 2);
  add('done', 10 * dayMs);
  at(31 * dayMs);
  await oldRuns().look();
  await oldRuns().look();
  expect(did).toEqual([
    `worktree /${old.id}`,
    `forget ${old.session}`,
    `file ${old.id}`,
    `${old.id}: Cleaned up: the recordings of 1 session, its worktree /${old.id}, kept at refs/forge/kept/x/1.`,
    `forget ${gone.session}`,
    `file ${gone.id}`,
    `${gone.id}: Cleaned up: the recordings of 1 session.`,
  ]);
  expect(store.runs.events(old.id).map(({ type }) => type)).toEqual(['run.queued', 'run.cleaned']);
  expect(store.runs.get(old.id).status).toBe('done');
});

test('what could not be cleaned up is tried again; without a number of days all stays', async () => {
  const { did, oldRuns, add, at, host } = open(30);
  const old = add('done', 0);
  at(31 * dayMs);
  host(false);
  await oldRuns().look();
  host(true);
  expect(did.at(-1)).toContain(`${old.id}: not cleaned up: It is away.`);
  await oldRuns().look();
  expect(did.at(-1)).toContain('Cleaned up');

  const kept = open(null);
  kept.add('done', 0);
  kept.at(1_000 * dayMs);
  await kept.oldRuns().look();
  expect(kept.did).toEqual([]);
});
