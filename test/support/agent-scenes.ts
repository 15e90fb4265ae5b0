import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Scene, writeFiles } from './scene.ts';
import { large, small } from './scenes.ts';
import { key } from './terminal.ts';

const { FORGE_REAL_AGENTS: bin, FORGE_MOCK_MODEL: mockPath } = process.env;
const apiKey = 'sk-ant-mock-00000000000000000000';

interface MockModel {
  url: string;
  /** As they came, newest last. */
  requests: { body: unknown }[];
  close(): Promise<void>;
}

const answer = [
  '# Prices',
  '',
  'Bread costs **1.25**, 饼干 costs *2.50* and `🥖` is free.',
  '',
  '| what | price |',
  '| ---- | ----: |',
  '| bread | 1.25 |',
  '| 饼干 | 2.50 |',
  '',
  '```ts',
  'export const price = (name: string): number => (name === "bread" ? 1.25 : 2.5); // 你好',
  '```',
  '',
  '- one',
  '- two ✓',
].join('\n');

const prices = { prompts: [{ match: '.', turns: [{ text: answer }] }], side: { text: 'Prices' } };

interface AgentScenes extends AsyncDisposable {
  scenes: readonly Scene[];
  /** How Gemini CLI is started; it has no steps. */
  gemini: Pick<Scene, 'command' | 'env'> | null;
  /** Null with no scenes. */
  model: MockModel | null;
}

interface AgentSceneOptions {
  /** What the model answers. */
  scenario?: object;
  /** A folder that the agents are not to ask about. */
  trusted?: string | null;
}

