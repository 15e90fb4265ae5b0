import type { SessionState } from '../domain/session.ts';
import type { Played, Seen } from './play-recording.ts';
import type { RecordingAbout, StoryEntry } from './recording.ts';

/** How late a change may be seen, in ms. */
const lateMsMax = 500;

/** How much earlier, in ms: a model server hears what a program does a moment after it has begun to. */
const earlyMsMax = 250;

/** What nobody may say of a program that has only been started. */
const claims: readonly SessionState[] = ['waiting', 'done', 'failed', 'limited'];

/**
 * What is wrong with what was seen, in words: each change of the story within half a second, none missed, none invented. Until
 * the first change the program starts: it may be called what it likes but for what a person would act on.
 */
export function compareStory(
  { story, startedAt }: Pick<RecordingAbout, 'story' | 'startedAt'>,
  { seen, last }: Pick<Played, 'seen' | 'last'>,
  lateMs = lateMsMax,
): string[] {
  const [first] = story;
  const invented = seen.filter(({ at, status }) => at < first.at && claims.includes(status.state));
  const problems = invented.map(({ at, status }) => `${sayAt(at)} it was ${say(status)} before it had begun`);
  const begins = story.map((entry, index) => (index > 0 && seen.find((look) => isEarly(entry, look))?.at) || entry.at);
  for (const [index, entry] of story.entries())
    problems.push(
      ...compareEntry(entry, during(seen, begins[index], begins[index + 1] ?? Number.POSITIVE_INFINITY), lateMs),
    );
  return problems.length > 0 ? problems : compareAge(story.at(-1) as StoryEntry, last.status.since - startedAt, lateMs);
}

/** What was seen from then until before then, with what stood there at its beginning. */
function during(seen: readonly Seen[], from: number, to: number): Seen[] {
  const before = seen.findLast(({ at }) => at <= from);
  return [...(before ? [before] : []), ...seen.filter(({ at }) => at > from && at < to)];
}

function compareEntry(entry: StoryEntry, seen: readonly Seen[], lateMs: number): string[] {
  const told = `${sayAt(entry.at)} ${entry.because}: ${entry.state}${entry.reason ? ` (${entry.reason})` : ''}`;
  const found = seen.findIndex(({ status }) => isEntry(entry, status));
  if (found === -1) return [`${told} was missed; seen: ${seen.map(({ status }) => say(status)).join(', ')}`];
  const late = seen[found].at - entry.at;
  const problems = late > lateMs ? [`${told} was seen ${Math.round(late)} ms late`] : [];
  // What stood there before goes on until the change is seen, and a program may be at work on its way; nothing else is so.
  const onTheWay = seen.slice(1, found).filter(({ status }) => ![entry.state, 'busy'].includes(status.state));
  const afterwards = seen.slice(found + 1).filter(({ status }) => !isSame(entry, status.state));
  for (const { at, status } of [...onTheWay, ...afterwards])
    problems.push(`${sayAt(at)} ${say(status)} was invented, after: ${told}`);
  return problems;
}

function isEarly(entry: StoryEntry, { at, status }: Seen): boolean {
  return at >= entry.at - earlyMsMax && at < entry.at && isEntry(entry, status);
}

function isEntry({ state, reason = '' }: StoryEntry, status: Seen['status']): boolean {
  return status.state === state && status.reason.includes(reason);
}

/** An answered program that says it is idle is at rest still. */
function isSame(entry: StoryEntry, state: SessionState): boolean {
  return state === entry.state || (entry.state === 'done' && state === 'idle');
}

/** A program at work says since when, so that one which hangs can be told. */
function compareAge({ state, at }: StoryEntry, since: number, lateMs: number): string[] {
  const late = since - at;
  if (state !== 'busy' || late <= lateMs) return [];
  return [`${sayAt(at)} it is at work since then, and says so of ${Math.round(late)} ms later`];
}

function say({ state, reason, evidence }: Seen['status']): string {
  return `${state}${reason ? ` (${reason})` : ''} by ${evidence}`;
}

function sayAt(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s:`;
}
