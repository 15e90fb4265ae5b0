import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { SyncReport } from '../cli/forge-cli.ts';
import { DataBranch, type DataFiles, type DataVersion } from '../git/data-branch.ts';
import { neutralFilters } from '../git/filters.ts';
import type { Repository } from '../git/find-repository.ts';
import { runGit } from '../git/run-git.ts';
import { mergeTaskFiles } from '../store/merge-task-files.ts';
import type { ProjectContext } from './project-context.ts';

/** Somebody else pushes between fetching and pushing: so often it is tried again. */
const PUSHES_MAX = 5;

/** Brings the store and `tasks.jsonl` in step, and in the mode `branch` the data branch here and at the remote. */
export async function syncProject(
  context: ProjectContext,
  repository: Repository,
  remote: string,
  environment: Record<string, string>,
): Promise<SyncReport> {
  context.store.sync(true);
  const { mode, dataBranch } = context.settings;
  const tasks = () => context.store.tasks.count();
  if (mode !== 'branch' || dataBranch === null) return { tasks: tasks(), branch: null, remote: null, note: null };
  const branch = new DataBranch(repository, dataBranch, environment);
  const url = await branch.url(remote);
  let problem: string | null = null;
  for (let attempt = 1; attempt <= PUSHES_MAX; attempt++) {
    const theirs = url === null ? null : await branch.fetch(remote, url);
    const { commit, note } = await merge(context, repository.root, branch, theirs);
    const done = { tasks: tasks(), branch: dataBranch, note };
    if (url === null) return { ...done, remote: null };
    if (commit === theirs?.commit) return { ...done, remote };
    problem = await branch.push(remote, url, commit);
    if (problem === null) return { ...done, remote };
  }
  throw new ForgeError('git.failed', `${dataBranch} is up to date here, and was not pushed: ${problem}`, {
    next: 'When the remote can be reached: forge sync',
  });
}

/** What is here and at the remote, as one commit of the branch. Safe to repeat after a kill. */
async function merge(context: ProjectContext, root: string, branch: DataBranch, theirs: DataVersion | null) {
  const own = await branch.local();
  const base = own && theirs ? await branch.base(own.commit, theirs.commit) : null;
  const mine = readFiles(root);
  const { files, note } = theirs ? mergeFiles(base?.files ?? null, mine, theirs.files) : { files: mine, note: null };
  writeFiles(root, mine, files);
  context.store.sync();
  // What is in the other one already is no parent.
  const parents = [
    base && base.commit === own?.commit ? null : own,
    base && base.commit === theirs?.commit ? null : theirs,
  ];
  const versions = (own?.commit === theirs?.commit ? [own] : parents).filter((version) => version !== null);
  const [only] = versions;
  if (only && versions.length === 1 && isEqual(only.files, files)) {
    if (only !== own) await branch.moveTo(only.commit, own?.commit ?? null);
    return { commit: only.commit, note };
  }
  const commits = versions.map(({ commit }) => commit);
  return { commit: await branch.commit(files, commits, own?.commit ?? null), note };
}

function mergeFiles(base: DataFiles | null, ours: DataFiles, theirs: DataFiles) {
  const tasks = mergeTaskFiles(base?.['tasks.jsonl'] ?? '', ours['tasks.jsonl'], theirs['tasks.jsonl']);
  if (tasks === null) {
    throw new ForgeError('repository.unusable', 'tasks.jsonl has conflict markers of git', {
      next: 'Resolve them in .forge/tasks.jsonl, then: forge sync',
    });
  }
  const [before, own, other] = [base?.['config.yaml'], ours['config.yaml'], theirs['config.yaml']];
  const isOnlyOurs = other === before || other === own;
  const isBoth = before !== undefined && own !== before && other !== before && own !== other;
  return {
    files: { 'tasks.jsonl': tasks, 'config.yaml': isOnlyOurs || isBoth ? own : other },
    note: isBoth ? 'config.yaml was changed here and there: yours stays' : null,
  };
}

function readFiles(root: string): DataFiles {
  const read = (name: string) => readFileSync(join(root, '.forge', name), 'utf8');
  return { 'tasks.jsonl': read('tasks.jsonl'), 'config.yaml': read('config.yaml') };
}

function writeFiles(root: string, before: DataFiles, files: DataFiles): void {
  for (const name of ['tasks.jsonl', 'config.yaml'] as const) {
    if (files[name] === before[name]) continue;
    const file = join(root, '.forge', name);
    writeFileSync(`${file}.sync.tmp`, files[name]);
    renameSync(`${file}.sync.tmp`, file);
  }
}

function isEqual(a: DataFiles, b: DataFiles): boolean {
  return a['tasks.jsonl'] === b['tasks.jsonl'] && a['config.yaml'] === b['config.yaml'];
}

/** What a hook of git asks for: before a commit of the main checkout, the tracked file as it is now. */
export async function stageTasks(root: string, cwd: string, environment: Record<string, string>): Promise<void> {
  const plain = { cwd: root, environment };
  // A commit of some paths only has an index of its own; and the hooks of a repository run in all its worktrees.
  if (cwd !== root || (environment.GIT_INDEX_FILE ?? 'index').split('/').at(-1) !== 'index') return;
  const tracked = await runGit(plain, ['ls-files', '--', '.forge/tasks.jsonl']);
  const call = { ...plain, settings: await neutralFilters(plain) };
  if (tracked !== '') await runGit(call, ['add', '--', '.forge/tasks.jsonl']);
}