/** What a person does in the real agents, against a scripted model on loopback. None without the two variables. */
export async function agentScenes({ scenario = prices, trusted = null }: AgentSceneOptions = {}): Promise<AgentScenes> {
  if (!bin || !mockPath) return { scenes: [], gemini: null, model: null, [Symbol.asyncDispose]: async () => {} };
  const { startMockModel } = await import(pathToFileURL(mockPath).href);
  const model: MockModel = await startMockModel({ scenario });
  // Not below the system's temporary folder: Codex refuses a home there.
  const root = realpathSync(mkdtempSync(join(homedir(), '.forge-agents-')));
  return {
    scenes: [claude(root, model.url, trusted), codex(root, model.url, trusted), opencode(root, model.url)],
    gemini: gemini(root, model.url),
    model,
    async [Symbol.asyncDispose]() {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

/** An agent that has a new home each time it starts: what one run leaves there must not show in the next. */
function freshHome(root: string, name: string, files: Record<string, string>): string[] {
  const template = join(root, `${name}-home`);
  mkdirSync(template, { recursive: true });
  writeFiles(template, files);
  const script = `home=$(mktemp -d "${root}/home-XXXXXX") && cp -R "${template}/." "$home" && export HOME="$home" && exec "$@"`;
  return ['/bin/sh', '-c', script, 'agent'];
}

const path = `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`;

function claude(root: string, url: string, trusted: string | null): Scene {
  const settings = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: [apiKey.slice(-20)], rejected: [] },
    projects: trusted === null ? {} : { [trusted]: { hasTrustDialogAccepted: true } },
  };
  return {
    name: 'claude',
    needs: `${bin}/claude`,
    command: [...freshHome(root, 'claude', { '.claude.json': JSON.stringify(settings) }), `${bin}/claude`],
    env: {
      PATH: path,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: apiKey,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
    },
    size: small,
    masks: [{ what: /✻.*/g }, { what: /(?<=Try ").*/g }, { what: /.*/g, rows: /Tip:/ }],
    steps: [
      { does: 'asks whether to trust the folder', shows: /trust/i },
      { does: 'chooses to trust it', keys: [key.down], shows: /❯ Yes/ },
      { does: 'starts', keys: [key.enter], shows: /^❯/m },
      { does: 'is given a prompt', keys: ['What does 饼干 cost? ❤️'], shows: /What does 饼干 cost/ },
      { does: 'answers', keys: [key.enter], shows: /two ✓/ },
      { does: 'shows its commands', keys: ['/'], shows: /\/\w+ / },
      { does: 'becomes larger', size: large, shows: /\/\w+ / },
      { does: 'goes back', keys: ['\x7f'], shows: /two ✓/ },
      { does: 'becomes smaller', size: small, shows: /two ✓/ },
    ],
  };
}

function codex(root: string, url: string, trusted: string | null): Scene {
  const settings = [
    'model = "mock-1"',
    'model_provider = "mock"',
    'check_for_update_on_startup = false',
    '[analytics]\nenabled = false',
    '[features]\nplugins = false\nremote_plugin = false\napps = false\ndaemon_auto_start = false',
    `[model_providers.mock]\nname = "Mock"\nbase_url = "${url}/v1"\nenv_key = "OPENAI_MOCK_KEY"\nwire_api = "responses"`,
    trusted === null ? '' : `[projects."${trusted}"]\ntrust_level = "trusted"`,
  ].join('\n');
  return {
    name: 'codex',
    needs: `${bin}/codex`,
    command: [...freshHome(root, 'codex', { '.codex/config.toml': settings }), `${bin}/codex`],
    env: { PATH: path, OPENAI_MOCK_KEY: 'k' },
    size: small,
    // Whether the cell behind the heart has the background of the prompt differs from one start to the next, bare too.
    masks: [{ what: /.*/g, rows: /Tip:/ }, { what: /Worked for.*/g }, { what: /(?<=\ufffc\u200b) /g }],
    steps: [
      { does: 'starts', shows: /mock-1 default/ },
      // In one piece: it draws letters that come apart otherwise, and around an emoji leaves other cells.
      { does: 'is given a prompt', keys: ['\x1b[200~What does 饼干 cost? ❤️\x1b[201~'], shows: /What does 饼干 cost/ },
      { does: 'answers', keys: [key.enter], shows: /two ✓/ },
      { does: 'shows its commands', keys: ['/'], shows: /\/\w+ / },
      { does: 'becomes larger', size: large, shows: /\/\w+ / },
      { does: 'goes back', keys: ['\x7f'], shows: /two ✓/ },
      { does: 'becomes smaller', size: small, shows: /two ✓/ },
    ],
  };
}

function opencode(root: string, url: string): Scene {
  const settings = {
    ...{ model: 'mock/mock-1', small_model: 'mock/mock-1', autoupdate: false, share: 'disabled' },
    provider: {
      mock: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Mock',
        options: { baseURL: `${url}/v1`, apiKey: 'k' },
        models: { 'mock-1': { name: 'Mock 1', tool_call: true, limit: { context: 200_000, output: 8_000 } } },
      },
    },
  };
  return {
    name: 'opencode',
    needs: `${bin}/opencode`,
    command: [
      ...freshHome(root, 'opencode', { '.config/opencode/opencode.json': JSON.stringify(settings) }),
      `${bin}/opencode`,
    ],
    env: { PATH: path, OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    size: small,
    masks: [{ what: /.*/g, rows: /Tip/ }, { what: /Ask anything.*/g }, { what: /[\d.]+m?s\b/g }],
    steps: [
      // Its first start in a home fetches a package before it does anything else.
      { does: 'starts', shows: /Mock 1/, withinMs: 150_000 },
      { does: 'is given a prompt', keys: ['What does 饼干 cost? ❤️'], shows: /What does 饼干 cost/ },
      { does: 'answers', keys: [key.enter], shows: /two ✓/, withinMs: 60_000 },
      { does: 'becomes larger', size: large, shows: /two ✓/ },
      { does: 'becomes smaller', size: small, shows: /two ✓/ },
    ],
  };
}

function gemini(root: string, url: string): Pick<Scene, 'command' | 'env'> {
  const settings = {
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
    model: { name: 'gemini-2.5-pro' },
  };
  return {
    command: [...freshHome(root, 'gemini', { '.gemini/settings.json': JSON.stringify(settings) }), `${bin}/gemini`],
    env: { PATH: path, GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'k', GEMINI_CLI_NO_RELAUNCH: 'true' },
  };
}
