import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findAdapter } from '../../src/agents/registry.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { forgeCommand } from './forge-command.ts';
import { missingPrograms } from './real-programs.ts';
import { TerminalProgram } from './terminal-program.ts';

// The real programs against a scripted model on loopback: FORGE_REAL_AGENTS names the folder that has them, FORGE_MOCK_MODEL
// a module with startMockModel({ scenario }).
const { FORGE_REAL_AGENTS: bin, FORGE_MOCK_MODEL: mockPath } = process.env;
const run = promisify(execFile);
const key = 'sk-ant-mock-00000000000000000000';

export const hasRealAgents = missingPrograms.length === 0;

export interface ModelRequest {
  url: string;
  status: number;
  body: unknown;
  /** Asked for something besides the conversation, such as a title. */
  side?: boolean;
  /** The end of the newest prompt in it, and how many answers have followed that. */
  prompt: string;
  step: number;
  /** The program hung up before it had the whole answer. */
  clientClosed: boolean;
}

export interface MockModel {
  url: string;
  requests: ModelRequest[];
  /** Gates that an answer waits at. */
  waiting(): string[];
  release(gate: string): void;
  close(): Promise<void>;
}

/** Name of each adapter's program. */
const programs: Record<string, string> = {
  'claude-code': 'claude',
  codex: 'codex',
  gemini: 'gemini',
  opencode: 'opencode',
};

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
  cols?: number;
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

  /** Not below the system's temporary folder: Codex's sandbox fails when its home is there. */
  static async make(mock: MockModel, beginning = join(homedir(), '.forge-real-agents-')): Promise<RealAgentWorld> {
    const world = new RealAgentWorld(await realpath(await mkdtemp(beginning)), mock);
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

  async ensureWorktree(name: string): Promise<string> {
    const worktree = join(this.root, 'worktrees', name);
    return existsSync(worktree) ? worktree : this.addWorktree(name);
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
    const gemini = {
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      model: { name: 'gemini-2.5-pro' },
    };
    const cost = { input: 3, output: 15, cache_read: 0.3 };
    const mockModel = { name: 'Mock 1', tool_call: true, cost, limit: { context: 200_000, output: 8_000 } };
    const provider = { npm: '@ai-sdk/openai-compatible', options: { baseURL: `${this.#mock.url}/v1`, apiKey: 'k' } };
    const opencode = {
      ...{ model: 'mock/mock-1', small_model: 'mock/mock-1', autoupdate: false, share: 'disabled' },
      permission: { edit: 'allow', bash: 'ask' },
      provider: { mock: { ...provider, name: 'Mock', models: { 'mock-1': mockModel } } },
    };
    await this.#write('.claude.json', JSON.stringify(claude));
    await this.#write('.codex/config.toml', codex.join('\n'));
    await this.#write('.gemini/settings.json', JSON.stringify(gemini));
    await this.#write('.config/opencode/opencode.json', JSON.stringify(opencode));
  }

  async #write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.home, path)), { recursive: true });
    await writeFile(join(this.home, path), text);
  }

  request(name: string, options: StartOptions): LaunchRequest {
    const { worktree, prompt = 'just talk', resume = null, fork = null, session = 'r1.1', extra = [] } = options;
    const program = join(bin as string, programs[name] ?? name);
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
        GOOGLE_GEMINI_BASE_URL: this.#mock.url,
        GEMINI_API_KEY: 'k',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      },
    };
  }

  async start(name: string, options: StartOptions): Promise<TerminalProgram> {
    const launch = await findAdapter(name)!.launch(this.request(name, options));
    const { worktree: cwd, answersStatusProbe = true, cols = 110 } = options;
    return new TerminalProgram({ ...launch, cwd, cols, rows: 40, answersStatusProbe });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }

  async #git(...args: string[]): Promise<void> {
    await run('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], { cwd: this.repository });
  }
}
