import { expect, onTestFinished, test } from 'vitest';
import { SilenceWatch } from '../../src/app/supervisor/silence-watch.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { openStore } from '../../src/store/open-store.ts';
import { git, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worktreeWorld } from '../support/worktree-world.ts';

const minute = 60_000;

test('what an agent commits is work as much as what it has not committed: who commits each step is not silent', async () => {
  const world = await worktreeWorld();
  const made = await world.make('fg-1');
  let now = 1_000_000;
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => now, jsonl: false });
  onTestFinished(() => store.dispose());
  const { id: task } = store.tasks.add({ title: 'Bake bread' });
  const snapshot = { machineVersion: 1, snapshot: null };
  const { id, session } = store.runs.create({ task, worker: 'ada', agent: 'claude' }, () => ({
    ...{ event: { type: 'run.queued' }, status: 'working', snapshot, row: { worktree: made.path } },
  }));
  // A spinner turns, and nothing else is on its screen.
  const facts = {
    id: session,
    labels: { run: id, agent: 'claude' },
    get lastOutputAt() {
      return now;
    },
  };
  const watch = new SilenceWatch({
    context: {
      store,
      settings: { agents: [{ name: 'claude', timeoutMs: 5 * minute }] } as unknown as Settings,
      agents: { adapterOfOrNull: () => null },
    } as never,
    host: { known: () => [facts as unknown as SessionFacts], screen: async () => ['⠋ Thinking…'] },
    stateOf: () => 'busy',
    clock: () => now,
    log() {},
  });
  const passes = async (commits: boolean, n: number) => {
    if (commits) {
      writeFiles(made.path, { [`step-${n}.txt`]: `${n}\n` });
      git(made.path, 'add', '--all');
      git(made.path, 'commit', '--quiet', '-m', 'wip');
      expect(git(made.path, 'status', '--porcelain')).toBe('');
    }
    store.runs.setDiffStat(id, await world.opened.diffStat(made));
    now += 4 * minute;
    watch.look();
    await new Promise(setImmediate);
  };
  for (let n = 0; n < 5; n += 1) {
    await passes(true, n);
    expect(watch.since(session)).toBeNull();
  }
  const lastAt = now;
  await passes(false, 0);
  await passes(false, 0);
  expect(watch.since(session)).toBe(lastAt);
});
