import { conflictWords, gateWords } from '../../domain/prompt.ts';
import type { RunEvent } from '../../domain/run.ts';
import type { RunEventOf } from '../../machines/run-events.ts';

/** What an agent is to mend. */
export interface Complaint {
  words: string;
  /** When it was found, or when a person let the run go on with it, in ms since the epoch. */
  at: number;
  /** The session that begins with it; null: it is said to the one that is there. */
  session: string | null;
}

/** The newest complaint in the history of a run; null: there is none. */
export function complaintOf(events: readonly RunEvent[]): Complaint | null {
  const found = events.findLast(({ type }) => type === 'gates.failed' || type === 'delivery.conflicted');
  if (!found) return null;
  const resumed = events.findLast(({ type, sequence }) => type === 'run.resumed' && sequence > found.sequence);
  const { at, payload } = resumed ?? found;
  return { words: wordsOf(found), at, session: typeof payload.session === 'string' ? payload.session : null };
}

function wordsOf({ type, payload }: RunEvent): string {
  if (type === 'delivery.conflicted') {
    const { files, against } = payload as unknown as RunEventOf<'delivery.conflicted'>;
    return conflictWords(files, against);
  }
  const { gate, reason, output } = payload as unknown as RunEventOf<'gates.failed'>;
  return gateWords(gate, reason, output);
}
