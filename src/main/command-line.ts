import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InputOf, OperationName, OutputOf } from '../app/operations.ts';
import type { FollowedView } from '../app/views/follow-work.ts';
import type { DisposableStack } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type {
  DashboardRequest,
  ForgeCli,
  InitReport,
  InitRequest,
  ReplayRequest,
  RestoreRequest,
} from '../cli/forge-cli.ts';
import { routes } from '../cli/program.ts';
import { type ForgePaths, forgePaths, readEnvironment } from '../config/paths.ts';
import type { SessionView } from '../domain/session.ts';
import type { Repository } from '../git/find-repository.ts';
import { editorOn, filePath, Here, readFile, readInput, workingFolder } from './here.ts';
import { listProjects } from './list-projects.ts';
import { OperationCaller } from './operation-caller.ts';
import { runCommandLine } from './run-command-line.ts';
import { standardError } from './standard-error.ts';
import { version } from './version.ts';
import { workHere } from './work-here.ts';

/** The command line: every heavy part is loaded when the command that needs it runs. */
export async function main(argv: string[]): Promise<number> {
  const environment = readEnvironment();
  return runCommandLine(argv, new CommandLine(forgePaths(environment), environment), routes, environment);
}

class CommandLine implements ForgeCli {
  readonly version = version;
  readonly isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  readonly isOutputTerminal = process.stdout.isTTY === true;
  readonly cols = process.stdout.columns ?? 80;
  readonly #paths: ForgePaths;
  readonly #environment: Record<string, string>;
  readonly #here: Here;
  readonly #held: DisposableStack;
  readonly #operations: OperationCaller;

