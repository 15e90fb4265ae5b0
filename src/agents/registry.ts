import type { AgentAdapter } from '../ports/agent.ts';
import { aider } from './aider/aider.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { codex } from './codex/codex.ts';
import { command } from './command/command.ts';
import { demo } from './demo/demo.ts';
import { gemini } from './gemini/gemini.ts';
import { opencode } from './opencode/opencode.ts';

/** Every agent program that Forge knows how to start and read. A new one is a folder and a line here. */
export const agentAdapters: readonly AgentAdapter[] = [claudeCode, codex, gemini, opencode, aider, command, demo];

export function findAdapter(name: string): AgentAdapter | undefined {
  return agentAdapters.find((adapter) => adapter.name === name);
}
