import { spawn } from 'node:child_process';
import { endGroup } from '../../base/end-group.ts';
import type { FollowedSession } from '../../ports/agent.ts';
import { agentEnvironment } from '../environment.ts';
import type { ProgramTraits } from '../launch-program.ts';
import { locateProgram } from '../program.ts';

/** How long opencode may take to look a session up, in ms. It needs 2 s on an idle machine. */
const deadlineMs = 20_000;

/**
 * Whether opencode still has the session, asked of opencode itself (`export`, whose output is thrown away). Only its own
 * *not found* is a no: whoever cannot ask tries to resume, and sees what happens.
 */
export async function holdsSession(traits: ProgramTraits, session: FollowedSession): Promise<boolean> {
  const { definition, environment, repository, worktree, conversation } = session;
  if (conversation === null) return false;
  const env = agentEnvironment(definition.env, environment, traits.environment);
  const path = locateProgram(definition.command[0] ?? 'opencode', { env, repository });
  if (path === null) return true;
  return await new Promise((answer) => {
    const stdio = ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'];
    const child = spawn(path, ['export', conversation], { env, cwd: worktree, detached: true, stdio });
    let isMissing = false;
    const late = setTimeout(() => finish(true), deadlineMs);
    const finish = (isHeld: boolean) => {
      clearTimeout(late);
      endGroup(child.pid);
      // What it left may hold the pipe open.
      child.stderr.destroy();
      answer(isHeld);
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      isMissing ||= text.includes('Session not found');
    });
    child.on('error', () => finish(true));
    child.on('close', () => finish(!isMissing));
  });
}
