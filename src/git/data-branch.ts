import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { pushBranch, withoutLogin } from './delivery/push-branch.ts';
import { remoteUrl } from './delivery/refs.ts';
import type { Repository } from './find-repository.ts';
import { type Environment, type GitCall, GitFailure, gitFailed, runGit } from './run-git.ts';
import { scratchRepository } from './scratch-repository.ts';
import { temporaryFolder } from './temporary-folders.ts';

/** What the data branch of a project holds, by name; at its top, and nothing else. */
export type DataFiles = Record<'tasks.jsonl' | 'config.yaml', string>;
const fileNames = ['config.yaml', 'tasks.jsonl'] as const;

/** A remote that shows no progress for so long hangs, in ms. */
const silenceMsMax = 120_000;

export interface DataVersion {
  commit: string;
  files: DataFiles;
}

/**
 * A project's data as a branch of its own, which has no history in common with any other and is never checked out: it is
 * read and written as objects. Nothing leaves this machine but by `push`.
 */
export class DataBranch {
  readonly name: string;
  readonly #repository: Repository;
  readonly #environment: Environment;
  readonly #call: GitCall;

  constructor(repository: Repository, name: string, environment: Environment) {
    this.name = name;
    this.#repository = repository;
    this.#environment = environment;
    this.#call = { cwd: repository.root, environment, variables: { GIT_DIR: repository.commonDir } };
  }

  /** Throws `usage.invalid` for a name that git does not take. */
  async check(): Promise<void> {
    await runGit(this.#call, ['check-ref-format', '--branch', this.name]).catch(() => {
      throw new ForgeError('usage.invalid', `"${this.name}" cannot be the name of a branch`);
    });
  }

  /** The branch here; null: there is none. Throws `repository.unusable` when it is a branch of something else. */
  local(): Promise<DataVersion | null> {
    return this.#read(`refs/heads/${this.name}`);
  }

  /** As it was fetched last; null: never. */
  remote(remote: string): Promise<DataVersion | null> {
    return this.#read(`refs/remotes/${remote}/${this.name}`);
  }

  /** What two versions have in common. */
  async base(ours: string, theirs: string): Promise<DataVersion | null> {
    const commit = await runGit(this.#call, ['merge-base', ours, theirs]).catch(() => '');
    return commit.trim() === '' ? null : this.#read(commit.trim());
  }

  /** Commits the files on top of `parents`; the branch must still be where the first of them was read. Its new commit. */
  async commit(files: DataFiles, parents: readonly string[], expected: string | null): Promise<string> {
    const tree = await this.#tree(files);
    const all = parents.flatMap((parent) => ['-p', parent]);
    const commit = await this.#git(['commit-tree', '--no-gpg-sign', ...all, '-m', 'Update tasks', tree]);
    const zero = '0'.repeat(commit.length);
    await this.#git(['update-ref', `refs/heads/${this.name}`, commit, expected ?? zero]);
    return commit;
  }

  /** The branch goes on to a commit that has all of it. */
  async moveTo(commit: string, expected: string | null): Promise<void> {
    await this.#git(['update-ref', `refs/heads/${this.name}`, commit, expected ?? '0'.repeat(commit.length)]);
  }

  async url(remote: string): Promise<string | null> {
    return remoteUrl(this.#call, remote);
  }

  /** Brings the remote's branch here, as `refs/remotes/…`, and its objects. Null when it has none yet. */
  async fetch(remote: string, url: string): Promise<DataVersion | null> {
    const scratch = scratchRepository(this.#repository.commonDir, this.#environment);
    try {
      // The objects go into the repository, and nothing of its configuration says where from, or by which program.
      const variables = { ...scratch.call.variables, GIT_OBJECT_DIRECTORY: `${this.#repository.commonDir}/objects` };
      const call = { ...scratch.call, variables, reach: 'remote' as const, silenceMsMax };
      const found = await runGit(call, ['ls-remote', '--', url, `refs/heads/${this.name}`]);
      if (found.trim() === '') return null;
      const options = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--progress'];
      await runGit(call, ['fetch', ...options, '--', url, `+refs/heads/${this.name}:refs/fetched`]);
      const commit = (await runGit(scratch.call, ['rev-parse', 'refs/fetched'])).trim();
      await this.#git(['update-ref', `refs/remotes/${remote}/${this.name}`, commit]);
    } catch (failure) {
      if (!(failure instanceof GitFailure)) throw failure;
      throw gitFailed(`fetching from ${withoutLogin(url)}`, failure);
    } finally {
      scratch.dispose();
    }
    return this.remote(remote);
  }

  /** Null when the remote has it now, otherwise why not. */
  async push(remote: string, url: string, commit: string): Promise<string | null> {
    const problem = await pushBranch({
      ...{ commonDir: this.#repository.commonDir, environment: this.#environment },
      ...{ url, branch: this.name, commit },
    });
    if (problem === null) await this.#git(['update-ref', `refs/remotes/${remote}/${this.name}`, commit]);
    return problem;
  }

  async #read(revision: string): Promise<DataVersion | null> {
    const commit = await runGit(this.#call, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(
      () => '',
    );
    if (commit.trim() === '') return null;
    const files = {} as DataFiles;
    for (const name of fileNames) {
      files[name] = await runGit(this.#call, ['cat-file', 'blob', `${commit.trim()}:${name}`]).catch(() => {
        throw new ForgeError('repository.unusable', `The branch ${this.name} is there, and holds no tasks of Forge`, {
          next: 'Choose another name: forge init --branch NAME',
        });
      });
    }
    return { commit: commit.trim(), files };
  }

  async #git(args: readonly string[], variables = this.#call.variables): Promise<string> {
    try {
      return (await runGit({ ...this.#call, ...(variables && { variables }) }, args)).trim();
    } catch (failure) {
      throw gitFailed(`git ${args[0]}`, failure);
    }
  }

  /** By an index of its own, so that neither a checkout nor a filter takes part. */
  async #tree(files: DataFiles): Promise<string> {
    const folder = temporaryFolder('data');
    try {
      const variables = { ...this.#call.variables, GIT_INDEX_FILE: join(folder, 'index') };
      for (const name of fileNames) {
        const file = join(folder, name);
        writeFileSync(file, files[name], { mode: 0o600 });
        const blob = await this.#git(['hash-object', '-w', '--no-filters', '--', file]);
        await this.#git(['update-index', '--add', '--cacheinfo', `100644,${blob},${name}`], variables);
      }
      return await this.#git(['write-tree'], variables);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
