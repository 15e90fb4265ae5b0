import type { AppClient } from '../app/client.ts';
import type { InputOf, Operation, OperationName, OutputOf } from '../app/operations.ts';
import { runOperation } from '../app/run-operation.ts';
import { ForgeError } from '../base/errors.ts';
import type { ProjectAnswer } from '../cli/all-projects.ts';
import { isProject } from '../config/is-project.ts';
import type { Repository } from '../git/find-repository.ts';
import { askProjects } from './ask-projects.ts';
import type { Here } from './here.ts';
import { listProjects } from './list-projects.ts';
import type { ProjectContext } from './project-context.ts';

/** Runs operations where they belong: in this process, or in the supervisor, which is started for it. */
export class OperationCaller {
  readonly #here: Here;
  #connected: Promise<AppClient> | null = null;

  constructor(here: Here) {
    this.#here = here;
  }

  async call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    this.#here.findMeanwhile();
    const operation = await operationNamed(name);
    const place = await (operation.isAnywhere ? this.#anyPlace() : this.#here.placeOf(input));
    if (operation.place === 'supervisor') return (await this.#client(place)).call(name, input);
    const repository = place ?? (await this.#here.repository());
    if (operation.place === 'tasks') return runOperation(operation, input, await this.#here.openTasks(repository));
    const context = await this.open(repository);
    if (operation.tellsRuns && context.store.runs.live().length > 0) await this.#settle(() => this.#client(place));
    return runOperation(operation, input, context);
  }

  async callInProjects<Name extends OperationName>(name: Name, input: InputOf<Name>) {
    const operation = await operationNamed(name);
    const tellsRuns = operation.place === 'store' && operation.tellsRuns === true;
    return this.inProjects(async (root): Promise<OutputOf<Name>> => {
      const context = await this.open(root);
      if (tellsRuns && context.store.runs.live().length > 0) await this.#settle(() => this.connect(root));
      return await runOperation(operation, input, context);
    });
  }

  async inProjects<Result>(ask: (root: string) => Promise<Result>): Promise<ProjectAnswer<Result>[]> {
    return askProjects(await listProjects(this.#here.paths), ask);
  }

  async open(repository: Repository | string): Promise<ProjectContext> {
    const { openProjectContext } = await import('./project-context.ts');
    return this.#here.hold(await openProjectContext(this.#here.openOptions(repository)));
  }

  /** A client of the supervisor for the project at `place`; null: this one. */
  async connect(place: string | null): Promise<AppClient> {
    const { paths, environment, held } = this.#here;
    // Opened here first: a problem with the project is then told before anything is started.
    const { project } = await this.open(place ?? (await this.#here.repository()));
    const { connectSupervisor } = await import('./daemons.ts');
    const { RemoteClient } = await import('../app/client.ts');
    const link = await connectSupervisor(paths, environment);
    return held.use(new RemoteClient(link, project.root, environment));
  }

  /** One for the whole command and for one project, and the next when that supervisor went away. */
  #client(place: string | null): Promise<AppClient> {
    this.#connected ??= this.connect(place).then((client) => {
      client.onClose(() => {
        this.#connected = null;
      });
      return client;
    });
    return this.#connected;
  }

  /** What is stored is told all the same when nobody can be asked. */
  async #settle(client: () => Promise<AppClient>): Promise<void> {
    try {
      await (await client()).call('run.settle', {});
    } catch (failure) {
      if (!(failure instanceof ForgeError)) throw failure;
    }
  }

  /** Null: this project. Outside of one, the first that is there; null when there is none. */
  async #anyPlace(): Promise<string | null> {
    const here = await this.#here.root().catch(() => null);
    if (here !== null && isProject(here)) return null;
    return (await listProjects(this.#here.paths)).find(({ root }) => isProject(root))?.root ?? null;
  }
}

async function operationNamed(name: string): Promise<Operation> {
  const { operations } = await import('../app/operations.ts');
  const operation = operations.find((candidate) => candidate.name === name);
  if (!operation) throw new ForgeError('usage.invalid', `There is no operation ${name}.`);
  return operation;
}
