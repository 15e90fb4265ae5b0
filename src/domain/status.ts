import { nextTime } from '../base/next-time.ts';
import { plainText } from '../base/text.ts';
import type { AgentWords } from './agent-words.ts';
import { fromEnd } from './end-status.ts';
import type { ProgramStatus, SessionFacts, SessionState, SessionStatus } from './session.ts';

/** Output this recent, in ms, means that the program is doing something: one that writes every few seconds does not blink. */
const outputFreshMs = 5_000;
/** The evidence of one that is busy for no better reason than its output. */
export const outputEvidence = `output in the last ${outputFreshMs / 1_000} s`;
/** Longest that a program may stay silent after its start, in ms, before it is no longer called starting. */
const startingMs = 10_000;
/** So long a screen that nothing has been drawn on is that of a program which starts, in ms: opencode may fetch a package first. */
const blankMs = 120_000;
/** An agent that has taken a prompt is at work for so long, in ms, also when it says nothing more. */
const takenMs = 2_000;
/**
 * Records are read a moment after a program has drawn what they explain, in ms. So long a rest or a failure that they may say
 * more of is not told.
 */
const recordLateMs = 300;
/** So long a title of rest is not believed against a record in which the turn goes on, in ms. */
const openTurnMs = 2_000;
/** A record and a title that tell of the same moment are no further apart, in ms: a tool may be denied soon after it is named. */
const sameMomentMs = 50;
/** Longest reason taken from a program's own words, in characters: it has to fit a list. */
const reasonLengthMax = 200;

export const ruleStates = ['waiting', 'limited', 'failed', 'idle', 'busy'] as const;
export type RuleState = (typeof ruleStates)[number];

/** A title that says what the program does. */
export interface TitleRule {
  name: string;
  state: RuleState;
  reason: string;
  pattern: RegExp;
}

/** A screen that says what the program waits for, when no better signal does. All `lines` must match some row. */
export interface ScreenRule {
  name: string;
  state: RuleState;
  reason: string;
  lines: readonly RegExp[];
  /** A dialog that the program puts up while its title, and whatever else it says, tells of something else: what is seen counts. */
  isOverTitle?: boolean;
  /** Only the last row that is not blank counts: of a program that scrolls, what stands above has been answered. */
  isAtEnd?: boolean;
  /** Of a limit: in a row of the screen the time of day at which it ends is the first group, such as `5:49 AM UTC`. */
  untilTime?: RegExp;
  /** Of a limit that is a dialog: the keys that let the program try again and do nothing else; null: it has none. */
  retryKeys?: string | null;
}

/** How one agent program is read. An adapter is one. */
export interface StatusRules {
  readonly screenRules: readonly ScreenRule[];
  readonly titleRules?: readonly TitleRule[];
  /** The title of rest of a program whose records tell how its turn stands: alone it says nothing, as behind a dialog. */
  readonly restTitle?: RegExp;
}

export interface StatusInput {
  facts: SessionFacts;
  /** The visible rows, or null when nobody looked. */
  screen: readonly string[] | null;
  rules: StatusRules;
  /** What the agent's own records say; null when none are read. */
  words: AgentWords | null;
  now: number;
  /** The program's end is the end of its work, rather than somebody leaving a chat. */
  endsByItself: boolean;
}

/** Who may have a word on what a session is doing, the most trusted first. */
const sources: readonly { name: string; says: (input: StatusInput) => SessionStatus | null }[] = [
  { name: 'process', says: fromEnd },
  { name: 'limit in its records', says: fromLimit },
  { name: 'dialog on the screen', says: fromDialog },
  { name: 'its records', says: fromRecords },
  { name: 'program status (OSC 7501)', says: fromProgramStatus },
  { name: 'title', says: fromTitle },
  { name: 'title and records', says: fromRest },
  { name: 'screen', says: fromScreen },
  { name: 'output clock', says: fromOutputClock },
];

