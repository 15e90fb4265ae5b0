import { inCommand, newCorrelation } from '../../base/command-scope.ts';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import type { MessageLink } from '../../ports/message-link.ts';
import { type AppReply, type AppRequest, appRequestSchema } from '../../protocol/app-messages.ts';
import { parseInput } from '../define-operation.ts';
import { operations } from '../operations.ts';
import type { ProjectRuntime } from './project-runtime.ts';

export interface SupervisorOptions {
  /** Opens the project at this root; throws `project.missing` and the like. */
  open: (root: string) => Promise<ProjectRuntime>;
  status: () => Record<string, unknown>;
  /** Asked to stop by a client. */
  onStop: () => void;
  log: (line: string) => void;
}

/** The application as a process: any number of faces talk to it, each project is opened once. */
export class Supervisor implements Disposable {
  readonly #options: SupervisorOptions;
  readonly #projects = new Map<string, Promise<ProjectRuntime>>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  project(root: string): Promise<ProjectRuntime> {
    const open = this.#projects.get(root);
    if (open) return open;
    const opening = this.#options.open(root);
    this.#projects.set(root, opening);
    // What could not be opened is tried again at the next question.
    opening.catch(() => this.#projects.delete(root));
    return opening;
  }

  serve(link: MessageLink): void {
    const held = new DisposableStack();
    const reply = (message: AppReply) => link.send(message);
    held.use(
      link.onMessage((message) => {
        const request = appRequestSchema.safeParse(message);
        if (!request.success) {
          link.dispose();
          return;
        }
        this.#answer(request.data, reply, held).catch((failure: unknown) => {
          const error = asForgeError(failure);
          if (error.code === 'internal') this.#options.log(`${request.data.type}: ${error.cause ?? error}`);
          reply({ type: 'error', id: request.data.id, error: error.toJSON() });
        });
      }),
    );
    held.use(link.onClose(() => held.dispose()));
  }

  async #answer(request: AppRequest, reply: (message: AppReply) => void, held: DisposableStack): Promise<void> {
    const { id } = request;
    switch (request.type) {
      case 'call': {
        const { context } = await this.project(request.project);
        if (request.environment) context.takeEnvironment(request.environment);
        const { operation, input, correlation = newCorrelation() } = request;
        const value = await inCommand(correlation, () => callOperation(context, operation, input));
        reply({ type: 'result', id, value });
        return;
      }
      case 'watch': {
        const runtime = await this.project(request.project);
        reply({ type: 'result', id, value: null });
        held.use(await runtime.watch((slices) => reply({ type: 'view', project: request.project, slices })));
        return;
      }
      case 'status':
        reply({ type: 'result', id, value: this.#options.status() });
        return;
      case 'stop':
        reply({ type: 'result', id, value: null });
        this.#options.onStop();
        return;
    }
  }

  dispose(): void {
    for (const project of this.#projects.values()) project.then((runtime) => runtime.dispose()).catch(() => {});
    this.#projects.clear();
  }
}

/** Runs an operation by its name in a context that can do all of them. */
async function callOperation(context: ProjectRuntime['context'], name: string, input: unknown): Promise<unknown> {
  const operation = operations.find((candidate) => candidate.name === name);
  if (!operation) throw new ForgeError('usage.invalid', `There is no operation ${name}; is this supervisor older?`);
  return (operation.run as (context: ProjectRuntime['context'], input: unknown) => unknown)(
    context,
    parseInput(operation.input, input),
  );
}
