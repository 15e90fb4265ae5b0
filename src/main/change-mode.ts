import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { InitReport } from '../cli/forge-cli.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { setSetting } from '../config/set-setting.ts';
import { exclude, isHidden, type Mode, unhide } from '../git/exclude.ts';
import type { Repository } from '../git/find-repository.ts';
import { installHooks, removeHooks } from '../git/hooks.ts';
import { standardFiles, writeNew } from '../git/init-project.ts';
import { runGit } from '../git/run-git.ts';
import { addTaskMerge, dropTaskMerge } from '../git/task-merge.ts';

interface Place {
  repository: Repository;
  hooks: boolean;
  paths: ForgePaths;
  environment: Record<string, string>;
}

/** What one step says before, and does; it is safe to do again. */
type Step = readonly [says: string, act: () => unknown];

/**
 * Makes a project that only this machine sees one that is tracked, or back. Nothing of `.forge/` is moved or removed, and
 * nothing is done before it was shown. A change that was stopped in its middle goes on where it was.
 */
export async function changeMode(input: Place & { to: Mode; isDone: boolean }): Promise<InitReport> {
  const { repository, to, isDone } = input;
  const steps = to === 'standard' ? toStandard(input) : await toStealth(input);
  if (steps.length === 0) throw new ForgeError('project.exists', `${repository.root} is ${to} already`);
  if (isDone) for (const [, act] of steps) await act();
  const says = steps.map(([text]) => text);
  return { ...(await reportOf(input, to)), made: isDone ? says : [], plan: isDone ? [] : says };
}

/** The hooks and the merging of this clone, for a project whose `.forge/` is there: it came with the repository. */
export async function joinStandard(input: Place): Promise<InitReport> {
  const { repository, environment, hooks } = input;
  const { config } = loadConfig({ forgeHome: input.paths.home, projectRoot: repository.root, environment });
  const merge = await runGit({ cwd: repository.root, environment }, [
    'config',
    '--get',
    'merge.forge-tasks.driver',
  ]).catch(() => '');
  if (config.mode !== 'standard') throw new ForgeError('project.exists', `${repository.root} is set up already`);
  const { written, problem } = hooks ? await installHooks(repository, environment) : { written: [], problem: null };
  const made = written.map((file) => relative(repository.root, file));
  if (merge === '') {
    await addTaskMerge(repository, environment);
    made.push('merge.forge-tasks in .git/config');
  }
  if (made.length === 0) throw new ForgeError('project.exists', `${repository.root} is set up already`);
  return { ...(await reportOf(input, 'standard')), made, note: problem };
}

function toStandard({ repository, hooks, environment }: Place): Step[] {
  const { root } = repository;
  const directory = join(root, '.forge');
  const missing = standardFiles.filter(([name]) => !existsSync(join(directory, name)));
  const steps: Step[] = [
    ...missing.map(([name, text]): Step => [`.forge/${name} is written`, () => writeNew(join(directory, name), text)]),
    ['.forge/config.yaml says mode: standard', () => setMode(directory, 'standard')],
    ['.git/config merges tasks.jsonl by task (merge.forge-tasks)', () => addTaskMerge(repository, environment)],
    ...(hooks
      ? [
          [
            'hooks keep tasks.jsonl in step, behind those that are there',
            () => installHooks(repository, environment),
          ] as Step,
        ]
      : []),
    // The last one: until then nobody sees anything, and the change can be made again.
    ['.git/info/exclude does not hide .forge/ any more: it is for you to commit', () => show(repository, environment)],
  ];
  return isHidden(repository) ? steps : [];
}

async function show(repository: Repository, environment: Record<string, string>): Promise<void> {
  unhide(repository);
  await exclude(repository, 'standard', environment);
}

async function toStealth({ repository, environment }: Place): Promise<Step[]> {
  const { root } = repository;
  const tracked = await runGit({ cwd: root, environment }, ['ls-files', '-z', '--', '.forge']);
  if (tracked !== '') {
    throw new ForgeError('project.exists', `.forge/ in ${root} is tracked: whoever has the repository sees it`, {
      next: 'First take it out of the history to come: git rm -r -q --cached .forge && git commit. Then say it again.',
    });
  }
  if (isHidden(repository)) return [];
  return [
    ['.git/info/exclude hides .forge/', () => exclude(repository, 'stealth', environment)],
    ['the hooks of Forge are removed', () => removeHooks(repository, environment)],
    ['.git/config: merge.forge-tasks is removed', () => dropTaskMerge(repository, environment)],
    ['.forge/config.yaml says mode: stealth', () => setMode(join(root, '.forge'), 'stealth')],
  ];
}

function setMode(directory: string, mode: Mode): void {
  const file = join(directory, 'config.yaml');
  setSetting(file, 'mode', mode);
  setSetting(file, 'dataBranch', null);
}

async function reportOf({ repository, paths, environment }: Place, mode: Mode): Promise<InitReport> {
  const { root } = repository;
  const { config } = loadConfig({ forgeHome: paths.home, projectRoot: root, environment });
  const registry = openProjectRegistry(paths.projectsFile);
  const prefix = config.prefix ?? registry.find(root)?.prefix ?? 'fg';
  const { name } = registry.find(root) ?? (await registry.register({ path: root, prefix }));
  return { project: { name, root }, mode, prefix, made: [], plan: [], agents: [], note: null };
}
