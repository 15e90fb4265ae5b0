import type { AgentRuntime, QuestionAnswer, RuntimeOptions } from '../../../ports/agent-runtime.ts';
import { describeTool } from '../../headless/describe-tool.ts';
import { failureOf } from '../../headless/failure-of.ts';
import { splitFiles } from '../../headless/split-files.ts';
import { WireProgram } from '../../headless/wire-program.ts';
import { type JsonObject, objectOf, textOf } from '../../json-line.ts';
import { commandOf, EventReader } from './event-reader.ts';
import { JsonRpc } from './json-rpc.ts';
import { threadSettings } from './thread-settings.ts';

interface Asked {
  id: string | number;
  /** What the program is told. */
  answers: Record<QuestionAnswer, object>;
}

/** Codex's `app-server`: one process, one thread. */
export class CodexRuntime implements AgentRuntime {
  readonly canAsk = true;
  readonly #options: RuntimeOptions;
  readonly #reader: EventReader;
  readonly #asked = new Map<string, Asked>();
  #program: WireProgram | null = null;
  #rpc: JsonRpc | null = null;
  #thread: string | null;
  #hasThread = false;
  #turn: string | null = null;
  #isWorking = false;
  #isInterrupted = false;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#thread = options.conversation;
    this.#reader = new EventReader((event) => {
      if (event.type === 'end') this.#end(event.outcome, event.reason);
      else options.hear(event);
    });
  }

  send(prompt: string): void {
    this.#isWorking = true;
    this.#isInterrupted = false;
    this.#turn = null;
    this.#sendTurn(prompt).catch((failure: Error) => this.#end('failed', failure.message));
  }

  interrupt(): void {
    this.#isInterrupted = true;
    // Before it has begun it is stopped as soon as it does.
    if (this.#turn !== null) this.#stopTurn(this.#turn);
  }

  answer(question: string, answer: QuestionAnswer): void {
    const asked = this.#asked.get(question);
    this.#asked.delete(question);
    if (asked) this.#rpc?.reply(asked.id, asked.answers[answer]);
    if (answer === 'stop') this.interrupt();
  }

  async close(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    this.#rpc = null;
    this.#isWorking = this.#hasThread = false;
    this.#asked.clear();
    await program?.end(true);
  }

  async #sendTurn(prompt: string): Promise<void> {
    const rpc = this.#rpc ?? this.#start();
    if (!this.#hasThread) await this.#openThread(rpc);
    await rpc.request('turn/start', {
      threadId: this.#thread,
      input: inputOf(prompt),
    });
  }

  async #openThread(rpc: JsonRpc): Promise<void> {
    const { command, cwd, hear } = this.#options;
    const clientInfo = { name: 'forge', title: 'Forge', version: '1' };
    await rpc.request('initialize', { clientInfo });
    rpc.notify('initialized');
    const opened = await this.#open(rpc, { cwd, ...threadSettings(command.slice(1)).thread });
    const thread = textOf(objectOf(opened.thread).id);
    this.#reader.begin(thread, textOf(opened.model) || 'unknown', this.#thread === null);
    this.#hasThread = true;
    if (thread !== this.#thread) hear({ type: 'conversation', id: thread });
    this.#thread = thread;
  }

  /** A thread in which nothing was written down yet is gone with its program: then another one is begun. */
  async #open(rpc: JsonRpc, settings: object): Promise<JsonObject> {
    const { fork } = this.#options;
    if (this.#thread === null && fork !== null)
      return rpc.request('thread/fork', { threadId: fork, excludeTurns: true, ...settings });
    if (this.#thread === null) return rpc.request('thread/start', settings);
    const resumed = { threadId: this.#thread, excludeTurns: true, ...settings };
    return rpc.request('thread/resume', resumed).catch((failure: Error) => {
      if (!failure.message.includes('no rollout found')) throw failure;
      this.#options.hear({ type: 'note', text: 'its conversation is gone: it begins another one' });
      return rpc.request('thread/start', settings);
    });
  }

  #start(): JsonRpc {
    const { command, env, cwd } = this.#options;
    const [path, ...own] = command;
    this.#program = new WireProgram({
      command: [path, ...threadSettings(own).others, 'app-server'],
      ...{ env, cwd },
      hearLine: (line) => rpc.read(line),
      hearEnd: (end) => {
        this.#program = this.#rpc = null;
        this.#hasThread = false;
        this.#asked.clear();
        if (this.#isWorking) this.#end('failed', failureOf(end));
      },
    });
    const rpc = new JsonRpc((line) => this.#program?.write(line), {
      notified: (method, params) => this.#notified(method, params),
      asked: (id, method, params) => this.#takeQuestion(id, method, params),
    });
    this.#rpc = rpc;
    return rpc;
  }

  #notified(method: string, params: JsonObject): void {
    if (method === 'serverRequest/resolved') {
      const id = String(params.requestId);
      if (this.#asked.delete(id)) this.#options.hear({ type: 'withdrawn', id });
    }
    if (method === 'turn/started' && params.threadId === this.#thread) {
      // Not by the answer to turn/start, which comes before the turn can be stopped.
      this.#turn = textOf(objectOf(params.turn).id);
      if (this.#isInterrupted) this.#stopTurn(this.#turn);
    }
    this.#reader.read(method, params);
  }

  #takeQuestion(id: string | number, method: string, params: JsonObject): void {
    const question = questions[method];
    if (!question) {
      this.#rpc?.refuse(id, 'Forge does not know this request.');
      this.#options.hear({ type: 'note', text: `asked for ${method}, which cannot be answered here` });
      return;
    }
    this.#asked.set(String(id), { id, answers: question.answers(params) });
    this.#options.hear({ type: 'question', id: String(id), what: question.what(params) });
  }

  #stopTurn(turnId: string): void {
    // Refused when the turn has just ended: that is told by itself.
    this.#rpc?.request('turn/interrupt', { threadId: this.#thread, turnId }).catch(() => {});
  }

  #end(outcome: 'done' | 'interrupted' | 'failed', reason: string): void {
    if (!this.#isWorking) return;
    this.#isWorking = false;
    this.#options.hear({ type: 'end', outcome, reason });
  }
}

function inputOf(prompt: string): object[] {
  const { files, words } = splitFiles(prompt);
  return [...files.map((path) => ({ type: 'localImage', path })), { type: 'text', text: words }];
}

const decisions = () => ({ yes: { decision: 'accept' }, no: { decision: 'decline' }, stop: { decision: 'cancel' } });
const grant = (permissions: unknown) => ({ permissions, scope: 'turn' });
const because = ({ reason }: JsonObject) => (textOf(reason) === '' ? '' : ` (${textOf(reason)})`);

const questions: Record<
  string,
  { what(params: JsonObject): string; answers(params: JsonObject): Asked['answers'] } | undefined
> = {
  'item/commandExecution/requestApproval': {
    what: (params) => `${describeTool('shell', { command: commandOf(params) })}${because(params)}`,
    answers: decisions,
  },
  'item/fileChange/requestApproval': { what: (params) => `edit files${because(params)}`, answers: decisions },
  'item/permissions/requestApproval': {
    what: (params) => `more permissions: ${JSON.stringify(params.permissions)}${because(params)}`,
    answers: ({ permissions }) => ({ yes: grant(permissions), no: grant({}), stop: grant({}) }),
  },
};
