import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findAdapter } from '../../src/agents/registry.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { forgeCommand } from './forge-command.ts';
import { TerminalProgram } from './terminal-program.ts';

// The real programs against a scripted model on loopback: FORGE_REAL_AGENTS names the folder that has `claude` and
// `codex`, FORGE_MOCK_MODEL a module with startMockModel({ scenario }).
const { FORGE_REAL_AGENTS: bin, FORGE_MOCK_MODEL: mockPath } = process.env;
const run = promisify(execFile);
const key = 'sk-ant-mock-00000000000000000000';

export const hasRealAgents = bin !== undefined && mockPath !== undefined;

export interface ModelRequest {
  url: string;
  status: number;
  body: unknown;
  /** Asked for something besides the conversation, such as a title. */
  side?: boolean;
}

export interface MockModel {
  url: string;
  requests: readonly ModelRequest[];
  close(): Promise<void>;
}

export async function startModel(scenario: object): Promise<MockModel> {
  const { startMockModel } = await import(pathToFileURL(mockPath as string).href);
  return startMockModel({ scenario });
}

export interface StartOptions {
  worktree: string;
  prompt?: string | undefined;
  resume?: string | null;
  fork?: string | null;
  session?: string;
  /** Arguments of the definition's own command. */
  extra?: readonly string[] | undefined;
  answersStatusProbe?: boolean | undefined;
}

/** A home, and a repository with worktrees, for real agents. */
export class RealAgentWorld implements AsyncDisposable {
  readonly root: string;
  readonly home: string;
  readonly repository: string;
  readonly #mock: MockModel;

  private constructor(root: string, mock: MockModel) {
    this.root = root;
    this.home = join(root, 'home');
    this.repository = join(root, 'repository');
    this.#mock = mock;
  }

  static async make(mock: MockModel): Promise<RealAgentWorld> {
    // Not below the system's temporary folder: Codex's sandbox fails when its home is there.
    const world = new RealAgentWorld(await realpath(await mkdtemp(join(homedir(), '.forge-real-agents-'))), mock);
    await mkdir(world.home);
    await mkdir(world.repository);
    await world.#git('init', '-q', '-b', 'main');
    await world.#git('commit', '-q', '--allow-empty', '-m', 'first');
    return world;
  }

  async addWorktree(name: string): Promise<string> {
    const worktree = join(this.root, 'worktrees', name);
    await this.#git('worktree', 'add', '-q', '-b', name, worktree);
    return worktree;
  }

  /** A home as it is after a person's first use. */
  async prepare(state: { isTrusted: boolean; isKeyApproved?: boolean; model?: string }): Promise<void> {
    const { isTrusted, isKeyApproved = true, model = 'mock-1' } = state;
    const claude = {
      hasCompletedOnboarding: true,
      theme: 'dark',
      hasSeenAutoDefaultNotice: true,
      customApiKeyResponses: { approved: isKeyApproved ? [key.slice(-20)] : [], rejected: [] },
      projects: isTrusted ? { [this.repository]: { hasTrustDialogAccepted: true } } : {},
    };
    const codex = [
      `model = "${model}"`,
      'model_provider = "mock"',
      '[analytics]\nenabled = false',
      '[features]\nplugins = false\nremote_plugin = false\napps = false',
      `[model_providers.mock]\nname = "Mock"\nbase_url = "${this.#mock.url}/v1"\nenv_key = "OPENAI_MOCK_KEY"\nwire_api = "responses"`,
      isTrusted ? `[projects."${this.repository}"]\ntrust_level = "trusted"` : '',
    ];
    await writeFile(join(this.home, '.claude.json'), JSON.stringify(claude));
    await mkdir(join(this.home, '.codex'));
    await writeFile(join(this.home, '.codex', 'config.toml'), codex.join('\n'));
  }

  request(name: string, options: StartOptions): LaunchRequest {
    const { worktree, prompt = 'just talk', resume = null, fork = null, session = 'r1.1', extra = [] } = options;
    const program = join(bin as string, name === 'codex' ? 'codex' : 'claude');
    return {
      definition: { name, adapter: name, command: [program, ...extra], env: {} },
      ...{ prompt, resume, fork, task: 'fg-1', run: 'r1', session, worktree, repository: this.repository },
      recordsDirectory: join(this.home, 'records'),

      forge: forgeCommand,
      environment: {
        HOME: this.home,
        PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
        LANG: 'C.UTF-8',
        ANTHROPIC_BASE_URL: this.#mock.url,
        ANTHROPIC_API_KEY: key,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '1',
        DISABLE_AUTOUPDATER: '1',
        OPENAI_MOCK_KEY: 'k',
      },
    };
  }

  async start(name: string, options: StartOptions): Promise<TerminalProgram> {
    const launch = await findAdapter(name)!.launch(this.request(name, options));
    const { worktree: cwd, answersStatusProbe = true } = options;
    return new TerminalProgram({ ...launch, cwd, cols: 110, rows: 40, answersStatusProbe });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }

  async #git(...args: string[]): Promise<void> {
    await run('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], { cwd: this.repository });
  }
}