/**
 * What a session is doing. The first of the sources that has a word decides, and is named as the evidence. Silence is
 * `unknown`, never a guess.
 */
export function deriveStatus(input: StatusInput): SessionStatus {
  for (const { says } of sources) {
    const status = says(input);
    if (status !== null) return status;
  }
  throw new Error('The output clock always has a word.');
}

/** What one source says of a session; null: nothing. */
export interface StatusWord {
  source: string;
  status: SessionStatus | null;
}

/** What each source says, in the order of their authority: the first that says something decides. */
export function explainStatus(input: StatusInput): StatusWord[] {
  return sources.map(({ name, says }) => ({ source: name, status: says(input) }));
}

/** A limit counts until its time, or until the agent has gone on. */
function fromLimit({ words, facts, now }: StatusInput): SessionStatus | null {
  const limit = words?.limit ?? null;
  if (words === null || limit === null || (limit.until !== null && limit.until <= now)) return null;
  const wentOnAt = Math.max(
    words.answerAt ?? 0,
    words.promptAt ?? 0,
    facts.program?.state === 'done' ? facts.program.at : 0,
  );
  if (wentOnAt > limit.at) return null;
  return {
    state: 'limited',
    reason: limit.reason,
    evidence: 'its records: limit',
    since: limit.at,
    until: limit.until,
  };
}

function fromRecords({ words, facts: { program, startedAt }, now }: StatusInput): SessionStatus | null {
  // A conversation that is gone on with tells again what came before.
  if (!words?.state || words.state.at < startedAt) return null;
  const { state, reason, at } = words.state;
  const promptAt = words.promptAt ?? 0;
  if (program !== null && (promptAt > at || (program.state !== 'error' && program.at > at))) return null;
  if (promptAt > at && now - promptAt < takenMs)
    return { state: 'busy', reason: '', evidence: 'its records: a prompt was taken', since: promptAt };
  // A failure ends with the next prompt; what comes then, better signals may know.
  if (state === 'failed' && promptAt > at) return null;
  const answerAt = words.answerAt ?? 0;
  // Nobody waits any more who has answered since: a notice may come late.
  const isOver = state === 'waiting' && answerAt > at;
  if ((state === 'idle' || isOver) && answerAt > promptAt)
    return { state: 'done', reason: '', evidence: 'its records: answered', since: answerAt };
  if (isOver) return null;
  return { state, reason: plainText(reason).slice(0, reasonLengthMax), evidence: 'its records', since: at };
}

function fromProgramStatus({ facts: { program }, words, now }: StatusInput): SessionStatus | null {
  if (program === null || program.state === 'clear') return null;
  if (program.state === 'error' && words !== null && now - program.at < recordLateMs)
    return { state: 'busy', reason: '', evidence: 'program status: error, just now', since: program.at };
  const { state, reason } = programStates[program.state];
  const said = plainText(program.message ?? '').trim();
  return {
    state,
    reason: said === '' ? reason(program.kind) : Array.from(said).slice(0, reasonLengthMax).join(''),
    evidence: `program status: ${program.state}`,
    since: program.at,
  };
}

/** OSC 7501's words in ours, with what to say when the program gave no message. `done` is kept until it says `idle`. */
const programStates: Record<
  Exclude<ProgramStatus['state'], 'clear'>,
  { state: SessionState; reason: (kind: string | null) => string }
> = {
  idle: { state: 'idle', reason: () => '' },
  working: { state: 'busy', reason: () => '' },
  blocked: { state: 'waiting', reason: (kind) => (kind === 'permission' ? 'asks for permission' : 'waits for you') },
  done: { state: 'done', reason: () => '' },
  error: { state: 'failed', reason: () => 'reports an error' },
};

function fromTitle({ facts, rules }: StatusInput): SessionStatus | null {
  const rule = rules.titleRules?.find(({ pattern }) => pattern.test(facts.title));
  return rule ? fromRule(rule, 'title', facts.titleAt ?? lastSign(facts)) : null;
}

