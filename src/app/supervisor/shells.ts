import { ForgeError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { inTurn } from '../../base/keyed-queue.ts';
import { backgroundVariable } from '../../domain/background.ts';
import { portVariables } from '../../domain/ports.ts';
import type { SessionFacts } from '../../domain/session.ts';
import { isShell, shellEnvironment } from '../../domain/shell.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import type { HostLink } from './host-link.ts';
import type { ShellControl } from './shell-control.ts';

/** For a person whose environment names none. */
const shellDefault = '/bin/sh';

/** Until somebody looks at it. */
const size = { cols: 100, rows: 30 };

interface Options {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  log: (line: string) => void;
}

/**
 * Shells of the person's in the worktrees of runs. To Forge such a session is no agent: it has the label of no run, so that it
 * neither ends with one nor says anything of it. What was typed there is not recorded, and one that has ended leaves nothing.
 */
export class Shells implements ShellControl {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  open(run: string): Promise<SessionFacts> {
    return inTurn(`shell ${run}`, () => this.#open(run));
  }

  /** Takes in what the host observed of a session. */
  observe(facts: SessionFacts): void {
    if (!isShell(facts) || facts.endedAt === null) return;
    const { host, log } = this.#options;
    host.forget(facts.id).catch((failure: Error) => log(`${facts.id}: ${failure.message}`));
  }

  async #open(id: string): Promise<SessionFacts> {
    const { context, host, setup } = this.#options;
    const { project, store, settings } = context;
    const { worktree, task } = store.runs.get(id);
    if (worktree === null) throw new ForgeError('worktree.missing', `Run ${id} has no worktree yet.`);
    const isOpen = (facts: SessionFacts) =>
      isShell(facts) && facts.cwd === worktree && facts.labels.project === project.root && facts.endedAt === null;
    const open = (await host.reached()).find(isOpen);
    if (open) return open;
    const environment = context.environment();
    const session = `${id}.shell-${randomId(4)}`;
    const ports = portVariables(await setup.ports(worktree, settings.worktrees.ports));
    return host.ensure({
      ...{ id: session, command: [environment.SHELL || shellDefault], cwd: worktree },
      env: shellEnvironment(environment, {
        ...backgroundVariable(settings.background, environment),
        ...ports,
        FORGE_SESSION: session,
      }),
      labels: { project: project.root, task, shell: id },
      transcript: null,
      ...size,
    });
  }
}
