import type { Message } from '../../src/domain/message.ts';
import type { Run } from '../../src/domain/run.ts';
import type { ModelRequest } from './real-agents.ts';
import { dispatchTo } from './told-run.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export interface SessionJson {
  id: string;
  state: string;
  reason: string;
  pid: number;
  /** Of a limit, in ms since the epoch. */
  until: number | null;
}

/** A run of a real agent in the built program, as a person follows it by commands. */
export class RealRun {
  readonly id: string;
  readonly #world: World;

  private constructor(world: World, id: string) {
    this.#world = world;
    this.id = id;
  }

  static async begin(world: World, worker: string, title: string): Promise<RealRun> {
    return new RealRun(world, (await dispatchTo(world, worker, title)).id);
  }

  show(): Promise<Run> {
    return this.#world.json<Run>('run', 'show', this.id);
  }

  async screen(): Promise<string> {
    return (await this.#world.forge('session', 'screen', (await this.show()).session)).stdout;
  }

  /** The newest. */
  async session(): Promise<SessionJson | undefined> {
    const { session } = await this.show();
    return (await this.#world.json<SessionJson[]>('session', 'list')).find(({ id }) => id === session);
  }

  async send(text: string): Promise<void> {
    await this.#world.json('session', 'send', (await this.show()).session, text);
  }

  async press(keys: string): Promise<void> {
    await this.#world.forge('session', 'send', (await this.show()).session, '--raw', keys);
  }

  messages(): Promise<Message[]> {
    return this.#world.json<Message[]>('session', 'messages', this.id);
  }

  /** States of all prompts that were sent, in order. */
  async states(): Promise<string> {
    return (await this.messages()).map(({ state }) => state).join();
  }

  async untilScreen(words: string): Promise<void> {
    await this.until(`the screen to show: ${words}`, async () => (await this.screen()).includes(words));
  }

  async untilState(state: string): Promise<SessionJson> {
    return this.until(`it to be ${state}`, async () => {
      const session = await this.session();
      return session?.state === state && session;
    });
  }

  until<T>(what: string, look: () => Promise<T | false | null | undefined>): Promise<T> {
    // Asked for at the end alone: each command takes the machine from the program that is waited for.
    const shown = async () => {
      const told = JSON.stringify([await this.show(), await this.session(), await this.messages()], null, 1);
      return `${told}\n${await this.screen()}`;
    };
    // The first opencode of a home fetches a package before it does anything else.
    return until(`${this.id}: ${what}`, look, { timeoutMs: 150_000, everyMs: 300, shown });
  }
}

/** What a person or Forge said in the newest conversation that the model was sent, in order: each match of the pattern. */
export function toldIn(requests: readonly ModelRequest[], pattern: RegExp): string[] {
  const { body } = requests.findLast(({ side }) => !side) as ModelRequest;
  const { messages, input, contents } = body as Record<string, { role?: string }[] | undefined>;
  const said = (messages ?? input ?? contents ?? []).filter(({ role }) => role === 'user');
  return JSON.stringify(said).match(pattern) ?? [];
}