function fromRest({ facts, rules, words, now }: StatusInput): SessionStatus | null {
  if (!words?.turn || words.turn.at < facts.startedAt || !rules.restTitle?.test(facts.title)) return null;
  const { is, at } = words.turn;
  const titleAt = facts.titleAt ?? 0;
  // An open turn ends in the record sooner or later; an older message may have been followed by a denial.
  const lateMs = is === 'open' ? openTurnMs : at < titleAt - sameMomentMs ? recordLateMs : 0;
  if (now - titleAt < lateMs) return { state: 'busy', reason: '', evidence: 'title of rest, just now', since: titleAt };
  if (is !== 'answered') return null;
  return { state: 'done', reason: '', evidence: 'title of rest, records: answered', since: at };
}

function fromDialog(input: StatusInput): SessionStatus | null {
  return fromScreenRules(
    input,
    input.rules.screenRules.filter(({ isOverTitle }) => isOverTitle),
  );
}

function fromScreen(input: StatusInput): SessionStatus | null {
  return fromScreenRules(input, input.rules.screenRules);
}

function fromScreenRules({ facts, screen, now }: StatusInput, rules: readonly ScreenRule[]): SessionStatus | null {
  if (screen === null) return null;
  const end = screen.findLast((row) => row.trim() !== '') ?? '';
  const rule = rules.find(({ lines, isAtEnd }) => {
    const rows = isAtEnd ? [end] : screen;
    return lines.every((line) => rows.some((row) => line.test(row)));
  });
  if (!rule) return null;
  const status = fromRule(rule, 'screen', lastSign(facts));
  if (rule.state !== 'limited') return status;
  // Its title is older than its limit, and stays when the screen is drawn anew, such as in another size.
  const until = timeOnScreen(rule.untilTime, screen, facts.titleAt ?? status.since);
  // A dialog that is still there then asks a person.
  const isOver = until !== null && until <= now;
  return { ...status, state: isOver ? 'waiting' : 'limited', until, retryKeys: rule.retryKeys };
}

function timeOnScreen(pattern: RegExp | undefined, screen: readonly string[], after: number): number | null {
  const told = screen.flatMap((row) => pattern?.exec(row)?.[1] ?? []).at(-1);
  return told === undefined ? null : nextTime(told, after);
}

function fromRule(rule: TitleRule | ScreenRule, source: string, since: number): SessionStatus {
  return { state: rule.state, reason: rule.reason, evidence: `${source}: ${rule.name}`, since };
}

function fromOutputClock({ facts, screen, rules, now }: StatusInput): SessionStatus {
  // A program that is known by what it draws; any other may read without a word.
  const isDrawn = rules.screenRules.length > 0;
  if (isDrawn && now - facts.startedAt < blankMs && screen?.every((row) => row.trim() === ''))
    return { state: 'starting', reason: '', evidence: 'nothing on its screen yet', since: facts.startedAt };
  const since = lastSign(facts);
  // A clock that was set back must not turn an old output into one of the future.
  const quietMs = Math.max(0, now - since);
  if (facts.lastOutputAt !== null && quietMs < outputFreshMs)
    return { state: 'busy', reason: '', evidence: outputEvidence, since };
  if (facts.lastOutputAt === null && quietMs < startingMs)
    return { state: 'starting', reason: '', evidence: 'no output yet', since };
  const reason = `${facts.lastOutputAt === null ? 'silent since its start,' : 'no output for'} ${span(quietMs)}`;
  return { state: 'unknown', reason, evidence: 'running, without a signal of its own', since };
}

function lastSign(facts: SessionFacts): number {
  return facts.lastOutputAt ?? facts.startedAt;
}

function span(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 10) return `${seconds} s`;
  // In steps: whoever shows it need not draw it anew every second.
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
