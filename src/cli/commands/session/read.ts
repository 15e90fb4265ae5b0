import { age } from '../../../base/age.ts';
import { plainText } from '../../../base/text.ts';
import { CellBuffer } from '../../../domain/cells.ts';
import type { SessionView } from '../../../domain/session.ts';
import { isShell } from '../../../domain/shell.ts';
import { stateWord } from '../../../domain/state-word.ts';
import type { SessionHost } from '../../../ports/session-host.ts';
import { allProjectsFlag, problemsOf } from '../../all-projects.ts';
import { command } from '../../command.ts';
import { findSession, sessionArgument } from '../../find-session.ts';
import { cellRuns } from '../../output/cell-runs.ts';
import { table } from '../../output/table.ts';

export const sessionListCommand = command<{ allProjects?: boolean }>({
  summary: 'List the sessions of this project',
  example: 'forge session list --json',
  flags: { allProjects: allProjectsFlag },
  async run(forge, { allProjects }) {
    const empty = 'No sessions. A run starts one: forge dispatch TASK';
    const now = Date.now();
    if (!allProjects) {
      const sessions = await forge.sessions();
      const rows = sessions.map((session) => sessionRow(session, now));
      return { json: sessions.map(sessionJson), text: await table(rows, empty) };
    }
    const answers = await forge.sessionsInProjects();
    const all = answers.flatMap(({ project, result }) => (result ?? []).map((session) => ({ project, session })));
    const rows = all.map(({ project, session }) => [project.name, ...sessionRow(session, now)]);
    const json = all.map(({ project, session }) => ({ ...sessionJson(session), project: project.name }));
    return { json, text: [await table(rows, empty), ...problemsOf(answers)].join('\n') };
  },
});

function sessionRow({ id, status, labels, startedAt, lastOutputAt, endedAt }: SessionView, now: number): string[] {
  const evidence = status.evidence && `${status.evidence}, ${age(now - status.since)} ago`;
  const output = endedAt === null && lastOutputAt !== null && `last output ${age(now - lastOutputAt)} ago`;
  const why = [evidence, output].filter(Boolean).join('; ');
  const words = [status.reason, why && `(${why})`].filter(Boolean).join(' ');
  return [
    id,
    stateWord(status, now),
    labels.worker ?? (isShell({ labels }) ? 'shell' : ''),
    age(now - startedAt),
    words,
  ];
}

function sessionJson(session: SessionView) {
  return {
    id: session.id,
    run: session.labels.run ?? null,
    task: session.labels.task ?? null,
    agent: session.labels.agent ?? null,
    worker: session.labels.worker ?? null,
    shell: session.labels.shell ?? null,
    pid: session.pid,
    state: session.status.state,
    reason: session.status.reason,
    evidence: session.status.evidence,
    since: session.status.since,
    until: session.status.until ?? null,
    title: session.title,
    cols: session.cols,
    rows: session.rows,
    startedAt: session.startedAt,
    lastOutputAt: session.lastOutputAt,
    endedAt: session.endedAt,
    exitCode: session.exitCode,
    signal: session.signal,
    isLost: session.isLost,
  };
}

export const sessionExplainCommand = command<Record<string, unknown>, [string]>({
  summary: 'Show what each source says of what a session is doing, and which one decides',
  example: 'forge session explain worker-1',
  details: 'The sources in the order in which they are believed; the first that says something decides.',
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, _flags, name) {
    const session = await findSession(forge, name);
    const words = await forge.explain(session);
    const decides = words.find(({ status }) => status !== null)?.source ?? null;
    const now = Date.now();
    const rows = words.map(({ source, status }) => [
      source === decides ? '→' : '',
      source,
      status?.state ?? 'nothing',
      plainText(status?.reason ?? ''),
      status === null ? '' : `${plainText(status.evidence)}, ${age(now - status.since)} ago`,
    ]);
    return { json: { id: session.id, decides, sources: words }, text: await table(rows, '') };
  },
});

export const sessionScreenCommand = command<{ ansi?: boolean }, [string]>({
  summary: 'Print what a session shows now',
  example: 'forge session screen worker-1',
  details:
    'Plain rows, one a line, as many as the screen has, without the blanks at their ends, and nothing else. With --ansi: colours and attributes too, no links. With --json: cells, cursor and modes; a colour is 0 for the default, 0x1000000 + index of the palette, or 0x2000000 + RGB; attributes are 1 bold, 2 dim, 4 italic, 8 underline, 16 blink, 32 inverse, 64 invisible, 128 strikethrough, 256 overline, and 512 times the style of the underline: 2 double, 3 curly, 4 dotted, 5 dashed.',
  flags: { ansi: { kind: 'boolean', brief: 'With colours and attributes', optional: true } },
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, { ansi, json }, name) {
    const session = await findSession(forge, name);
    const host = await forge.host();
    if (json) return { json: await screenCells(host, session.id), text: '' };
    return { json: null, text: await host.screen(session.id, ansi ? 'ansi' : 'text') };
  },
});

/** The screen as cells: each row's text, and runs of cells that look alike. */
async function screenCells(host: SessionHost, id: string) {
  const attachment = await host.attach(id, null);
  try {
    const { cols, rows, cursor, modes } = attachment.screen;
    const cells = new CellBuffer(cols, rows);
    attachment.screen.blit(cells, 0, 0, cols, rows);
    const lines = Array.from({ length: rows }, (_, y) => ({ text: cells.rowText(y), runs: cellRuns(cells, y) }));
    return { id, cols, rows, cursor, modes, lines };
  } finally {
    attachment.dispose();
  }
}
