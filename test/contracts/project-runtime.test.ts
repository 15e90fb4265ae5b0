import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HostLink } from '../../src/app/supervisor/host-link.ts';
import { ProjectRuntime } from '../../src/app/supervisor/project-runtime.ts';
import { SharedSpending } from '../../src/app/supervisor/shared-spending.ts';
import { SharedTurns } from '../../src/app/supervisor/shared-turns.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { forgePaths } from '../../src/config/paths.ts';
import { initProject } from '../../src/git/init-project.ts';
import { openProjectContext } from '../../src/main/project-context.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { gitTestEnvironment, makeRepository } from '../support/git-repository.ts';
import { ProjectWorld } from '../support/project-world.ts';
import { RuntimeWorld } from '../support/runtime-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const emptyHost = {
  list: async () => [],
  watch: async () => ({ dispose() {} }),
  onClose: () => ({ dispose() {} }),
  dispose() {},
};

test('which sessions there are is told when a host was reached, not before: who types into one is not thrown out', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'shop'));
  const environment = { ...gitTestEnvironment, FORGE_HOME: join(folder, 'f') } as Record<string, string>;
  mkdirSync(environment.FORGE_HOME);
  await initProject({ cwd: root, mode: 'standard', prefix: 'fg', environment });
  const context = await openProjectContext({
    repository: root,
    paths: forgePaths(environment),
    environment,
    actor: 'ada',
    warn() {},
  });
  const reached = Promise.withResolvers<SessionHost>();
  const host = new HostLink(
    () => reached.promise,
    () => {},
  );
  const runtime = new ProjectRuntime({
    ...{ context, host, clock: Date.now, worktrees: join(folder, 'w'), log() {} },
    turns: new SharedTurns(),
    spending: new SharedSpending(),
    files: { write() {}, writtenAt: () => null, remove() {} },
    setup: createWorktreeSetup(() => ({}), createPortBlocks(join(folder, 'ports'))),
    delivery: {
      aim: async () => ({ branch: 'main', url: null }),
      deliver: async () => ({ type: 'failed', reason: '' }),
      merged: async () => null,
    },
  });
  const told: Partial<ProjectView>[] = [];
  await runtime.watch((slices) => told.push(slices));
  expect(told.map((slices) => slices.sessions)).toEqual([undefined]);
  expect(told[0]?.tasks).toEqual([]);

  reached.resolve(emptyHost as unknown as SessionHost);
  await until('the sessions are told', () => told.some(({ sessions }) => sessions?.length === 0));
  runtime.dispose();
  host.dispose();
});

test('who begins to watch later hears when something is again as an earlier one was told', async () => {
  const runtimes = new RuntimeWorld(await ProjectWorld.make('standard'));
  const runtime = await runtimes.open();
  const { tasks } = runtime.context.store;
  const watch = async () => {
    const view = {} as ProjectView;
    return { view, held: await runtime.watch((slices) => Object.assign(view, slices)) };
  };
  const first = await watch();
  tasks.add({ title: 'Sell apples' });
  await until('the first is told of one task', () => first.view.openTasks === 1);
  first.held.dispose();
  const second = tasks.add({ title: 'Sell pears' });
  const { view } = await watch();
  expect(view.openTasks).toBe(2);
  tasks.close(second.id);
  await until('the second is told of one task', () => view.openTasks === 1, { timeoutMs: 3_000 });
});
