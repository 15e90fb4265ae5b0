import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { needsScreen, statusInput } from '../app/supervisor/session-views.ts';
import type { AgentReport } from '../domain/agent-report.ts';
import { hearReport, noWords } from '../domain/agent-words.ts';
import type { SessionFacts, SessionStatus } from '../domain/session.ts';
import { deriveStatus } from '../domain/status.ts';
import type { AgentAdapter, FollowedSession } from '../ports/agent.ts';
import { answerQueries } from '../sessions/host/replies.ts';
import { Emulator } from '../sessions/screen/emulator.ts';
import type { Appended, Recording } from './recording.ts';
import { inVirtualTime, stepMs } from './virtual-time.ts';

/** What was seen at one moment, in ms since the start of the program. */
export interface Seen {
  at: number;
  status: SessionStatus;
}

export interface Played {
  /** Each state and reason once, when it was seen first. */
  seen: readonly Seen[];
  /** The last look. */
  last: Seen;
  reports: readonly AgentReport[];
}

/**
 * Plays a recording to its adapter as the supervisor has it: the terminal in an emulator that hears what the program says of
 * itself, the records as files that grow, the status derived from both.
 */
export async function playRecording(adapter: AgentAdapter, recording: Recording): Promise<Played> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-played-')));
  try {
    return await inVirtualTime(recording.about.startedAt, (goOn) => play(adapter, recording, root, goOn));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function play(
  adapter: AgentAdapter,
  { about, cols, rows, output, appended }: Recording,
  root: string,
  goOn: () => Promise<void>,
): Promise<Played> {
  const { startedAt, lengthMs, end } = about;
  const places = makePlaces(root);
  let facts: SessionFacts = {
    ...{ id: about.session, labels: {}, command: about.command, cwd: places.worktree, pid: 1, cols, rows, startedAt },
    ...{ lastOutputAt: null, lastInputAt: null, bellAt: null, title: '', program: null },
    ...{ endedAt: null, exitCode: null, signal: null, isLost: false },
  };
  const emulator = new Emulator(cols, rows);
  answerQueries(emulator, 'played', () => {}, {
    onTitle: (title) => (facts = { ...facts, title, titleAt: Date.now() }),
    onBell() {},
    onStatus: (status) => (facts = { ...facts, program: { ...status, at: Date.now() } }),
  });
  const reports: AgentReport[] = [];
  let words = noWords;
  // What was there before the program was started.
  const [before, during] = [appended.filter(({ at }) => at <= 0), appended.filter(({ at }) => at > 0)];
  write(before, places, startedAt);
  const following = adapter.follow?.(
    followed(adapter, about, places, () => facts.endedAt),
    (report) => {
      reports.push(report);
      words = hearReport(words, report);
    },
  );
  const seen: Seen[] = [];
  let last: Seen | null = null;
  for (let at = stepMs; at <= lengthMs + stepMs; at += stepMs) {
    const isNow = (piece: { at: number }) => piece.at > at - stepMs && piece.at <= at;
    write(during.filter(isNow), places, startedAt + at);
    for (const { text } of output.filter(isNow)) emulator.write(text);
    await goOn();
    await new Promise<void>((resolve) => emulator.write('', resolve));
    if (output.some(isNow)) facts = { ...facts, lastOutputAt: startedAt + at };
    if (end !== null && isNow(end)) facts = { ...facts, endedAt: startedAt + at, ...ending(end) };
    const screen = needsScreen(facts, adapter) ? emulator.text().split('\n') : null;
    last = { at, status: deriveStatus(statusInput(facts, adapter, screen, words, startedAt + at)) };
    const known = seen.at(-1)?.status;
    if (known?.state !== last.status.state || known.reason !== last.status.reason) seen.push(last);
  }
  following?.dispose();
  emulator.dispose();
  await goOn();
  if (last === null) throw new Error('A recording has a length.');
  return { seen, last, reports };
}

function ending({ exitCode, signal }: { exitCode: number | null; signal: number | null }) {
  return { exitCode, signal };
}

type Places = Record<'home' | 'records' | 'repository' | 'worktree', string>;

function makePlaces(root: string): Places {
  const place = (name: string) => join(root, name);
  const places = {
    ...{ home: place('home'), records: place('records') },
    ...{ repository: place('repository'), worktree: place('worktrees/fg-1') },
  };
  for (const path of Object.values(places)) mkdirSync(path, { recursive: true });
  return places;
}

function followed(
  { name }: AgentAdapter,
  { session, conversation, startedAt, command, environment }: Recording['about'],
  places: Places,
  endedAt: () => number | null,
): FollowedSession {
  const filled = Object.entries(environment).map(([key, value]) => [key, fill(value, places)]);
  return {
    definition: { name, adapter: name, command: command.map((argument) => fill(argument, places)), env: {} },
    environment: { HOME: places.home, ...Object.fromEntries(filled) },
    recordsDirectory: places.records,
    repository: places.repository,
    worktree: places.worktree,
    ...{ session, conversation, startedAt, endedAt },
  };
}

function write(appended: readonly Appended[], places: Places, now: number): void {
  for (const { path, text } of appended) {
    const file = fill(path, places);
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, fill(text, places));
    utimesSync(file, now / 1_000, now / 1_000);
  }
}

/** `{worktree-dashed}` is how some programs name a folder after a path: each character but letters and digits as a dash. */
function fill(text: string, places: Places): string {
  return text.replace(/\{(home|records|repository|worktree)(-dashed)?\}/g, (_, name: keyof Places, dashed?: string) =>
    dashed === undefined ? places[name] : places[name].replace(/[^a-zA-Z0-9]/g, '-'),
  );
}
