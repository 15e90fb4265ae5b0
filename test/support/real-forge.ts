import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { World } from './world.ts';

// The built program with the real agents, each as after a person's first use, against a scripted model on loopback.
const { FORGE_REAL_AGENTS: bin } = process.env;
const key = 'sk-ant-mock-00000000000000000000';

export const realAgents = ['claude', 'codex', 'gemini', 'opencode'] as const;
export type RealAgent = (typeof realAgents)[number];

export interface Definition {
  adapter: string;
  command: string[];
  env?: Record<string, string>;
  [setting: string]: unknown;
}

/** Agents that ask for no permission. */
export const unasked: Record<RealAgent, Definition> = {
  claude: { adapter: 'claude-code', command: ['claude', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash'] },
  codex: { adapter: 'codex', command: ['codex', '-a', 'never', '-s', 'danger-full-access'] },
  gemini: { adapter: 'gemini', command: ['gemini', '--yolo'] },
  opencode: { adapter: 'opencode', command: ['opencode'] },
};

/** A worker for each agent, named like it; `more` settings. */
export async function realForge(url: string, agents: Record<string, Definition>, more: object = {}): Promise<World> {
  const world = new World();
  mkdirSync(join(world.root, 'tmp'));
  const files = homeFiles(url, world.repository);
  for (const [path, text] of Object.entries(files)) {
    const file = join(world.env.HOME as string, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  Object.assign(world.env, {
    PATH: `${bin}:${world.env.PATH}`,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
    DISABLE_AUTOUPDATER: '1',
    OPENAI_MOCK_KEY: 'k',
    // Codex's sandbox fails when its home is below this.
    TMPDIR: join(world.root, 'tmp'),
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_API_KEY: 'k',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
  });
  await world.forge('init', '--prefix', 'fg');
  const workers = Object.keys(agents).map((name) => ({ name, agent: name }));
  // JSON is YAML too.
  world.write('.forge/config.yaml', JSON.stringify({ prefix: 'fg', agents, workers, ...more }));
  return world;
}

function homeFiles(url: string, repository: string): Record<string, string> {
  const claude = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [repository]: { hasTrustDialogAccepted: true } },
  };
  const codex = [
    'model = "mock-1"\nmodel_provider = "mock"',
    '[analytics]\nenabled = false',
    '[features]\nplugins = false\nremote_plugin = false\napps = false\ndaemon_auto_start = false',
    `[model_providers.mock]\nname = "Mock"\nbase_url = "${url}/v1"\nenv_key = "OPENAI_MOCK_KEY"\nwire_api = "responses"`,
    'request_max_retries = 1\nstream_max_retries = 1',
    `[projects."${repository}"]\ntrust_level = "trusted"`,
  ];
  const gemini = {
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
    model: { name: 'gemini-2.5-pro' },
  };
  const model = { name: 'Mock 1', tool_call: true, limit: { context: 200_000, output: 8_000 } };
  const options = { baseURL: `${url}/v1`, apiKey: 'k' };
  const opencode = {
    ...{ model: 'mock/mock-1', small_model: 'mock/mock-1', autoupdate: false, share: 'disabled' },
    provider: { mock: { npm: '@ai-sdk/openai-compatible', name: 'Mock', options, models: { 'mock-1': model } } },
  };
  return {
    '.claude.json': JSON.stringify(claude),
    '.codex/config.toml': codex.join('\n'),
    '.gemini/settings.json': JSON.stringify(gemini),
    '.config/opencode/opencode.json': JSON.stringify(opencode),
  };
}

/** opencode asks before each command. */
export function askForPermissions(world: World): void {
  const file = join(world.env.HOME as string, '.config/opencode/opencode.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), permission: { bash: 'ask' } }));
}
