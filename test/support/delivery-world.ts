import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeliverTo } from '../../src/domain/delivery.ts';
import { createDelivery, type DeliveryOptions } from '../../src/git/delivery/create-delivery.ts';
import { openGit } from '../../src/git/open-git.ts';
import type { Aim, Delivered, Delivery, DeliveryRequest } from '../../src/ports/delivery.ts';
import type { Git, Worktree } from '../../src/ports/git.ts';
import { gitTestEnvironment, makeRepository, git as personGit, writeFiles } from './git-repository.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A repository on main with a bare remote `origin`, worktrees of runs, and delivery as the supervisor has it. */
export interface DeliveryWorld {
  folder: string;
  root: string;
  remote: string;
  environment: Record<string, string>;
  git: Git;
  delivery: Delivery;
  aim: Aim;
  to: DeliverTo;
  /** A worktree of the task `fg-<name>` on the branch `<name>`. */
  worktree(name: string, files?: Record<string, string | Buffer>): Promise<Worktree>;
  request(kind: DeliveryRequest['kind'], worktree: Worktree, changes?: Partial<DeliveryRequest>): DeliveryRequest;
  delivered(worktree: Worktree, commit: string, changes?: Partial<Delivered>): Delivered;
}

export async function openDeliveryWorld(
  files: Record<string, string | Buffer> = { 'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n' },
  options: Partial<DeliveryOptions> = {},
): Promise<DeliveryWorld> {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), files);
  const remote = join(folder, 'remote.git');
  personGit(folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'remote.git');
  personGit(root, 'remote', 'add', 'origin', remote);
  personGit(root, 'push', '--quiet', 'origin', 'main');
  const personal = join(folder, 'gitconfig');
  writeFileSync(personal, '[user]\n\tname = Ada\n\temail = ada@example.org\n');
  const environment = { ...gitTestEnvironment, GIT_CONFIG_GLOBAL: personal };
  const worktreesDirectory = join(folder, 'worktrees');
  const git = await openGit({ root, worktreesDirectory, environment });
  const delivery = createDelivery({
    ...{ root, commonDir: git.commonDir, environment, codeHost: () => null },
    patchesDirectory: () => join(folder, 'patches'),
    ...options,
  });
  const to = { branch: null, remote: 'origin', push: false };
  const aim = await delivery.aim(to.remote, 'head');
  return {
    ...{ folder, root, remote, environment, git, delivery, aim, to },
    async worktree(name, changed = {}) {
      const made = await git.ensureWorktree(join(worktreesDirectory, 'p', `fg-${name}`), name);
      writeFiles(made.path, changed);
      return made;
    },
    request: (kind, worktree, changes = {}) => ({
      ...{ kind, run: `fg-${worktree.branch}-1`, worktree, aim, to },
      task: { id: `fg-${worktree.branch}`, title: `Do ${worktree.branch}`, body: 'As it should be.' },
      templates: { commit: '{title}', prTitle: '{title}', prBody: '{body}' },
      ...{ isStealth: false, gates: [], copied: [], others: [], accepted: [] },
      ...changes,
    }),
    delivered: (worktree, commit, changes = {}) => ({
      ...{ run: `fg-${worktree.branch}-1`, worktree, aim, to, commit, pullRequest: null },
      ...changes,
    }),
  };
}

/** A script that leaves a mark when it is run, for what must never run. */
export function trap(folder: string, name: string): { path: string; mark: string } {
  const mark = join(folder, `${name}.ran`);
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho ran >> '${mark}'\nexit 0\n`);
  chmodSync(path, 0o755);
  return { path, mark };
}
