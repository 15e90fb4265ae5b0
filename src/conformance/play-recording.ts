import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needsScreen, statusInput } from '../app/supervisor/session-views.ts';
import { DisposableStack } from '../base/disposable.ts';
import { hearReport, noWords } from '../domain/agent-words.ts';
import type { SessionFacts, SessionStatus } from '../domain/session.ts';
import { deriveStatus } from '../domain/status.ts';
import type { AgentAdapter, FollowedSession } from '../ports/agent.ts';
import { answerQueries } from '../sessions/host/replies.ts';
import { Emulator } from '../sessions/screen/emulator.ts';
import { append, fillPlaces, makePlaces, type Places } from './places.ts';
import type { Recording } from './recording.ts';
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
}

/**
 * Plays a recording to its adapter as the supervisor has it: the terminal in an emulator that hears what the program says of
 * itself, the records as files that grow, the status derived from both.
 */
export async function playRecording(adapter: AgentAdapter, recording: Recording): Promise<Played> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-played-')));
  const held = new DisposableStack();
  try {
    return await inVirtualTime(recording.about.startedAt, async (goOn) => {
      try {
        return await play(adapter, recording, makePlaces(root), goOn, held);
      } finally {
        held.dispose();
        await goOn();
      }
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function play(
  adapter: AgentAdapter,
  { about, cols, rows, output, appended }: Recording,
  places: Places,
  goOn: () => Promise<void>,
  held: DisposableStack,
): Promise<Played> {
  const { startedAt, lengthMs, end } = about;
  let facts: SessionFacts = {
    ...{ id: about.session, labels: {}, command: about.command, cwd: places.worktree, pid: 1, cols, rows, startedAt },
    ...{ lastOutputAt: null, lastInputAt: null, bellAt: null, title: '', program: null },
    ...{ endedAt: null, exitCode: null, signal: null, isLost: false },
  };
  const emulator = held.use(new Emulator(cols, rows));
  answerQueries(emulator, { version: 'played', isLight: false }, () => {}, {
    onTitle(title) {
      if (title !== facts.title) facts = { ...facts, title, titleAt: Date.now() };
    },
    onBell() {},
    onStatus: (status) => (facts = { ...facts, program: { ...status, at: Date.now() } }),
  });
  let words = noWords;
  // What was there before the program was started.
  const [before, during] = [appended.filter(({ at }) => at <= 0), appended.filter(({ at }) => at > 0)];
  append(before, places, startedAt);
  const session = followed(adapter, about, places, () => facts.endedAt);
  const following = adapter.follow?.(session, (report) => {
    words = hearReport(words, report);
  });
  if (following) held.use(following);

  const seen: Seen[] = [];
  for (let at = stepMs; ; at += stepMs) {
    const now = startedAt + at;
    const isNow = (piece: { at: number }) => piece.at > at - stepMs && piece.at <= at;
    append(during.filter(isNow), places, now);
    for (const { text } of output.filter(isNow)) emulator.write(text);
    await goOn();
    await new Promise<void>((resolve) => emulator.write('', resolve));
    if (output.some(isNow)) facts = { ...facts, lastOutputAt: now };
    if (end !== null && isNow(end)) facts = { ...facts, endedAt: now, exitCode: end.exitCode, signal: end.signal };
    const screen = needsScreen(facts, adapter) ? emulator.text().split('\n') : null;
    const last = { at, status: deriveStatus(statusInput(facts, adapter, screen, words, now)) };
    const known = seen.at(-1)?.status;
    if (known?.state !== last.status.state || known.reason !== last.status.reason) seen.push(last);
    if (at > lengthMs) return { seen, last };
  }
}

function followed(
  { name }: AgentAdapter,
  { session, conversation, startedAt, command, environment }: Recording['about'],
  places: Places,
  endedAt: () => number | null,
): FollowedSession {
  const fill = (text: string) => fillPlaces(text, places);
  const filled = Object.entries(environment).map(([key, value]) => [key, fill(value)]);
  return {
    definition: { name, adapter: name, command: command.map(fill), env: {} },
    environment: { HOME: places.home, ...Object.fromEntries(filled) },
    recordsDirectory: places.records,
    repository: places.repository,
    worktree: places.worktree,
    ...{ session, conversation, startedAt, endedAt },
  };
}
