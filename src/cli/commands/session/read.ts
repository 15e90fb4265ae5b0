import { age } from '../../../base/age.ts';
import { command, text } from '../../command.ts';
import { findSession } from '../../find-session.ts';
import { table } from '../../output/table.ts';

export const sessionListCommand = command({
  summary: 'List the sessions of this project',
  example: 'forge session list --json',
  async run(forge) {
    const sessions = await forge.sessions();
    const now = Date.now();
    const rows = sessions.map(({ id, status, labels, startedAt }) => [
      id,
      status.state,
      labels.worker ?? '',
      age(now - startedAt),
      [status.reason, status.evidence && `(${status.evidence}, ${age(now - status.since)} ago)`]
        .filter(Boolean)
        .join(' '),
    ]);
    const json = sessions.map((session) => ({
      id: session.id,
      run: session.labels.run ?? null,
      task: session.labels.task ?? null,
      agent: session.labels.agent ?? null,
      worker: session.labels.worker ?? null,
      pid: session.pid,
      state: session.status.state,
      reason: session.status.reason,
      evidence: session.status.evidence,
      since: session.status.since,
      title: session.title,
      cols: session.cols,
      rows: session.rows,
      startedAt: session.startedAt,
      lastOutputAt: session.lastOutputAt,
      endedAt: session.endedAt,
      exitCode: session.exitCode,
      signal: session.signal,
      isLost: session.isLost,
    }));
    return { json, text: await table(rows, 'No sessions. A run starts one: forge dispatch TASK') };
  },
});

export const sessionScreenCommand = command<{ ansi?: boolean }, [string]>({
  summary: 'Print what a session shows now',
  example: 'forge session screen worker-1',
  details: 'Plain rows, one a line, and nothing else. With --ansi: colours and attributes too.',
  flags: { ansi: { kind: 'boolean', brief: 'With colours and attributes', optional: true } },
  args: { kind: 'tuple', parameters: [text('session', 'Id of the session, or of its run, task or worker')] },
  async run(forge, { ansi }, name) {
    const session = await findSession(forge, name);
    const screen = await (await forge.host()).screen(session.id, ansi ? 'ansi' : 'text');
    return {
      json: { id: session.id, cols: session.cols, rows: session.rows, screen: screen.split('\n') },
      text: screen,
    };
  },
});
