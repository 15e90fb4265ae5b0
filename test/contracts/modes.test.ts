import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import type { InitRequest } from '../../src/cli/forge-cli.ts';
import { forgePaths } from '../../src/config/paths.ts';
import { findRepository } from '../../src/git/find-repository.ts';
import { initHere } from '../../src/main/init-here.ts';
import { openProjectContext, type ProjectContext } from '../../src/main/project-context.ts';
import { syncProject } from '../../src/main/sync-project.ts';
import { git, gitTestEnvironment, makeRepository } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const coded = (code: ErrorCode) => expect.objectContaining({ code });

/** A person's machine: a home of Forge, and repositories in one folder. */
class Machine {
  readonly folder = temporaryFolder();
  readonly bin = join(this.folder, 'bin');
  readonly environment: Record<string, string>;
  constructor() {
    const home = join(this.folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.com\n');
    const { GIT_CONFIG_GLOBAL: _, ...rest } = gitTestEnvironment;
    this.environment = { ...rest, HOME: home, FORGE_HOME: join(this.folder, 'f'), PATH: `${this.bin}:${rest.PATH}` };
  }

  /** The built program, where git finds it for hooks and merges. */
  installForge(): void {
    mkdirSync(this.bin);
    const entry = resolve(import.meta.dirname, '../../bin/forge');
    writeFileSync(join(this.bin, 'forge'), `#!/bin/sh\nexec ${process.execPath} ${entry} "$@"\n`, { mode: 0o755 });
  }

  git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd,
      env: this.environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  init(cwd: string, request: Partial<InitRequest> = {}) {
    const full = {
      mode: 'standard',
      branch: null,
      prefix: null,
      hooks: true,
      isUpgrade: false,
      isConfirmed: false,
    } as const;
    return initHere({ ...full, ...request }, cwd, forgePaths(this.environment), this.environment);
  }

  async run<T>(root: string, act: (context: ProjectContext) => T | Promise<T>): Promise<T> {
    const { environment } = this;
    const repository = await findRepository(root, environment);
    const context = await openProjectContext({
      ...{ repository, paths: forgePaths(environment), environment, actor: 'ada', warn() {} },
    });
    try {
      return await act(context);
    } finally {
      context.dispose();
    }
  }

  add(root: string, title: string) {
    return this.run(root, ({ store }) => store.tasks.add({ title }).id);
  }

  titles(root: string) {
    return this.run(root, ({ store }) =>
      store.tasks
        .list()
        .map(({ title }) => title)
        .sort(),
    );
  }

  async sync(root: string, remote = 'origin') {
    const repository = await findRepository(root, this.environment);
    return this.run(root, (context) => syncProject(context, repository, remote, this.environment));
  }
}

const status = (root: string) => git(root, 'status', '--porcelain', '--untracked-files=all');

test('hooks go behind those that are there, keep the tracked file in step, and stop nothing', async () => {
  const machine = new Machine();
  machine.installForge();
  const root = makeRepository(join(machine.folder, 'shop'));
  writeFileSync(join(root, '.git/hooks/pre-commit'), '#!/bin/sh\necho "$#" >> .git/theirs; [ ! -e stop ]\n', {
    mode: 0o755,
  });
  const report = await machine.init(root);
  expect(report.made).toEqual(expect.arrayContaining(['.git/hooks/pre-commit', 'merge.forge-tasks in .git/config']));
  await expect(machine.init(root)).rejects.toThrow(coded('project.exists'));
  machine.git(root, 'add', '-A');
  machine.git(root, 'commit', '-qm', 'forge');
  const id = await machine.add(root, 'a');
  writeFileSync(join(root, 'b.txt'), 'b');
  machine.git(root, 'add', 'b.txt');
  machine.git(root, 'commit', '-qm', 'b');
  expect(git(root, 'show', 'HEAD:.forge/tasks.jsonl')).toContain(id);
  expect(readFileSync(join(root, '.git/theirs'), 'utf8')).toBe('0\n0\n');
  expect(status(root)).toBe('');
  writeFileSync(join(root, 'stop'), '');
  expect(() => machine.git(root, 'commit', '-q', '--allow-empty', '-m', 'no')).toThrow();
  // A Forge that fails or is not there keeps nobody from a commit.
  writeFileSync(join(machine.bin, 'forge'), '#!/bin/sh\nexit 1\n');
  machine.git(root, 'commit', '-q', '--allow-empty', '--no-verify', '-m', 'c');
  machine.git(root, 'checkout', '-q', '-b', 'other');
});

test('husky and core.hooksPath keep what they have, and hooks of all repositories are left alone', async () => {
  const machine = new Machine();
  const root = makeRepository(join(machine.folder, 'shop'), { '.husky/pre-commit': 'npm test' });
  git(root, 'config', 'core.hooksPath', '.husky/_');
  await machine.init(root);
  expect(readFileSync(join(root, '.husky/pre-commit'), 'utf8')).toMatch(
    /^npm test\n# forge: begin\nif .*\n# forge: end\n$/,
  );
  const other = makeRepository(join(machine.folder, 'other'));
  git(other, 'config', 'core.hooksPath', join(machine.folder, 'for-all'));
  expect((await machine.init(other)).made).toContain('merge.forge-tasks in .git/config');
  expect(existsSync(join(machine.folder, 'for-all'))).toBe(false);
});

test('two branches that change one task merge by git, field by field; without the driver git asks', async () => {
  const machine = new Machine();
  machine.installForge();
  const root = makeRepository(join(machine.folder, 'shop'));
  await machine.init(root, { hooks: false });
  const id = await machine.add(root, 'old');
  machine.git(root, 'add', '-A');
  machine.git(root, 'commit', '-qm', 'base');
  machine.git(root, 'checkout', '-q', '-b', 'theirs');
  await machine.run(root, ({ store }) => store.tasks.edit(id, { body: 'their body' }));
  await machine.add(root, 'their task');
  machine.git(root, 'commit', '-qam', 'theirs');
  machine.git(root, 'checkout', '-q', 'main');
  // Another clone, which does not know their changes yet.
  const clone = join(machine.folder, 'clone');
  machine.git(machine.folder, 'clone', '-q', root, clone);
  expect((await machine.init(clone, { hooks: false })).made).toEqual(['merge.forge-tasks in .git/config']);
  await machine.run(clone, ({ store }) => store.tasks.edit(id, { title: 'our title' }));
  await machine.add(clone, 'our task');
  machine.git(clone, 'commit', '-qam', 'ours');
  const ours = machine.git(clone, 'rev-parse', 'HEAD').trim();
  machine.git(clone, 'merge', '-q', '--no-edit', 'origin/theirs');
  expect(await machine.titles(clone)).toEqual(['our task', 'our title', 'their task']);
  expect(await machine.run(clone, ({ store }) => store.tasks.get(id))).toMatchObject({
    title: 'our title',
    body: 'their body',
  });
  machine.git(clone, 'reset', '-q', '--hard', ours);
  machine.git(clone, 'config', '--remove-section', 'merge.forge-tasks');
  expect(() => machine.git(clone, 'merge', '-q', '--no-edit', 'origin/theirs')).toThrow();
  expect(readFileSync(join(clone, '.forge/tasks.jsonl'), 'utf8')).toContain('<<<<<<<');
  expect(await machine.titles(clone)).toEqual(expect.arrayContaining(['our task', 'our title', 'their task']));
});

test('stealth becomes standard when it was shown and said, and stealth again while nothing is tracked', async () => {
  const machine = new Machine();
  const root = makeRepository(join(machine.folder, 'shop'));
  await machine.init(root, { mode: 'stealth' });
  const config = join(root, '.forge/config.yaml');
  writeFileSync(config, `# mine\n${readFileSync(config, 'utf8')}`);
  await machine.add(root, 'a');
  const before = git(root, 'config', '--list', '--local');
  const plan = await machine.init(root, { isUpgrade: true });
  expect(plan.plan).toHaveLength(6);
  expect(status(root)).toBe('');
  const { made } = await machine.init(root, { isUpgrade: true, isConfirmed: true });
  expect(made).toEqual(plan.plan);
  expect(status(root).match(/\.forge\/\S+/g)).toEqual([
    ...['.forge/.gitattributes', '.forge/.gitignore', '.forge/config.yaml', '.forge/tasks.jsonl'],
  ]);
  expect(readFileSync(config, 'utf8')).toMatch(/^# mine\n.*mode: standard\n/s);
  expect(await machine.titles(root)).toEqual(['a']);
  await machine.init(root, { mode: 'stealth', isConfirmed: true });
  expect(status(root)).toBe('');
  expect(git(root, 'config', '--list', '--local')).toBe(before);
  expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
  await machine.init(root, { isUpgrade: true, isConfirmed: true });
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'tracked');
  await expect(machine.init(root, { mode: 'stealth', isConfirmed: true })).rejects.toThrow(/is tracked/);
  expect(await machine.titles(root)).toEqual(['a']);
});

test('a data branch: nothing on others, nothing leaves but by sync, and two machines come together', async () => {
  const [ada, bob] = [new Machine(), new Machine()];
  const remote = join(ada.folder, 'origin.git');
  const root = makeRepository(join(ada.folder, 'shop'));
  git(ada.folder, 'init', '-q', '--bare', '-b', 'main', remote);
  git(root, 'remote', 'add', 'origin', remote);
  git(root, 'push', '-q', 'origin', 'main');
  const refs = () => git(root, 'for-each-ref', '--format=%(refname)');
  const before = refs();
  await ada.init(root, { mode: 'branch', branch: 'tasks', prefix: 'fg' });
  const id = await ada.add(root, 'from ada');
  expect([status(root), refs()]).toEqual(['', before]);
  expect(await ada.sync(root)).toMatchObject({ tasks: 1, branch: 'tasks', remote: 'origin' });
  expect(git(remote, 'log', '--format=%an %s', 'tasks')).toBe('Ada Update tasks\n');
  expect(git(remote, 'ls-tree', '-r', '--name-only', 'tasks')).toBe('config.yaml\ntasks.jsonl\n');
  expect(status(root)).toBe('');

  const clone = join(bob.folder, 'shop');
  git(bob.folder, 'clone', '-q', remote, clone);
  await bob.init(clone, { mode: 'branch', branch: 'tasks' });
  await bob.add(clone, 'from bob');
  await bob.sync(clone);
  expect(await bob.titles(clone)).toEqual(['from ada', 'from bob']);
  // Both go on before they meet again: each changes another field of one task.
  await ada.run(root, ({ store }) => store.tasks.edit(id, { title: 'ada again' }));
  await bob.run(clone, ({ store }) => store.tasks.edit(id, { body: 'words of bob' }));
  await bob.sync(clone);
  await ada.sync(root);
  await bob.sync(clone);
  for (const [machine, place] of [
    [ada, root],
    [bob, clone],
  ] as const) {
    expect(await machine.titles(place)).toEqual(['ada again', 'from bob']);
    expect(await machine.run(place, ({ store }) => store.tasks.get(id).body)).toBe('words of bob');
    expect(status(place)).toBe('');
  }
  const commits = git(remote, 'rev-list', '--count', 'tasks');
  await ada.sync(root);
  await bob.sync(clone);
  expect(git(remote, 'rev-list', '--count', 'tasks')).toBe(commits);
  expect(git(remote, 'merge-base', '--is-ancestor', 'main', 'main')).toBe('');
  expect(() => git(remote, 'merge-base', 'main', 'tasks')).toThrow();
});

test('a contributor’s data branch goes to the fork, never upstream; a branch of something else is not touched', async () => {
  const machine = new Machine();
  const root = makeRepository(join(machine.folder, 'shop'));
  for (const name of ['origin', 'upstream']) {
    git(machine.folder, 'init', '-q', '--bare', '-b', 'main', name);
    git(root, 'remote', 'add', name, join(machine.folder, name));
    git(root, 'push', '-q', name, 'main');
  }
  await machine.init(root, { mode: 'branch', branch: 'tasks' });
  await machine.sync(root);
  expect(git(join(machine.folder, 'origin'), 'branch', '--list', 'tasks')).toContain('tasks');
  expect(git(join(machine.folder, 'upstream'), 'branch', '--list', 'tasks')).toBe('');
  const other = makeRepository(join(machine.folder, 'other'));
  await expect(machine.init(other, { mode: 'branch', branch: 'main' })).rejects.toThrow(coded('repository.unusable'));
  await expect(machine.init(other, { mode: 'branch', branch: 'a..b' })).rejects.toThrow(coded('usage.invalid'));
  expect(existsSync(join(other, '.forge'))).toBe(false);
});

test.each(['standard', 'stealth', 'branch'] as const)(
  '%s works in a subfolder, a linked worktree, a submodule and a worktree of a bare repository',
  async (mode) => {
    const machine = new Machine();
    const places: Record<string, () => [cwd: string, root: string]> = {
      subfolder() {
        const root = makeRepository(join(machine.folder, 'one'), { 'a/b/c.txt': 'c' });
        return [join(root, 'a/b'), root];
      },
      linked() {
        const root = makeRepository(join(machine.folder, 'two'));
        git(root, 'worktree', 'add', '-q', join(machine.folder, 'linked'));
        return [join(machine.folder, 'linked'), root];
      },
      submodule() {
        const inner = makeRepository(join(machine.folder, 'inner'));
        const root = makeRepository(join(machine.folder, 'three'));
        git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'lib');
        return [join(root, 'lib'), join(root, 'lib')];
      },
      bare() {
        const from = makeRepository(join(machine.folder, 'from'));
        git(machine.folder, 'clone', '-q', '--bare', from, 'bare.git');
        git(join(machine.folder, 'bare.git'), 'worktree', 'add', '-q', '-b', 'work', join(machine.folder, 'four'));
        return [join(machine.folder, 'four'), join(machine.folder, 'four')];
      },
    };
    for (const [name, make] of Object.entries(places)) {
      const [cwd, root] = make();
      const before = status(root);
      const { prefix } = await machine.init(cwd, { mode, branch: mode === 'branch' ? 'tasks' : null });
      await machine.add(cwd, name);
      expect(await machine.titles(cwd), name).toEqual([name]);
      expect(existsSync(join(root, '.forge/config.yaml')), name).toBe(true);
      if (mode !== 'standard') expect(status(root), name).toBe(before);
      const worktree = join(machine.folder, 'f/worktrees', prefix);
      const made = await machine.run(cwd, (context) => context.git.ensureWorktree(worktree, `work-${name}`));
      expect(await machine.run(cwd, (context) => context.git.diffStat(made)), name).toMatchObject({ filesChanged: 0 });
      if (mode === 'branch') expect((await machine.sync(cwd)).branch, name).toBe('tasks');
    }
  },
);

test('a prefix leads to one project: one that is taken is refused, and made different when it was not asked for', async () => {
  const machine = new Machine();
  const [one, two] = ['shop', 'x/shop'].map((name) => makeRepository(join(machine.folder, name)));
  expect((await machine.init(one as string, { mode: 'stealth' })).prefix).toBe('sp');
  await expect(machine.init(two as string, { mode: 'stealth', prefix: 'sp' })).rejects.toThrow(coded('prefix.taken'));
  expect((await machine.init(two as string, { mode: 'stealth' })).prefix).toBe('sp2');
});
