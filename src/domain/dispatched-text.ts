import { plainText } from '../base/text.ts';
import type { Run } from './run.ts';

/** What became of a run that has just been dispatched. */
export function dispatchedText({ id, task, status, worker, reason }: Run): string {
  if (status !== 'queued') return `${task} goes to ${worker} as run ${id}.`;
  return `${task} is queued as run ${id}. ${plainText(reason)}`.trimEnd();
}
