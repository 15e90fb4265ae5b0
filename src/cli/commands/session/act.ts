import { ForgeError } from '../../../base/errors.ts';
import { command, text } from '../../command.ts';
import { findLiveSession, sessionArgument } from '../../find-session.ts';
import { typePrompt } from '../../type-prompt.ts';

export const sessionAttachCommand = command<Record<string, unknown>, [string]>({
  summary: 'Open one session full-screen and type into it',
  example: 'forge session attach worker-1',
  details:
    'Every key goes to the agent but the leader key (Ctrl-Q unless configured), which comes back. The agent goes on.',
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, _flags, name) {
    const session = await findLiveSession(forge, name);
    await forge.dashboard({ isDemo: false, session: session.id });
  },
});

export const sessionSendCommand = command<{ raw?: boolean }, [string, string]>({
  summary: 'Type a text into a session as a prompt',
  example: 'forge session send worker-1 "Now add a test for it."',
  details:
    'Pastes the text and presses Enter. A session that waits for a permission is refused (exit status 5): the text would answer it. With --raw the bytes go in as they are, \\r, \\e and \\xNN understood.',
  flags: { raw: { kind: 'boolean', brief: 'The bytes as they are, without Enter', optional: true } },
  args: { kind: 'tuple', parameters: [sessionArgument, text('text', 'What to type')] },
  async run(forge, { raw }, name, message) {
    const session = await findLiveSession(forge, name);
    const host = await forge.host();
    if (raw) await host.send(session.id, bytesOf(message));
    else {
      if (session.status.state === 'waiting') {
        throw new ForgeError(
          'session.waiting',
          `${session.id} waits for a person: ${session.status.reason || 'an answer'}.`,
        );
      }
      await typePrompt(host, session.id, message);
    }
    return { json: { id: session.id, state: session.status.state }, text: '' };
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

function bytesOf(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([rnte\\]))/g, (_, hex: string | undefined, letter: string) =>
    hex
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : ({ r: '\r', n: '\n', t: '\t', e: '\x1b', '\\': '\\' }[letter] ?? letter),
  );
}
