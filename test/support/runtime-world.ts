import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SupervisorContext } from '../../src/app/context.ts';
import { HostLink } from '../../src/app/supervisor/host-link.ts';
import { ProjectRuntime } from '../../src/app/supervisor/project-runtime.ts';
import { SharedSpending } from '../../src/app/supervisor/shared-spending.ts';
import { SharedTurns } from '../../src/app/supervisor/shared-turns.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { openProjectContext } from '../../src/main/project-context.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import type { ProjectWorld } from './project-world.ts';

/** A host without a session, whose first one never comes. */
const emptyHost = {
  list: async () => [],
  watch: async () => ({ dispose() {} }),
  onClose: () => ({ dispose() {} }),
  ensure: () => new Promise(() => {}),
  dispose() {},
} as unknown as SessionHost;

/** The projects of a world as a supervisor has them open; their runs are queued and begin, and wait for a session. */
export class RuntimeWorld {
  readonly #world: ProjectWorld;
  readonly #host = new HostLink(
    async () => emptyHost,
    () => {},
  );
  readonly #shared = { turns: new SharedTurns(), spending: new SharedSpending() };
  readonly #runtimes = new Map<string, Promise<ProjectRuntime>>();

  constructor(world: ProjectWorld) {
    this.#world = world;
    onTestFinished(async () => {
      for (const runtime of await Promise.all(this.#runtimes.values())) runtime.dispose();
      this.#host.dispose();
    });
  }

  open(root = this.#world.root): Promise<ProjectRuntime> {
    const open = this.#runtimes.get(root) ?? this.#open(root);
    this.#runtimes.set(root, open);
    return open;
  }

  async context(root?: string): Promise<SupervisorContext> {
    return (await this.open(root)).context;
  }

  /** The whole view as it is now, kept up to date. */
  async watch(root?: string): Promise<ProjectView> {
    const view = {} as ProjectView;
    await (await this.open(root)).watch((slices) => Object.assign(view, slices));
    return view;
  }

  async #open(root: string): Promise<ProjectRuntime> {
    const { paths, environment, folder } = this.#world;
    const context = await openProjectContext({
      ...{ repository: root, paths, environment, actor: 'ada', warn() {} },
      openOther: async (other) => (await this.open(other)).context,
    });
    return new ProjectRuntime({
      ...{ context, host: this.#host, clock: Date.now, log() {} },
      worktrees: join(paths.worktreesDirectory, context.project.name),
      ...this.#shared,
      files: { write() {}, writtenAt: () => null, remove() {} },
      setup: createWorktreeSetup(() => ({}), createPortBlocks(join(folder, 'ports'))),
      delivery: {
        aim: async () => ({ branch: 'main', url: null }),
        deliver: async () => ({ type: 'failed', reason: '' }),
        merged: async () => null,
      },
    });
  }
}

/** So many workers, each of an agent that does nothing. */
export function configureWorkers(root: string, prefix: string, count: number): void {
  const workers = Array.from({ length: count }, (_, index) => `{ name: w${index + 1}, agent: idle }`);
  const agents = 'agents: { idle: { adapter: command, command: ["/bin/sh", "-c", "true"] } }';
  const lines = [`prefix: ${prefix}`, agents, `workers: [${workers.join(', ')}]`, 'limits: { startGapMs: 0 }', ''];
  writeFileSync(join(root, '.forge/config.yaml'), lines.join('\n'));
}
