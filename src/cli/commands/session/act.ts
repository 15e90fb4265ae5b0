import { command } from '../../command.ts';
import { findLiveSession, sessionArgument } from '../../find-session.ts';

export const sessionAttachCommand = command<Record<string, unknown>, [string]>({
  summary: 'Open one session full-screen and type into it',
  example: 'forge session attach worker-1',
  details:
    'Every key goes to the agent but the leader key (Ctrl-Q unless configured), which comes back. The agent goes on.',
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, _flags, name) {
    const session = await findLiveSession(forge, name);
    await forge.dashboard({ isDemo: false, isAll: false, session: session.id });
  },
});

export const sessionKillCommand = command<Record<string, unknown>, [string]>({
  summary: 'End the program of a session, and all that it started',
  example: 'forge session kill worker-1',
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, _flags, name) {
    const session = await findLiveSession(forge, name);
    await (await forge.host()).kill(session.id);
    return {
      json: { id: session.id, state: 'exited' },
      text: `Session ${session.id} has ended. Its worktree is kept.`,
    };
  },
});
