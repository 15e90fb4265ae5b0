import { spawn } from 'node:child_process';
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
    const options = { env, cwd: worktree, timeout: deadlineMs, killSignal: 'SIGKILL' } as const;
    const child = spawn(path, ['export', conversation], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let isMissing = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      isMissing ||= text.includes('Session not found');
    });
    child.on('error', () => answer(true));
    child.on('close', () => answer(!isMissing));
  });
}
