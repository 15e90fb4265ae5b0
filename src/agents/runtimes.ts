import type { StartRuntime } from '../ports/agent-runtime.ts';
import { ClaudeRuntime } from './claude-code/headless/runtime.ts';
import { CodexRuntime } from './codex/headless/runtime.ts';
import { geminiRuntime } from './gemini/headless/runtime.ts';
import { opencodeRuntime } from './opencode/headless/runtime.ts';

/** How the program of each adapter without a screen is talked to, by the adapter's name. */
export const runtimes: Readonly<Record<string, StartRuntime | undefined>> = {
  'claude-code-headless': (options) => new ClaudeRuntime(options),
  'codex-headless': (options) => new CodexRuntime(options),
  'gemini-headless': geminiRuntime,
  'opencode-headless': opencodeRuntime,
};
