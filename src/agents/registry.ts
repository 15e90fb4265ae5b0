import type { AgentAdapter } from '../ports/agent.ts';
import { aider } from './aider/aider.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { claudeCodeHeadless } from './claude-code/headless/claude-code-headless.ts';
import { codex } from './codex/codex.ts';
import { codexHeadless } from './codex/headless/codex-headless.ts';
import { command } from './command/command.ts';
import { demo } from './demo/demo.ts';
import { gemini } from './gemini/gemini.ts';
import { geminiHeadless } from './gemini/headless/gemini-headless.ts';
import { opencodeHeadless } from './opencode/headless/opencode-headless.ts';
import { opencode } from './opencode/opencode.ts';

/** Every agent program that Forge knows how to start and read. A new one is a folder and a line here. */
export const agentAdapters: readonly AgentAdapter[] = [
  ...[claudeCode, codex, gemini, opencode],
  ...[claudeCodeHeadless, codexHeadless, geminiHeadless, opencodeHeadless],
  ...[aider, command, demo],
];

export function findAdapter(name: string): AgentAdapter | undefined {
  return agentAdapters.find((adapter) => adapter.name === name);
}
