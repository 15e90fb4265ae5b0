import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunEnded, type Run } from '../../src/domain/run.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { CrashWorld } from './crash-world.ts';
import { processesOf } from './processes.ts';

/** What a person would call lost, doubled, left over or stuck, now. All of it must be gone when the world has come to rest. */
export async function problemsOf(world: CrashWorld): Promise<string[]> {
  const client = await world.client();
  const [tasks, runs, messages] = await Promise.all([
    client.call('task.list', { all: true }),
    client.call('run.list', {}),
    client.call('session.messages', {}),
  ]);
  const sessions = await world.sessions();
  return [
    ...taskProblems(world, tasks),
    ...runProblems(world, runs, sessions),
    ...promiseProblems(world, runs),
    ...promptProblems(world, messages),
    ...processProblems(world, runs),
    ...gitProblems(world, runs),
  ];
}

function taskProblems(
  { ledger, repository }: CrashWorld,
  tasks: readonly { id: string; title: string; status: string }[],
) {
  const present = new Map(tasks.map((task) => [task.id, task]));
  const text = readFileSync(join(repository, '.forge/tasks.jsonl'), 'utf8');
  const inFile = new Map(
    text
      .split('\n')
      // In a large file a line that was replaced is blank.
      .filter((line) => line.trim() !== '')
      .map((line) => [JSON.parse(line).id, JSON.parse(line)]),
  );
  const titles = tasks.map(({ title }) => title);
  return [
    ...[...ledger.tasks].flatMap(([id, possible]) => {
      const task = present.get(id);
      if (!task) return [`task ${id} is lost`];
      if (!possible.has(task.title)) return [`task ${id} is called ${task.title}, not ${[...possible].join(' or ')}`];
      return inFile.get(id)?.title === task.title ? [] : [`task ${id} differs in tasks.jsonl`];
    }),
    ...tasks.flatMap(({ id, title }) =>
      ledger.tasks.has(id) || ledger.maybeAdded.has(title) ? [] : [`task ${id} (${title}) was never added`],
    ),
    ...titles.filter((title, at) => titles.indexOf(title) !== at).map((title) => `task ${title} is there twice`),
    ...[...ledger.closed].filter((id) => present.get(id)?.status === 'open').map((id) => `closed task ${id} is open`),
  ];
}

function runProblems({ ledger }: CrashWorld, runs: readonly Run[], sessions: readonly SessionFacts[]): string[] {
  const facts = new Map(sessions.map((session) => [session.id, session]));
  const starts = ledger.starts();
  const live = runs.filter((run) => !isRunEnded(run.status));
  const tasks = live.map(({ task }) => task);
  return [
    ...[...ledger.runs.keys()].filter((id) => !runs.some((run) => run.id === id)).map((id) => `run ${id} is lost`),
    ...tasks.filter((task, at) => tasks.indexOf(task) !== at).map((task) => `task ${task} has two live runs`),
    ...starts.filter((start, at) => starts.indexOf(start) !== at).map((start) => `program started twice: ${start}`),
    ...live.flatMap((run) =>
      isAtRest(run, facts.get(run.session)) ? [] : [`run ${run.id} is ${run.status}, and not at rest (${run.reason})`],
    ),
  ];
}

/** It waits for a person, for a worker by name, or for an agent that lives and has something to do. */
function isAtRest(run: Run, session: SessionFacts | undefined): boolean {
  if (['reviewing', 'paused', 'awaiting'].includes(run.status)) return true;
  if (run.status === 'queued') return run.reason !== '';
  if (run.status !== 'working' && run.status !== 'fixing') return false;
  if (session === undefined) return false;
  // One that nobody saw ending waits for a person, and says so.
  if (session.endedAt !== null) return session.exitCode === null && run.reason !== '';
  return session.labels.agent === 'chat' || session.command.at(-1)?.includes('stays') === true;
}

function promiseProblems({ ledger }: CrashWorld, runs: readonly Run[]): string[] {
  return runs.flatMap((run) => {
    const promise = ledger.runs.get(run.id) ?? 'none';
    const told = `run ${run.id} was ${promise} and is ${run.status} (${run.reason})`;
    if (promise === 'cancelled') return run.status === 'cancelled' ? [] : [told];
    if (promise === 'paused') return run.status === 'paused' ? [] : [told];
    // What cannot be delivered waits for a person with the reason.
    const isKept = ['done', 'awaiting'].includes(run.status) || (run.status === 'paused' && run.reason !== '');
    return promise === 'accepted' && !isKept ? [told] : [];
  });
}

