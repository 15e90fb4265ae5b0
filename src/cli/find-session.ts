import { ForgeError } from '../base/errors.ts';
import type { SessionView } from '../domain/session.ts';
import { isShell } from '../domain/shell.ts';
import { text } from './command.ts';
import type { ForgeCli } from './forge-cli.ts';

/** What commands on one session take. */
export const sessionArgument = text('session', 'Id of the session, or of its run, task or worker');

/** A session by its id, or the newest one of a run, task or worker of that name. */
export async function findSession(forge: ForgeCli, name: string): Promise<SessionView> {
  const sessions = (await forge.sessions()).sort((a, b) => b.startedAt - a.startedAt);
  const exact = sessions.find((session) => session.id === name);
  const agents = sessions.filter((session) => !isShell(session));
  const byLabel = agents.find(({ labels }) => [labels.run, labels.task, labels.worker].includes(name));
  const found = exact ?? byLabel;
  if (found) return found;
  throw new ForgeError(
    'session.missing',
    `There is no session ${name}, and no run, task or worker of that name has one.`,
  );
}

/** The same, and it must be alive. */
export async function findLiveSession(forge: ForgeCli, name: string): Promise<SessionView> {
  const session = await findSession(forge, name);
  if (session.endedAt === null) return session;
  const { exitCode, signal } = session;
  const seen = signal === null ? `with status ${exitCode}` : `by signal ${signal}`;
  const ended = exitCode === null && signal === null ? 'and how is not known' : seen;
  const how = session.isLost ? 'was lost with its host' : `ended ${ended}`;
  throw new ForgeError('session.ended', `Session ${session.id} ${how}.`, {
    next: `What it showed: forge session screen ${session.id}. What it did: forge run show ${session.labels.run ?? 'RUN'}`,
  });
}
