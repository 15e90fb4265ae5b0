import { z } from 'zod';

/** Bounds of what is recorded, in MB of 1,000,000 bytes: of one session, and of all that have ended and those that live. */
export const transcriptBoundsSchema = z.object({
  sessionMegabytes: z.number().positive(),
  totalMegabytes: z.number().positive(),
});
export type TranscriptBounds = z.infer<typeof transcriptBoundsSchema>;

/** A day of a chatty agent is some 10 MB; 20,000 lines of 200 columns are 4. */
export const defaultTranscriptBounds: TranscriptBounds = { sessionMegabytes: 16, totalMegabytes: 1_000 };

/** What the session host is asked to run. `id` is minted by the supervisor before the launch and never reused. */
export const sessionSpecSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/),
  command: z.array(z.string()).min(1),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  cols: z.int().min(2).max(1000),
  rows: z.int().min(1).max(500),
  /** Names for lists: task, run, worker, agent, project. The host keeps them and does not read them. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Null: the session is not recorded. Left out: with the default bounds. */
  transcript: transcriptBoundsSchema.nullable().optional(),
});
export type SessionSpec = z.infer<typeof sessionSpecSchema>;

/** What an agent says of itself in-band (OSC 7501), the newest word of it. */
export const programStatusSchema = z.object({
  state: z.enum(['idle', 'working', 'blocked', 'done', 'error', 'clear']),
  app: z.string(),
  kind: z.string().nullable(),
  message: z.string().nullable(),
  at: z.number(),
});
export type ProgramStatus = z.infer<typeof programStatusSchema>;

/** What the host has observed of a session: facts only, no judgement. Times in ms since the epoch. */
export const sessionFactsSchema = z.object({
  id: z.string(),
  labels: z.record(z.string(), z.string()),
  command: z.array(z.string()),
  cwd: z.string(),
  pid: z.number().nullable(),
  cols: z.number(),
  rows: z.number(),
  startedAt: z.number(),
  lastOutputAt: z.number().nullable(),
  lastInputAt: z.number().nullable(),
  bellAt: z.number().nullable(),
  title: z.string(),
  /** When it became that. Missing from older hosts. */
  titleAt: z.number().optional(),
  program: programStatusSchema.nullable(),
  endedAt: z.number().nullable(),
  /** With `signal`: both null for a session that has ended when no host could see how. */
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
  /** It went with the host that held it. */
  isLost: z.boolean(),
  /** Somebody has typed into it since what was typed last was sent or taken back. Missing from older hosts. */
  isDrafting: z.boolean().optional(),
  /** Its end was asked for: of the host, not of the program. Missing from older hosts. */
  isEndAsked: z.boolean().optional(),
  /** Its program is told that the background is light. Missing: dark. */
  isLight: z.boolean().optional(),
  /** The newest input that was marked, see `InputMark`; null: none yet. Missing from older hosts. */
  marked: z.object({ mark: z.string(), at: z.number() }).nullable().optional(),
});
export type SessionFacts = z.infer<typeof sessionFactsSchema>;

/**
 * Input that Forge itself types. The host takes each mark once: what a supervisor sent before it was killed is not typed
 * again by the next.
 */
export interface InputMark {
  mark: string;
  /** Refused with `session.waiting` while somebody has a draft there. */
  yieldsToDraft: boolean;
  /** The input was seen to be empty after the key of that time (`lastInputAt`): what was typed up to it is no draft. */
  emptyAfter?: number | null;
}

export const sessionStates = [
  'starting',
  'busy',
  'waiting',
  'idle',
  'done',
  'limited',
  'failed',
  'exited',
  'lost',
  'unknown',
] as const;
export type SessionState = (typeof sessionStates)[number];

/** What a session is doing, derived from facts: always with the evidence and when it was seen. */
export interface SessionStatus {
  state: SessionState;
  /** Why it waits or failed, in a few words; empty when there is nothing to say. */
  reason: string;
  /** Which signal decided, for example `program status: blocked`. */
  evidence: string;
  since: number;
  /** Of a `limited` one, and of one that asks since that time: when it may go on; null: not known. */
  until?: number | null;
  /** Of one that asks what to do at its limit: the keys that let it try again; null: none do only that. Left out: it does not ask. */
  retryKeys?: string | null;
}

/** A key that is typed now answers a question. */
export function isAsking({ state, retryKeys }: SessionStatus): boolean {
  return state === 'waiting' || retryKeys !== undefined;
}

/** A session as every face shows it. */
export interface SessionView extends SessionFacts {
  status: SessionStatus;
  /** Since when it has given no sign of work, if that is longer than its agent may take. Ms since the epoch. */
  silentSince?: number | null;
}