function promptProblems({ ledger }: CrashWorld, messages: readonly { text: string }[]): string[] {
  // What an agent is told when it goes on is the same each time.
  const heard = ledger.promptsHeard().filter((text) => text.startsWith('prompt '));
  return [
    ...[...ledger.prompts]
      .filter((text) => !messages.some((message) => message.text === text))
      .map((text) => `${text} is lost`),
    ...heard.filter((text, at) => heard.indexOf(text) !== at).map((text) => `${text} was typed twice`),
  ];
}

function processProblems(world: CrashWorld, runs: readonly Run[]): string[] {
  const all = processesOf(world);
  const count = (role: string) => all.filter((found) => found.role === role).length;
  const sessions = new Set(runs.filter((run) => !isRunEnded(run.status)).map(({ session }) => session));
  const keepers = all.filter(
    ({ role, command }) => role === 'keeper' && ![...sessions].some((id) => command.includes(id)),
  );
  return [
    ...['supervisor', 'host'].filter((role) => count(role) > 1).map((role) => `${role} runs ${count(role)} times`),
    ...all
      .filter(({ role, session }) => role === 'agent' && !sessions.has(session ?? ''))
      .map(({ pid, command, session }) => `process ${pid} of ${session} is left: ${command.slice(0, 80)}`),
    ...keepers.map(({ pid, command }) => `keeper ${pid} is left: ${command.slice(-40)}`),
    ...all.filter(({ role }) => role === 'git').map(({ pid, command }) => `git ${pid} still runs: ${command}`),
  ];
}

function gitProblems(world: CrashWorld, runs: readonly Run[]): string[] {
  const listed = world.git('worktree', 'list', '--porcelain').trim().split('\n\n').slice(1);
  const tasks = new Set(runs.map(({ task }) => task));
  const paths = new Set(runs.map(({ worktree }) => worktree));
  const folder = join(world.forgeHome, 'worktrees/shop');
  // One that was being made when its run was cancelled is the task's, and the next run of it has it.
  const isClaimed = (path: string) => paths.has(path) || tasks.has(path.slice(folder.length + 1));
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  const branches = world.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').trim().split('\n');
  const taskNames = [...tasks].map((task) => task.split('-').at(-1) ?? '');
  return [
    ...listed.flatMap((entry) => {
      const [path = ''] = entry.slice('worktree '.length).split('\n');
      if (!isClaimed(path)) return [`worktree ${path} belongs to no run`];
      return /^locked/m.test(entry) ? [`worktree ${path} is locked`] : [];
    }),
    ...names.filter((name) => !isClaimed(join(folder, name))).map((name) => `folder ${name} belongs to no run`),
    ...branches
      .filter((branch) => branch !== 'main' && !taskNames.some((name) => branch.endsWith(`-${name}`)))
      .map((branch) => `branch ${branch} belongs to no run`),
    ...lineProblems(world, runs),
  ];
}

/**
 * Each line that an agent has written is in the worktree of its run, or in what is kept of it: before a rewind, and at its end. Then that
 * alone counts, since the worktree may be pruned.
 */
function lineProblems(world: CrashWorld, runs: readonly Run[]): string[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const refs = world.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/forge/kept').trim().split('\n');
  const texts = new Map<string, string>();
  const present = (run: Run, file: string) =>
    isRunEnded(run.status) ? '' : once(texts, `${run.id} ${file}`, () => plain(join(run.worktree ?? '', file)));
  const kept = (run: Run, file: string) =>
    refs
      .filter((ref) => ref.startsWith(`refs/forge/kept/${run.id}/`))
      .map((ref) => ref.split(' ')[1] ?? '')
      .map((commit) => once(world.shown, `${commit}:${file}`, () => shown(world, commit, file)))
      .join('');
  return world.ledger.lines().flatMap(({ run: id, file, line }) => {
    const run = byId.get(id);
    if (!run) return [`run ${id} wrote ${line} and is not known`];
    if (present(run, file).includes(line) || kept(run, file).includes(line)) return [];
    return [`${line} is lost from ${file} of ${id}, which is ${run.status}`];
  });
}

function once(texts: Map<string, string>, key: string, read: () => string): string {
  const text = texts.get(key) ?? read();
  texts.set(key, text);
  return text;
}

function shown(world: CrashWorld, commit: string, file: string): string {
  try {
    return world.git('show', `${commit}:${file}`);
  } catch {
    return '';
  }
}

function plain(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
