import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AppClient } from '../app/client.ts';
import type { TaskContext } from '../app/context.ts';
import type { InputOf, Operation, OperationName, OutputOf } from '../app/operations.ts';
import type { ProjectView } from '../app/views/project-view.ts';
import { DisposableStack } from '../base/disposable.ts';
import { asForgeError, ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type {
  DashboardRequest,
  ForgeCli,
  InitReport,
  InitRequest,
  ReplayRequest,
  RestoreRequest,
} from '../cli/forge-cli.ts';
import { runProgram } from '../cli/run-program.ts';
import { isProject } from '../config/is-project.ts';
import { type ForgePaths, forgePaths, personName, readEnvironment } from '../config/paths.ts';
import type { SessionView } from '../domain/session.ts';
import type { Repository } from '../git/find-repository.ts';
import { usualRepository } from '../git/usual-repository.ts';
import type { OpenProject, OpenProjectOptions } from './open-project.ts';
import { version } from './version.ts';

/** The command line: every heavy part is loaded when the command that needs it runs. */
export async function main(argv: string[]): Promise<number> {
  // A pipe that was closed (forge task list | head) is the reader's choice, not an error.
  process.stdout.on('error', (failure: NodeJS.ErrnoException) => process.exit(failure.code === 'EPIPE' ? 0 : 1));
  const environment = readEnvironment();
  const cli = new CommandLine(forgePaths(environment), environment);
  const { stdout, stderr } = process;
  let status = 1;
  try {
    status = await runProgram(argv, cli, { stdout, stderr, env: environment });
  } finally {
    cli.dispose();
  }
  // What was printed is handed over first. Then nothing is awaited that a library left behind, such as its timers.
  await Promise.all([stdout, stderr].map(handOver));
  process.exit(status);
}

function handOver(stream: NodeJS.WriteStream): Promise<void> | undefined {
  return stream.writableLength === 0 ? undefined : new Promise((done) => stream.write('', () => done()));
}

class CommandLine implements ForgeCli {
  readonly version = version;
  readonly isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  readonly isOutputTerminal = process.stdout.isTTY === true;
  readonly cols = process.stdout.columns ?? 80;
  readonly #paths: ForgePaths;
  readonly #environment: Record<string, string>;
  readonly #held = new DisposableStack();
  #found: Promise<Repository> | null = null;
  #connected: Promise<AppClient> | null = null;

  constructor(paths: ForgePaths, environment: Record<string, string>) {
    this.#paths = paths;
    this.#environment = environment;
  }

  async call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    this.#findRepositoryMeanwhile();
    const operation = await operationNamed(name);
    const place = await this.#placeOf(input);
    if (operation.place === 'supervisor') return (await this.#client(place)).call(name, input);
    const repository = place ?? (await this.#repository());
    if (operation.place === 'tasks') return run(operation, input, await this.#openTasks(repository));
    const context = await this.#open(repository);
    if (operation.tellsRuns && context.store.runs.live().length > 0) await this.#settle();
    return run(operation, input, context);
  }

  async callInProjects<Name extends OperationName>(name: Name, input: InputOf<Name>) {
    const answers = [];
    const operation = await operationNamed(name);
    for (const project of await this.projects()) {
      try {
        const result: OutputOf<Name> = await run(operation, input, await this.#open(project.root));
        answers.push({ project, result, problem: null });
      } catch (failure) {
        const { code, sentence } = asForgeError(failure);
        // What was typed is wrong everywhere.
        if (code === 'usage.invalid') throw failure;
        answers.push({ project, result: null, problem: sentence });
      }
    }
    return answers;
  }

  /** What is stored is told all the same when nobody can be asked. */
  async #settle(): Promise<void> {
    try {
      await (await this.#client()).call('run.settle', {});
    } catch (failure) {
      if (!(failure instanceof ForgeError)) throw failure;
    }
  }

  async host() {
    const { connectHost } = await import('./daemons.ts');
    return this.#held.use(await connectHost(this.#paths, this.#environment));
  }

  async sessions() {
    this.#findRepositoryMeanwhile();
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

  async readInput() {
    const { text } = await import('node:stream/consumers');
    return text(process.stdin);
  }

  filePath(typed: string): string {
    const path = resolve(workingFolder(), typed);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    throw new ForgeError('usage.invalid', `There is no file ${path}.`);
  }

  readFile(typed: string): string | null {
    const path = resolve(workingFolder(), typed);
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null;
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
    if (!this.isTerminal) throw new ForgeError('terminal.missing', 'The dashboard needs a terminal on both ends.');
    if (!request.isDemo) this.#findRepositoryMeanwhile();
    const { openDashboard } = await import('./dashboard.ts');
    const root = request.isDemo ? null : await this.#root();
    await openDashboard(request, root, this.#paths, this.#environment);
  }

  print(lines: readonly string[]): void {
    for (const line of lines) process.stdout.write(`${plainText(line)}\n`);
  }

  note(lines: readonly string[]): void {
    for (const line of lines) process.stderr.write(`${plainText(line)}\n`);
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

  async follow(listener: (view: ProjectView) => void, failed: (failure: unknown) => void) {
    const { followProject } = await import('./follow-project.ts');
    return this.#held.use(await followProject(() => this.#connect(null), listener, failed));
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
    return flattenConfig(
      loadConfig({ forgeHome: this.#paths.home, projectRoot: root, environment: this.#environment }),
    );
  }

  async checkAdapter(name: string, recordings: string | null) {
    const { checkAdapterNamed } = await import('./check-adapter.ts');
    const folder = recordings === null ? null : resolve(workingFolder(), recordings);
    return checkAdapterNamed(name, folder, this.#paths, await this.#root().catch(() => null));
  }

  async projects() {
    const { openProjectRegistry } = await import('../config/projects.ts');
    return openProjectRegistry(this.#paths.projectsFile)
      .list()
      .map(({ name, path, prefix }) => ({ name, root: path, prefix, isThere: existsSync(path) }));
  }

  async addProject(path: string | null) {
    const { findRepository } = await import('../git/find-repository.ts');
    const found =
      path === null ? this.#repository() : findRepository(resolve(workingFolder(), path), this.#environment);
    return (await this.#open(await found)).project;
  }

  async removeProject(name: string) {
    const { forgetProject } = await import('./forget-project.ts');
    return forgetProject(name, this.#paths);
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

  /** Git looks for the repository while the rest is being loaded. What it throws is thrown where it is needed. */
  #findRepositoryMeanwhile(): void {
    this.#repository().catch(() => {});
  }

  #repository(): Promise<Repository> {
    this.#found ??= this.#findRepository();
    return this.#found;
  }

  /** What `forge init` has looked at needs no second look by git. */
  async #findRepository(): Promise<Repository> {
    const usual = usualRepository(workingFolder(), this.#environment);
    if (usual !== null && isProject(usual.root)) return usual;
    const { findRepository } = await import('../git/find-repository.ts');
    return findRepository(workingFolder(), this.#environment);
  }

  async #root(): Promise<string> {
    return (await this.#repository()).root;
  }

  async #context() {
    return this.#open(await this.#repository());
  }

  async #open(repository: Repository | string) {
    const { openProjectContext } = await import('./project-context.ts');
    return this.#hold(await openProjectContext(this.#openOptions(repository)));
  }

  /** Only what has to do with tasks: the rest takes longer to load than most of their commands take. */
  async #openTasks(repository: Repository | string) {
    const { openProject } = await import('./open-project.ts');
    return this.#hold(await openProject(this.#openOptions(repository)));
  }

  #openOptions(repository: Repository | string): OpenProjectOptions {
    const environment = this.#environment;
    const root = typeof repository === 'string' ? repository : repository.root;
    const warn = (line: string) => process.stderr.write(`forge: ${plainText(line)}\n`);
    const askOwner = () => this.#askOwner(root);
    return { repository, paths: this.#paths, environment, actor: personName(environment), warn, askOwner };
  }

  #hold<T extends OpenProject>(project: T): T {
    for (const problem of project.problems()) process.stderr.write(`forge: ${problem}\n`);
    return this.#held.use(project);
  }

  /** A supervisor that runs has the project open, with all that was in it: any question lets it put that back. */
  async #askOwner(root: string): Promise<void> {
    const { findSupervisor } = await import('./daemons.ts');
    const link = await findSupervisor(this.#paths);
    if (link === null) return;
    const { RemoteClient } = await import('../app/client.ts');
    const client = new RemoteClient(link, root, this.#environment);
    await client.call('batch.list', {}).catch(() => {});
    client.dispose();
  }

  /** Where the project is that an id of the input belongs to, when that is another one than this; null: this one. */
  async #placeOf(input: unknown): Promise<string | null> {
    const { idIn, projectOfId } = await import('./route-id.ts');
    const id = idIn(input);
    if (id === null) return null;
    const { openProjectRegistry } = await import('../config/projects.ts');
    const here = await this.#root().catch(() => null);
    const place = projectOfId(id, here, openProjectRegistry(this.#paths.projectsFile).list());
    if (place === null || here === null || !isProject(here)) return place;
    // A task that came from elsewhere keeps its id, and is of this project now.
    const { store } = await this.#context();
    return store.tasks.find(id) === null ? place : null;
  }

  /** One for the whole command and for one project, and the next when that supervisor went away. */
  #client(place: string | null = null): Promise<AppClient> {
    this.#connected ??= this.#connect(place).then((client) => {
      client.onClose(() => {
        this.#connected = null;
      });
      return client;
    });
    return this.#connected;
  }

  async #connect(place: string | null): Promise<AppClient> {
    // Opened here first: a problem with the project is then told before anything is started.
    const { project } = await this.#open(place ?? (await this.#repository()));
    const { connectSupervisor } = await import('./daemons.ts');
    const { RemoteClient } = await import('../app/client.ts');
    const link = await connectSupervisor(this.#paths, this.#environment);
    return this.#held.use(new RemoteClient(link, project.root, this.#environment));
  }
}

async function operationNamed(name: string): Promise<Operation> {
  const { findOperation } = await import('../app/find-operation.ts');
  const operation = await findOperation(name);
  if (!operation) throw new ForgeError('usage.invalid', `There is no operation ${name}.`);
  return operation;
}

async function run<Output>(operation: Operation, input: unknown, context: TaskContext): Promise<Output> {
  const { parseInput } = await import('../app/define-operation.ts');
  const act = operation.run as (context: unknown, input: unknown) => Output | Promise<Output>;
  return await act(context, parseInput(operation.input, input));
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new ForgeError('repository.missing', 'The folder that this shell is in does not exist any more.', {
      next: 'Go to a folder that is there: cd',
    });
  }
}
