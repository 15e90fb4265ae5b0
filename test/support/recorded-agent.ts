import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type IPty, spawn } from 'node-pty';
import { findAdapter } from '../../src/agents/registry.ts';
import type { Appended, StoryEntry } from '../../src/conformance/recording.ts';
import type { Launch, LaunchRequest } from '../../src/ports/agent.ts';
import { answerQueries } from '../../src/sessions/host/replies.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import type { Stage } from './agent-stories.ts';
import type { MockModel, RealAgentWorld } from './real-agents.ts';
import { until } from './until.ts';

const [cols, rows] = [100, 30];
/** How often it is looked whether a record has grown, in ms. */
const lookMs = 15;
/** What a first start needs on a machine that does other things too, in ms. */
const patienceMs = 120_000;

/** Files below these folders of a home are what the programs record of themselves. */
const recordFolders = ['.claude/projects', '.codex/sessions', '.gemini/tmp'];

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** An agent in a terminal that answers as Forge's does, whose output and records are kept with the time of each piece. */
export class RecordedAgent implements Stage, AsyncDisposable {
  readonly #mock: MockModel;
  readonly #world: RealAgentWorld;
  readonly #request: LaunchRequest;
  readonly #launch: Launch;
  readonly #startedAt = Date.now();
  readonly #pty: IPty;
  readonly #emulator = new Emulator(cols, rows);
  readonly #output: { at: number; text: string }[] = [];
  readonly #appended: Appended[] = [];
  /** What stood in the files that have grown before they did. */
  readonly #before: Appended[] = [];
  readonly #sizes = new Map<string, number>();
  readonly #looking: NodeJS.Timeout;
  readonly #story: StoryEntry[] = [];
  readonly #ended: Promise<void>;
  #end: { at: number; exitCode: number | null; signal: number | null } | null = null;

  static async start(mock: MockModel, world: RealAgentWorld, request: LaunchRequest): Promise<RecordedAgent> {
    return new RecordedAgent(mock, world, request, await findAdapter(request.definition.adapter)!.launch(request));
  }

