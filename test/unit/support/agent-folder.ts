import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDefinition } from '../../../src/domain/agent.ts';
import type { LaunchRequest } from '../../../src/ports/agent.ts';
import { forgeCommand } from '../../support/forge-command.ts';

/** A folder that stands for a repository, with the named executable scripts in it. Removed at the end of the scope. */
export async function agentFolder(
  scripts: string[],
  text = '#!/bin/sh\necho 1.2.3\n',
): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'forge-agents-'));
  for (const script of scripts) {
    await writeFile(join(path, script), text);
    await chmod(join(path, script), 0o755);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export function definition(changes: Partial<AgentDefinition> = {}): AgentDefinition {
  return { name: 'mine', adapter: 'any', command: [], env: {}, ...changes };
}

/** A launch of `command` in `repository`; `environment` is what Forge was started with. */
export function launchRequest(
  repository: string,
  changes: Partial<AgentDefinition> & Partial<Pick<LaunchRequest, 'prompt' | 'resume' | 'fork' | 'environment'>> = {},
): LaunchRequest {
  const { prompt = 'Fix the login', resume = null, fork = null, environment = {}, ...own } = changes;
  return {
    definition: definition(own),
    prompt,
    resume,
    fork,
    task: 'fg-a3f8',
    run: 'r2k7',
    session: 'r2k7.1',
    worktree: '/worktrees/fg-a3f8',
    repository,
    environment,
    recordsDirectory: join(repository, 'records'),

    forge: forgeCommand,
  };
}
