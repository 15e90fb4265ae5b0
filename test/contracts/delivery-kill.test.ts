import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DeliveryWorld, openDeliveryWorld } from '../support/delivery-world.ts';
import { git, writeFiles } from '../support/git-repository.ts';
import { scriptedCodeHost } from '../support/scripted-code-host.ts';

const entry = join(import.meta.dirname, '../support/deliver-entry.ts');

/** A git that kills whoever called it, before or after its call of that number; without a number it only counts. */
function killingGit(world: DeliveryWorld): (when: 'before' | 'after' | null, call: number) => Record<string, string> {
  const [count, plan] = [join(world.folder, 'count'), join(world.folder, 'plan')];
  writeFiles(world.folder, {
    'bin/git': [
      ...['#!/bin/sh', `n=$(($(cat '${count}') + 1)); echo $n > '${count}'; . '${plan}'`],
      '[ "$n" = "$before" ] && { kill -9 $PPID; exit 1; }',
      `PATH='${process.env.PATH}' git "$@"; status=$?`,
      '[ "$n" = "$after" ] && kill -9 $PPID',
      'exit $status',
    ].join('\n'),
  });
  chmodSync(join(world.folder, 'bin/git'), 0o755);
  return (when, call) => {
    writeFileSync(count, '0');
    writeFileSync(plan, when === null ? 'true\n' : `${when}=${call}\n`);
    return { ...world.environment, PATH: `${join(world.folder, 'bin')}:${process.env.PATH}` };
  };
}

test('killed before or after any of its calls of git, delivery comes to the same end when it is repeated', async () => {
  const world = await openDeliveryWorld();
  const { command, rows } = scriptedCodeHost(world.folder);
  const environmentFor = killingGit(world);
  const deliver = async (name: string, environment: Record<string, string>): Promise<string> => {
    const worktree = { path: join(world.folder, 'worktrees', 'p', `fg-${name}`), branch: name, base };
    const file = join(world.folder, 'request.json');
    const patches = join(world.folder, 'patches');
    const made = { root: world.root, commonDir: world.git.commonDir, environment, command, patches };
    writeFileSync(file, JSON.stringify({ ...made, request: world.request('pr', worktree) }));
    return new Promise((done) => {
      execFile(process.execPath, [entry, file], (_, stdout) => done(stdout));
    });
  };
  const base = git(world.root, 'rev-parse', 'main').trim();
  const prepare = async (name: string) => {
    const worktree = await world.worktree(name, { [`${name}.txt`]: `${name}\n` });
    git(worktree.path, 'add', '-A');
    git(worktree.path, 'commit', '--quiet', '-m', 'by the agent');
    writeFiles(worktree.path, { [`${name}.txt`]: 'more\n', [`untracked-${name}.txt`]: 'u\n' });
  };

  await prepare('whole');
  expect(JSON.parse(await deliver('whole', environmentFor(null, 0)))).toMatchObject({ type: 'done' });
  const calls = Number(readFileSync(join(world.folder, 'count'), 'utf8'));
  expect(calls).toBeGreaterThan(15);

  // All of them with FORGE_KILL_STEPS=all; otherwise every third, each once before and once after.
  const everyStep = process.env.FORGE_KILL_STEPS === 'all';
  for (let call = 1; call <= calls; call++) {
    for (const when of ['before', 'after'] as const) {
      if (!everyStep && call % 3 !== (when === 'before' ? 0 : 1)) continue;
      const name = `${when}-${call}`;
      await prepare(name);
      expect(await deliver(name, environmentFor(when, call)), name).toBe('');
      const outcome = JSON.parse(await deliver(name, world.environment));
      expect(outcome, name).toMatchObject({ type: 'done', awaits: true });
      expect(git(world.root, 'log', '--format=%s', `main..${name}`), name).toBe(`Do ${name}\nby the agent\n`);
      expect(git(world.remote, 'rev-parse', name).trim(), name).toBe(outcome.commit);
      expect(git(join(world.folder, 'worktrees', 'p', `fg-${name}`), 'status', '--porcelain'), name).toBe('');
      expect(
        rows().filter(({ branch }) => branch === name),
        name,
      ).toHaveLength(1);
      git(world.root, 'worktree', 'remove', '--force', join(world.folder, 'worktrees', 'p', `fg-${name}`));
    }
  }
  expect(git(world.root, 'fsck', '--no-dangling')).not.toMatch(/error|missing/);
}, 600_000);