  /** Of the program itself, also where a script starts it. */
  async version(): Promise<string> {
    const { definition, environment } = this.#request;
    const found = await findAdapter(definition.adapter)!.find(definition, environment, this.#world.repository);
    return found.isFound ? found.version : '';
  }

  private constructor(mock: MockModel, world: RealAgentWorld, request: LaunchRequest, launch: Launch) {
    this.#mock = mock;
    this.#world = world;
    this.#request = request;
    this.#launch = launch;
    const [program = '', ...args] = launch.command;
    for (const path of this.#files()) this.#sizes.set(path, statSync(path).size);
    this.#pty = spawn(program, args, { cols, rows, cwd: request.worktree, env: launch.env, encoding: null });
    const signals = { onTitle() {}, onBell() {}, onStatus() {} };
    answerQueries(
      this.#emulator,
      { version: '0.1.0', isLight: false },
      (bytes) => this.#end === null && this.#pty.write(bytes),
      signals,
    );
    const decoder = new StringDecoder('utf8');
    this.#pty.onData((data) => {
      const bytes = data as unknown as Buffer;
      this.#output.push({ at: this.#now(), text: decoder.write(bytes) });
      this.#emulator.write(bytes);
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#end = { at: this.#now(), exitCode, signal: signal ?? null };
        resolve();
      });
    });
    this.#looking = setInterval(() => this.#look(), lookMs);
  }

  async asked(gate: string): Promise<void> {
    await until(`the model is asked at ${gate}`, () => this.isAsked(gate), {
      timeoutMs: patienceMs,
      everyMs: 5,
      shown: () => this.screen(),
    });
  }

  isAsked(gate: string): boolean {
    return this.#mock.waiting().includes(gate);
  }

  release(gate: string): void {
    this.#mock.release(gate);
  }

  async releaseAll(gate: string, quietMs: number): Promise<number> {
    for (let last = this.#now(); ; ) {
      if (this.isAsked(gate)) {
        this.#mock.release(gate);
        last = this.#now();
      }
      if (this.#now() - last > quietMs) return last;
      await pause(5);
    }
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  kill(): void {
    process.kill(this.#pty.pid, 'SIGKILL');
  }

  pause(ms: number): Promise<void> {
    return pause(ms);
  }

  note(
    state: StoryEntry['state'],
    because: string,
    { reason, at = this.#now() }: { reason?: string; at?: number } = {},
  ) {
    this.#story.push({ at, state, ...(reason === undefined ? {} : { reason }), because });
  }

  /** Its conversation, once it has worked for a while; then it is ended. */
  async rest(ms: number): Promise<string | null> {
    await until('it has written something', () => this.#output.length > 0, { timeoutMs: patienceMs });
    const { adapter } = this.#request.definition;
    let conversation = this.#launch.conversation;
    const session = { ...this.#request, startedAt: this.#startedAt, conversation };
    const following = findAdapter(adapter)?.follow?.(session, (report) => {
      if (report.type === 'conversation') conversation = report.id;
    });
    await until('its conversation is known', () => conversation, { timeoutMs: patienceMs, shown: () => this.screen() });
    await pause(ms);
    following?.dispose();
    await this[Symbol.asyncDispose]();
    return conversation;
  }

  recorded() {
    this.#look();
    const lengthMs = this.#now();
    const about = {
      ...{ startedAt: this.#startedAt, lengthMs, session: this.#request.session },
      ...{ conversation: this.#launch.conversation, command: [] },
      ...{ end: this.#end, story: this.#story.toSorted((one, other) => one.at - other.at) },
    };
    const timestamp = Math.floor(this.#startedAt / 1_000);
    const cast = [
      JSON.stringify({ version: 2, width: cols, height: rows, timestamp, title: this.#request.definition.adapter }),
      ...this.#output.map(({ at, text }) => JSON.stringify([at / 1_000, 'o', text])),
    ];
    const records = [...this.#before, ...this.#appended].map((appended) => JSON.stringify(this.#neutral(appended)));
    return { about, cast: `${cast.join('\n')}\n`, records: records.map((line) => `${line}\n`).join('') };
  }

  screen(): string {
    return this.#emulator.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looking);
    if (this.#end === null) {
      this.#pty.kill('SIGKILL');
      await this.#ended;
    }
    this.#emulator.dispose();
  }

  #look(): void {
    for (const path of this.#files()) {
      const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
      const known = this.#sizes.get(path) ?? 0;
      if (size < known) throw new Error(`${path} became shorter: a recording has no word for that.`);
      if (size === known) continue;
      const bytes = readFileSync(path);
      if (known > 0 && !this.#appended.some((appended) => appended.path === path))
        this.#before.push({ at: 0, path, text: bytes.subarray(0, known).toString() });
      this.#appended.push({ at: this.#now(), path, text: bytes.subarray(known).toString() });
      this.#sizes.set(path, bytes.length);
    }
  }

  #files(): string[] {
    const folders = [...recordFolders.map((folder) => join(this.#world.home, folder)), this.#request.recordsDirectory];
    return folders.flatMap((folder) => {
      try {
        const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
        return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
      } catch {
        return [];
      }
    });
  }

  #neutral({ at, path, text }: Appended): Appended {
    const { worktree, repository, recordsDirectory } = this.#request;
    const places: [string, string][] = [
      [worktree, 'worktree'],
      [recordsDirectory, 'records'],
      [this.#world.home, 'home'],
      [repository, 'repository'],
    ];
    // Some programs name folders after paths.
    const dashed = (place: string) => place.replace(/[^a-zA-Z0-9]/g, '-');
    const neutral = (whole: string) =>
      places.reduce(
        (rest, [place, name]) => rest.replaceAll(place, `{${name}}`).replaceAll(dashed(place), `{${name}-dashed}`),
        whole,
      );
    return { at, path: neutral(path), text: shortened(neutral(text)) };
  }

  #now(): number {
    return Date.now() - this.#startedAt;
  }
}

/** Longest text in a record that is kept, in characters, and how many of a list: what a program was told of its tools is not looked at. */
const textLengthMax = 120;
const itemsMax = 10;

function shortened(lines: string): string {
  return lines.replace(/^\{.*\}$/gm, (line) => JSON.stringify(shorten(JSON.parse(line))));
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, textLengthMax);
  if (Array.isArray(value)) return value.slice(0, itemsMax).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
}
