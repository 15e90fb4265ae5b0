import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HostLink } from '../../src/app/supervisor/host-link.ts';
import { ProjectRuntime } from '../../src/app/supervisor/project-runtime.ts';
import { SharedSpending } from '../../src/app/supervisor/shared-spending.ts';
import { SharedTurns } from '../../src/app/supervisor/shared-turns.ts';
import { ForgeError } from '../../src/base/errors.ts';
import { forgePaths } from '../../src/config/paths.ts';
import type { Run, RunEvent, RunStatus } from '../../src/domain/run.ts';
import type { SessionFacts, SessionSpec } from '../../src/domain/session.ts';
import { initProject } from '../../src/git/init-project.ts';
import { openDelivery } from '../../src/main/open-delivery.ts';
import { openProjectContext } from '../../src/main/project-context.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { git, gitTestEnvironment, makeRepository } from './git-repository.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

/** A session host in which no program runs: what sessions do, the test says. */
class ScriptedHost {
  readonly facts = new Map<string, SessionFacts>();
  readonly #listeners = new Set<(facts: SessionFacts) => void>();

  async ensure({ id, labels, command, cwd, cols, rows }: SessionSpec): Promise<SessionFacts> {
    const known = this.facts.get(id);
    if (known) return known;
    const times = { startedAt: Date.now(), lastOutputAt: Date.now(), lastInputAt: null, bellAt: null };
    const open = { title: '', program: null, endedAt: null, exitCode: null, signal: null, isLost: false };
    this.facts.set(id, { ...{ id, labels, command, cwd, cols, rows, pid: 1 }, ...times, ...open });
    return this.says(id, {});
  }

  says(id: string, changes: Partial<SessionFacts>): SessionFacts {
    const facts = { ...(this.facts.get(id) as SessionFacts), ...changes };
    this.facts.set(id, facts);
    for (const listener of this.#listeners) listener(facts);
    return facts;
  }

  async list(): Promise<SessionFacts[]> {
    return [...this.facts.values()];
  }

  async watch(listener: (facts: SessionFacts) => void) {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async kill(id: string): Promise<void> {
    if (this.facts.get(id)?.endedAt === null) this.says(id, { endedAt: Date.now(), exitCode: null, signal: 15 });
  }

  /** Nobody can look at a screen of it. */
  async screen(): Promise<string> {
    throw new ForgeError('host.unreachable', 'The screen cannot be read.');
  }

  async send(): Promise<void> {}
  onClose = () => ({ dispose() {} });
  dispose(): void {}
}

/** `script` ends by itself; `chat` stays, as Claude Code does. Neither is started: the program only has to be there. */
const agents = {
  script: { adapter: 'command', command: [process.execPath] },
  chat: { adapter: 'claude-code', command: [process.execPath] },
};

/** One project of a supervisor in this process, with real git, store, gates and delivery, and a session host that does what the test says. */
export class RunWorld {
  readonly folder = temporaryFolder();
  readonly root = makeRepository(join(this.folder, 'shop'));
  readonly host = new ScriptedHost();
  readonly log: string[] = [];
  #runtime!: ProjectRuntime;
  #end = () => {};

  static async open(settings: Record<string, unknown> = {}): Promise<RunWorld> {
    const world = new RunWorld();
    git(world.root, 'config', 'user.name', 'Ada');
    git(world.root, 'config', 'user.email', 'ada@example.org');
    mkdirSync(join(world.folder, 'f'));
    await initProject({ cwd: world.root, mode: 'stealth', prefix: 'fg', environment: world.environment });
    const workers = [{ name: 'ada', agent: settings.agent ?? 'script' }];
    const { agent: _, ...more } = settings;
    const text = JSON.stringify({ ...{ prefix: 'fg', mode: 'stealth', agents, workers }, ...more });
    writeFileSync(join(world.root, '.forge/config.yaml'), text);
    await world.begin();
    onTestFinished(() => world.#end());
    return world;
  }

  get environment(): Record<string, string> {
    return { ...gitTestEnvironment, HOME: this.folder, FORGE_HOME: join(this.folder, 'f') };
  }

  /** Begins, or begins anew, as the next supervisor does after one that was killed. */
  async begin(): Promise<void> {
    this.#end();
    const paths = forgePaths(this.environment);
    const log = (line: string) => void this.log.push(line);
    const common = { environment: this.environment, actor: 'ada', warn: log };
    const context = await openProjectContext({ ...common, repository: this.root, paths });
    const host = new HostLink(async () => this.host as unknown as SessionHost, log);
    this.#runtime = new ProjectRuntime({
      ...{ context, host, clock: Date.now, log, turns: new SharedTurns(), spending: new SharedSpending() },
      worktrees: join(paths.worktreesDirectory, context.project.name),
      files: { write() {}, writtenAt: () => null, remove() {} },
      setup: createWorktreeSetup(context.environment, createPortBlocks(paths.portsDirectory)),
      delivery: openDelivery(context, paths),
    });
    this.#end = () => {
      this.#runtime.dispose();
      host.dispose();
    };
  }

  get context() {
    return this.#runtime.context;
  }

  run(id: string): Run {
    return this.context.store.runs.get(id);
  }

  events(id: string): RunEvent[] {
    return this.context.store.runs.events(id);
  }

  /** A run of a new task whose agent is at work. */
  async dispatch(title = 'Bake bread'): Promise<Run> {
    const { id } = this.context.store.tasks.add({ title });
    const run = await this.context.runs.dispatch(id, null);
    await until('its session is there', () => this.host.facts.has(this.run(run.id).session), this.#shown(run.id));
    return this.run(run.id);
  }

  /** The host says so of the present session of the run. */
  says(id: string, changes: Partial<SessionFacts>): void {
    this.host.says(this.run(id).session, changes);
  }

  /** Its program says so of itself. */
  tells(id: string, state: 'working' | 'blocked' | 'done' | 'idle', message: string | null = null): void {
    this.says(id, { program: { state, app: 'chat', kind: null, message, at: Date.now() } });
  }

  async reaches(id: string, status: RunStatus): Promise<Run> {
    await until(`run ${id} is ${status}`, () => this.run(id).status === status, this.#shown(id));
    return this.run(id);
  }

  #shown(id: string) {
    return { shown: () => JSON.stringify([this.run(id), this.events(id), this.log], null, 2) };
  }
}