  constructor(paths: ForgePaths, environment: Record<string, string>) {
    this.#paths = paths;
    this.#environment = environment;
    this.#here = new Here(paths, environment);
    this.#held = this.#here.held;
    this.#operations = new OperationCaller(this.#here);
  }

  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    return this.#operations.call(name, input);
  }

  callInProjects<Name extends OperationName>(name: Name, input: InputOf<Name>) {
    return this.#operations.callInProjects(name, input);
  }

  async sessionsInProjects() {
    const { deriveSessionViews } = await import('../app/supervisor/session-views.ts');
    const host = await this.host();
    const all = await host.list();
    return this.#operations.inProjects(async (root) =>
      deriveSessionViews(await this.#operations.open(root), all, (id) => host.screen(id, 'text'), Date.now()),
    );
  }

  async host() {
    const { connectHost } = await import('./daemons.ts');
    return this.#held.use(await connectHost(this.#paths, this.#environment));
  }

  async sessions() {
    this.#here.findMeanwhile();
    const { deriveSessionViews } = await import('../app/supervisor/session-views.ts');
    const context = await this.#context();
    const host = await this.host();
    return deriveSessionViews(context, await host.list(), (id) => host.screen(id, 'text'), Date.now());
  }

  async explain(session: SessionView) {
    const { explainSession } = await import('../app/supervisor/session-views.ts');
    const host = await this.host();
    return explainSession(await this.#context(), session, (id) => host.screen(id, 'text'), Date.now());
  }

  async testAgent(agent: string, prompt: string, deadlineMs: number) {
    const { testAgent } = await import('../app/test-agent.ts');
    const context = await this.#context();
    const worktrees = join(this.#paths.worktreesDirectory, context.project.name);
    return testAgent(context, await this.host(), { agent, prompt, deadlineMs, worktrees });
  }

  readInput = readInput;
  filePath = filePath;
  readFile = readFile;

  get edit() {
    return editorOn(this.#environment);
  }

  async init(request: InitRequest): Promise<InitReport> {
    const { initHere } = await import('./init-here.ts');
    return initHere(request, workingFolder(), this.#paths, this.#environment);
  }

  async sync(remote: string | null, hook: string | null) {
    const { stageTasks, syncProject } = await import('./sync-project.ts');
    const context = await this.#context();
    if (hook === null) return syncProject(context, await this.#repository(), remote ?? 'origin', this.#environment);
    // The context has brought both in step; a hook reaches no remote.
    if (hook === 'pre-commit') context.store.sync(true);
    if (hook === 'pre-commit') await stageTasks(context.project.root, workingFolder(), this.#environment);
    return { tasks: context.store.tasks.count(), branch: null, remote: null, note: null };
  }

  async mergeTasks(...paths: [base: string, ours: string, theirs: string]) {
    const { mergeTaskFiles } = await import('../store/merge-task-files.ts');
    const [base, ours, theirs] = paths.map((path) => readFileSync(this.filePath(path), 'utf8'));
    const merged = mergeTaskFiles(base ?? '', ours ?? '', theirs ?? '');
    if (merged !== null) writeFileSync(this.filePath(paths[1]), merged);
    return merged !== null;
  }

  async dashboard(request: DashboardRequest): Promise<void> {
    const { dashboardHere } = await import('./dashboard-here.ts');
    await dashboardHere(request, this.#here);
  }

  print(lines: readonly string[]): void {
    for (const line of lines) process.stdout.write(`${plainText(line)}\n`);
  }

  note(lines: readonly string[]): void {
    for (const line of lines) standardError().write(`${plainText(line)}\n`);
  }

  interrupted(): Promise<void> {
    return new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    });
  }

  async readPlans(typed: readonly string[]) {
    const { findPlans } = await import('../config/plans/find-plans.ts');
    return findPlans(typed, workingFolder(), await this.#root());
  }

  async follow(
    projects: readonly string[] | null,
    listener: (view: FollowedView) => void,
    failed: (failure: unknown) => void,
  ) {
    const { followProjects } = await import('./follow-project.ts');
    const known = projects === null ? [] : await this.projects();
    const places = projects === null ? [null] : known.filter(({ name, isThere }) => isThere && projects.includes(name));
    const connects = places.map((place) => () => this.#operations.connect(place?.root ?? null));
    return this.#held.use(await followProjects(connects, listener, failed));
  }

  async exportRecording(session: string, file: string | null, force: boolean) {
    const { exportRecording } = await import('./recordings.ts');
    return exportRecording(await this.host(), session, file, force);
  }

  async replay(request: ReplayRequest): Promise<void> {
    const { replay } = await import('./recordings.ts');
    await replay(request, () => this.host(), this.#paths, this.#environment);
  }

  async settings() {
    const { loadConfig } = await import('../config/load-config.ts');
    const { flattenConfig } = await import('./flatten-config.ts');
    const root = await this.#root().catch(() => null);
    const loaded = loadConfig({ forgeHome: this.#paths.home, projectRoot: root, environment: this.#environment });
    const { actions, leader } = loaded.config.keys;
    if (Object.keys(actions).length === 0) return flattenConfig(loaded, []);
    const { bindKeys } = await import('../ui/keymap/bind-keys.ts');
    return flattenConfig(loaded, bindKeys(actions, leader).problems);
  }

  async checkAdapter(name: string, recordings: string | null) {
    const { checkAdapterNamed } = await import('./check-adapter.ts');
    const folder = recordings === null ? null : resolve(workingFolder(), recordings);
    return checkAdapterNamed(name, folder, this.#paths, await this.#root().catch(() => null));
  }

  projects() {
    return listProjects(this.#paths);
  }

  async addProject(path: string | null) {
    const { findRepository } = await import('../git/find-repository.ts');
    const found =
      path === null ? this.#repository() : findRepository(resolve(workingFolder(), path), this.#environment);
    return (await this.#operations.open(await found)).project;
  }

  async removeProject(name: string) {
    const { forgetProject } = await import('./forget-project.ts');
    return forgetProject(name, this.#paths);
  }

  async worktreeIn(project: string) {
    const known = (await this.projects()).find(({ name }) => name === project);
    if (known === undefined) {
      const next = 'See the projects: forge project list';
      throw new ForgeError('project.missing', `Forge knows no project ${project}.`, { next });
    }
    const name = await workHere(this.#here, known.root);
    return (await this.#operations.connect(known.root)).call('worktree.make', { name });
  }

  async setSetting(key: string, value: string | null, isUser: boolean) {
    const { setSetting } = await import('../config/set-setting.ts');
    const { projectConfigFile } = await import('../config/load-config.ts');
    const file = isUser ? this.#paths.configFile : projectConfigFile((await this.#context()).project.root);
    setSetting(file, key, value);
    return file;
  }

  async settingsSchema() {
    const { settingsSchema } = await import('../config/settings-schema.ts');
    return settingsSchema();
  }

  async backup() {
    const context = await this.#context();
    return context.backups.make(context.store);
  }

  async backups() {
    const { backupsIn } = await import('../backups/backup-folder.ts');
    return backupsIn(await this.#backupsFolder());
  }

  async batchBackups() {
    const { backupsIn } = await import('../backups/backup-folder.ts');
    return backupsIn(this.#paths.batchBackupsDirectory);
  }

  async restoreBatches(from: string | null, isDryRun: boolean) {
    const { BatchBackups } = await import('./batch-backups.ts');
    return new BatchBackups(this.#paths, (line) => this.note([`forge: ${line}`])).restore(from, isDryRun);
  }

  async restore(request: RestoreRequest) {
    const { restoreProject } = await import('./restore-project.ts');
    return restoreProject(await this.#root(), await this.#backupsFolder(), request);
  }

  /** Known without opening the project: it may be what cannot be opened. */
  async #backupsFolder(): Promise<string> {
    const root = await this.#root();
    const { openProjectRegistry } = await import('../config/projects.ts');
    const project = openProjectRegistry(this.#paths.projectsFile).find(root);
    if (project === null) throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
    return join(this.#paths.backupsDirectory, project.name);
  }

  async doctor(isFix: boolean) {
    const { runDoctor } = await import('./doctor.ts');
    return runDoctor(await this.#root().catch(() => null), isFix, this.#paths, this.#environment);
  }

  async daemons() {
    const { daemonReport } = await import('./daemons.ts');
    return daemonReport(this.#paths);
  }

  async stopDaemons(force: boolean) {
    const { stopDaemons } = await import('./daemons.ts');
    return stopDaemons(this.#paths, force);
  }

  async restartDaemons() {
    const { restartDaemons } = await import('./daemons.ts');
    return restartDaemons(this.#paths, this.#environment);
  }

  dispose(): void {
    this.#held.dispose();
  }

  #repository(): Promise<Repository> {
    return this.#here.repository();
  }

  #root(): Promise<string> {
    return this.#here.root();
  }

  async #context() {
    return this.#operations.open(await this.#repository());
  }
}
