import { newCorrelation } from '../base/command-scope.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { ForgeError, reviveForgeError } from '../base/errors.ts';
import type { MessageLink } from '../ports/message-link.ts';
import { appReplySchema } from '../protocol/app-messages.ts';
import { PendingAnswers } from '../protocol/pending-answers.ts';
import type { InputOf, OperationName, OutputOf } from './operations.ts';
import type { ProjectView } from './views/project-view.ts';

/** How long the supervisor may take for an answer, in ms. Worktrees of large repositories are not made within a call. */
const answerMs = 30_000;

/** The same for what waits for others, in ms: a push is stopped before that when it hangs, and so is a gate, by its own time. */
const longAnswerMs: Partial<Record<OperationName, number>> = {
  'run.deliver': 10 * 60_000,
  'run.gate.run': 24 * 60 * 60_000,
};

/** Calls after which programs of the person are started, agents or git's: they get the environment of whoever called. */
const startsPrograms: ReadonlySet<OperationName> = new Set([
  ...([
    'run.dispatch',
    'run.dispatch.ready',
    'run.dispatch.together',
    'batch.dispatch',
    'run.resume',
    'run.approve',
    'run.deliver',
    'review.send',
    'run.gate.run',
    'worktree.make',
    'session.shell',
  ] as const),
]);

/** The application as a face sees it, for one project. */
export interface AppClient extends Disposable {
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** The whole view first, then the slices that change. */
  watch(listener: (slices: Partial<ProjectView>) => void): Promise<Disposable>;
  onClose(listener: () => void): Disposable;
}

/** A client over a link to the supervisor. */
export class RemoteClient implements AppClient {
  readonly #link: MessageLink;
  readonly #project: string;
  readonly #environment: Record<string, string>;
  readonly #views = new Emitter<Partial<ProjectView>>();
  readonly #closes = new Emitter<void>();
  readonly #pending = new PendingAnswers();
  #isClosed = false;

  /** `environment` is what agents that this client starts are to run in. */
  constructor(link: MessageLink, project: string, environment: Record<string, string>) {
    this.#link = link;
    this.#project = project;
    this.#environment = environment;
    link.onMessage((message) => this.#receive(message));
    link.onClose(() => this.#close());
  }

  async call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const environment = startsPrograms.has(name) ? { environment: this.#environment } : {};
    const correlation = newCorrelation();
    const call = { type: 'call', project: this.#project, operation: name, input, correlation, ...environment };
    return (await this.request(call, longAnswerMs[name] ?? answerMs)) as OutputOf<Name>;
  }

  async watch(listener: (slices: Partial<ProjectView>) => void): Promise<Disposable> {
    const watching = this.#views.on(listener);
    await this.request({ type: 'watch', project: this.#project });
    return watching;
  }

  onClose(listener: () => void): Disposable {
    if (this.#isClosed) queueMicrotask(listener);
    return this.#closes.on(listener);
  }

  request(message: Record<string, unknown>, msMax = answerMs): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(gone());
    const silence = `The supervisor did not answer within ${msMax / 1000} s.`;
    const late = new ForgeError('supervisor.unreachable', silence);
    return this.#pending.ask((id) => this.#link.send({ ...message, id }), msMax, late);
  }

  #receive(message: unknown): void {
    const parsed = appReplySchema.safeParse(message);
    if (!parsed.success) {
      this.#link.dispose();
      return;
    }
    const reply = parsed.data;
    if (reply.type === 'view') {
      this.#views.emit(reply.slices as Partial<ProjectView>);
      return;
    }
    if (reply.type === 'result') this.#pending.resolve(reply.id, reply.value);
    else this.#pending.reject(reply.id, reviveForgeError(reply.error));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pending.rejectAll(gone());
    this.#closes.emit();
  }

  dispose(): void {
    this.#link.dispose();
    this.#close();
  }
}

function gone(): ForgeError {
  return new ForgeError('supervisor.unreachable', 'The supervisor went away before it answered.');
}
