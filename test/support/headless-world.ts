import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Tokens } from '../../src/domain/tokens.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { forgeCommand } from './forge-command.ts';

const { FORGE_REAL_AGENTS: bin = '', FORGE_MOCK_MODEL: mockPath = '' } = process.env;
const run = promisify(execFile);
const key = 'sk-ant-mock-00000000000000000000';

/** The agents without a screen, with what lets them use a shell: a question where they ask, a permission where they cannot. */
export const headlessAgents = [
  { name: 'claude-code-headless', program: join(bin, 'claude'), extra: ['--permission-mode', 'default'] },
  { name: 'codex-headless', program: join(bin, 'codex'), extra: ['-a', 'on-request', '-s', 'workspace-write'] },
  { name: 'gemini-headless', program: join(bin, 'gemini'), extra: ['--yolo'] },
  { name: 'opencode-headless', program: join(bin, 'opencode'), extra: ['--auto'] },
];

const usage = (input: number, output: number, cacheRead = 0) => ({ input, output, cacheRead });
const shell = { do: 'shell', command: 'echo hello > hello.txt && ls', justification: 'to try it' };
const prompts: { match: string; turns: { usage?: Omit<Tokens, 'cacheWrite'>; [key: string]: unknown }[] }[] = [
  // The newest prompt first: some programs send those that failed once more with the next one.
  { match: 'talk', turns: [{ text: 'Scripted answer.\nIn two lines, 表 and 🙂.', usage: usage(2_000, 100, 500) }] },
  {
    match: 'rate limit',
    turns: [
      {
        fault: { status: 429, message: 'slow down please', headers: { 'retry-after': '1' }, times: 2 },
        text: 'Allowed again.',
        usage: usage(700, 7),
      },
    ],
  },
  { match: 'be refused', turns: [{ fault: { status: 400, message: 'bad thing' } }] },
  {
    match: 'use the shell',
    turns: [
      { text: 'Running it.', actions: [shell], usage: usage(1_000, 50, 300) },
      { text: 'It ran.', usage: usage(1_100, 20, 900) },
    ],
  },
  { match: 'hold on', turns: [{ text: 'Holding this answer back.', gate: 'held', usage: usage(9, 9) }] },
];

interface ModelRequest {
  side: boolean;
  prompt: string;
  step: number;
  status: number;
  clientClosed: boolean;
}

interface MockModel {
  url: string;
  requests: ModelRequest[];
  release(gate: string): void;
  close(): Promise<void>;
}

/** The real programs with a scripted model on loopback, a home as it is after a first use, and a repository. */
export class HeadlessWorld implements AsyncDisposable {
  readonly model: MockModel;
  readonly environment: Record<string, string>;
  readonly #root: string;

  private constructor(root: string, model: MockModel) {
    this.#root = root;
    this.model = model;
    this.environment = {
      HOME: join(root, 'home'),
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
      OPENAI_MOCK_KEY: 'k',
      GOOGLE_GEMINI_BASE_URL: model.url,
      GEMINI_API_KEY: 'k',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    };
  }

  static async make(): Promise<HeadlessWorld> {
    const { startMockModel } = await import(pathToFileURL(mockPath).href);
    const model: MockModel = await startMockModel({
      scenario: { prompts, side: { text: 'A title', usage: usage(0, 0) } },
    });
    // Not below the system's temporary folder: Codex's sandbox fails when its home is there.
    const root = await realpath(await mkdtemp(join(homedir(), '.forge-headless-')));
    const world = new HeadlessWorld(root, model);
    await mkdir(join(root, 'repository'));
    await world.#git('init', '-q', '-b', 'main');
    await world.#git('commit', '-q', '--allow-empty', '-m', 'first');
    for (const [path, text] of Object.entries(homeFiles(model.url))) {
      await mkdir(dirname(join(root, 'home', path)), { recursive: true });
      await writeFile(join(root, 'home', path), text);
    }
    return world;
  }

  get repository(): string {
    return join(this.#root, 'repository');
  }

  get records(): string {
    return join(this.#root, 'records');
  }

  async worktree(name: string): Promise<string> {
    const path = join(this.#root, 'worktrees', name);
    await this.#git('worktree', 'add', '-q', '-f', '-B', name, path).catch(() => {});
    return path;
  }

  async request(
    agent: (typeof headlessAgents)[number],
    task: string,
    more: Partial<LaunchRequest>,
  ): Promise<LaunchRequest> {
    const { name, program, extra } = agent;
    return {
      definition: { name, adapter: name, command: [program, ...extra], env: {} },
      ...{
        prompt: '',
        resume: null,
        fork: null,
        task,
        run: task,
        session: `${task}.1`,
        worktree: await this.worktree(task),
      },
      ...{ repository: this.repository, recordsDirectory: this.records, forge: forgeCommand },
      environment: this.environment,
      ...more,
    };
  }

  /** What the model has charged for prompts that contain this, but for answers that were broken off. */
  charged(): Tokens {
    const done = this.model.requests.filter(
      ({ side, status, clientClosed }) => !side && status === 200 && !clientClosed,
    );
    const sum = { ...usage(0, 0), cacheWrite: 0 };
    for (const { prompt, step } of done) {
      const used = prompts.find(({ match }) => prompt.includes(match))?.turns[step]?.usage;
      sum.input += used?.input ?? 0;
      sum.output += used?.output ?? 0;
      sum.cacheRead += used?.cacheRead ?? 0;
    }
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model.close();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }

  async #git(...args: string[]): Promise<void> {
    await run('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], { cwd: this.repository });
  }
}

function homeFiles(url: string): Record<string, string> {
  const cost = { input: 3, output: 15, cache_read: 0.3 };
  const model = { name: 'Mock 1', tool_call: true, cost, limit: { context: 200_000, output: 8_000 } };
  const options = { baseURL: `${url}/v1`, apiKey: 'k' };
  return {
    '.claude.json': JSON.stringify({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    }),
    '.codex/config.toml': [
      'model = "mock-1"',
      'model_provider = "mock"',
      'check_for_update_on_startup = false',
      '[analytics]\nenabled = false',
      '[features]\nplugins = false\nremote_plugin = false\napps = false',
      `[model_providers.mock]\nname = "Mock"\nbase_url = "${url}/v1"\nenv_key = "OPENAI_MOCK_KEY"\nwire_api = "responses"`,
      'request_max_retries = 1\nstream_max_retries = 1',
    ].join('\n'),
    '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      model: { name: 'gemini-2.5-pro' },
    }),
    '.config/opencode/opencode.json': JSON.stringify({
      ...{ model: 'mock/mock-1', small_model: 'mock/mock-1', autoupdate: false, share: 'disabled' },
      permission: { edit: 'ask', bash: 'ask' },
      provider: { mock: { npm: '@ai-sdk/openai-compatible', name: 'Mock', options, models: { 'mock-1': model } } },
    }),
  };
}
