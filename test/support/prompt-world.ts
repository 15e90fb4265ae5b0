import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findAdapter } from '../../src/agents/registry.ts';
import type { OperationContext } from '../../src/app/context.ts';
import { HostLink } from '../../src/app/supervisor/host-link.ts';
import { MessageDriver } from '../../src/app/supervisor/message-driver.ts';
import { DisposableStack } from '../../src/base/disposable.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { hearReport, noWords } from '../../src/domain/agent-words.ts';
import type { Message, MessageState } from '../../src/domain/message.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { HostWorld } from './host-world.ts';
import { until } from './until.ts';

const program = resolve(import.meta.dirname, 'chat-program-entry.ts');

/** What the sessions here are labelled with. */
const project = '/p';

/** How often a driver is told that time has gone by, in ms: as in the supervisor. */
const lookMs = 250;

interface Logged {
  prompt?: string;
  dialog?: string;
}

/** A real session host with chat programs, a real store, and a driver of messages that can be ended and started again. */
export class PromptWorld implements AsyncDisposable {
  readonly host: SessionHost;
  readonly #world: HostWorld;
  readonly #store: Store;
  #held = new DisposableStack();
  #driver: MessageDriver;

  private constructor(world: HostWorld, host: SessionHost) {
    this.#world = world;
    this.host = host;
    this.#store = openStore({ directory: join(world.root, 'store'), prefix: 'fg', clock: Date.now, jsonl: false });
    this.#driver = this.#start();
  }

  static async open(): Promise<PromptWorld> {
    const world = new HostWorld();
    return new PromptWorld(world, await world.connect());
  }

  /** Starts a chat program; `options` are those of chat-program-entry.ts without CHAT_. Its input looks like Codex's. */
  async chat(id: string, options: Record<string, string | number> = {}, agent?: string): Promise<void> {
    const own = Object.entries(options).map(([name, value]) => [`CHAT_${name}`, String(value)]);
    const env = { PATH: process.env.PATH ?? '', CHAT_LOG: this.#log(id), ...Object.fromEntries(own) };
    await this.start(id, { command: [process.execPath, program], env, ...(agent === undefined ? {} : { agent }) });
  }

  /** Starts any program; `agent` is the adapter that reads it. */
  async start(
    id: string,
    { agent, ...spec }: { command: string[]; env: Record<string, string>; cwd?: string; agent?: string },
  ): Promise<void> {
    const labels = { project, ...(agent === undefined ? {} : { agent }) };
    await this.host.ensure(this.#world.spec(id, '', { cols: 100, rows: 30, ...spec, labels }));
    await until('the driver knows it', () => this.#link.known().some((facts) => facts.id === id));
  }

  async send(session: string, text: string): Promise<number> {
    return (await this.#driver.send([session], text, []))[0]?.id ?? 0;
  }

  unsend(id: number): Message {
    return this.#driver.unsend(id);
  }

  message(id: number): Message {
    return this.#store.messages.get(id);
  }

  async reaches(id: number, state: MessageState): Promise<Message> {
    const session = this.message(id).session;
    let screen = '';
    return until(
      `message ${id} is ${state}`,
      async () => {
        screen = await this.host.screen(session, 'text');
        const message = this.message(id);
        return message.state === state ? message : null;
      },
      { timeoutMs: 40_000, shown: () => `${JSON.stringify({ ...this.message(id), text: '' })}\n${screen}` },
    );
  }

  /** It stays queued for this reason. */
  async waits(id: number, note: RegExp): Promise<void> {
    const shown = () => JSON.stringify(this.message(id));
    await until(`message ${id} waits: ${note}`, () => note.test(this.message(id).note), { shown });
    if (this.message(id).state !== 'queued') throw new Error(shown());
  }

  /** What the records of its program are read to say. */
  tells(session: string, report: AgentReport): void {
    const { words } = this.#store;
    words.set(session, hearReport(words.get(session) ?? noWords, report));
  }

  /** What the host knows of it. */
  facts(session: string): SessionFacts | undefined {
    return this.#link.known().find(({ id }) => id === session);
  }

  /** What the program took: prompts, and what was typed into its dialogs. */
  taken(session: string): { prompts: string[]; dialogs: string } {
    const file = this.#log(session);
    const lines: Logged[] = existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
    return {
      prompts: lines.flatMap(({ prompt }) => (prompt === undefined ? [] : [prompt])),
      dialogs: lines.map(({ dialog }) => dialog ?? '').join(''),
    };
  }

  /** The supervisor is killed, and another one starts. */
  restart(): void {
    this.#held.dispose();
    this.#driver = this.#start();
  }

  #link!: HostLink;

  #start(): MessageDriver {
    const held = new DisposableStack();
    this.#held = held;
    const log = () => {};
    const link = held.use(new HostLink(() => this.#world.connect(), log));
    this.#link = link;
    const agents = { adapterOfOrNull: (name: string) => findAdapter(name) ?? null };
    const context = { project: { name: 'p', root: project }, store: this.#store, agents, actor: 'ada' };
    const driver = held.use(
      new MessageDriver({
        context: context as unknown as OperationContext,
        host: link,
        clock: Date.now,
        log,
        beforePrompt: async () => {},
        onChange: log,
      }),
    );
    held.use(link.onFacts((facts) => driver.observe(facts)));
    held.use(link.onReached(() => driver.restore()));
    const poll = setInterval(() => driver.lookAgain(), lookMs);
    held.defer(() => clearInterval(poll));
    return driver;
  }

  #log(session: string): string {
    return join(this.#world.root, `${session}.log`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#held.dispose();
    this.#store.dispose();
    await this.#world[Symbol.asyncDispose]();
  }
}
