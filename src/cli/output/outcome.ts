import { plainText } from '../../base/text.ts';
import { nextSteps } from '../../domain/next-steps.ts';
import type { Report } from '../command.ts';
import { outcomeStatus, type WatchResult } from '../watch-runs.ts';
import { runJson } from './run.ts';

const words: Readonly<Record<WatchResult['outcome'], string>> = {
  well: 'All ended well.',
  failed: 'Not all ended well.',
  'needs-person': 'Nothing goes on without you.',
  left: 'The runs go on. See them with: forge runs, or forge tui',
};

/** How followed runs ended: each that asks for something with what can be done. */
export function outcomeReport({ outcome, runs }: WatchResult): Report {
  const open = outcome === 'left' ? [] : runs.filter(({ status }) => status !== 'done');
  const blocks = open.map((run) =>
    [
      `${run.id}  ${run.status}${run.reason && `: ${plainText(run.reason)}`}`,
      ...nextSteps(run).map((step) => `  ${step}`),
    ].join('\n'),
  );
  return {
    json: { outcome, runs: runs.map((run) => runJson({ ...run, cost: null })) },
    text: [...blocks, runs.length === 0 ? 'There was nothing to do.' : words[outcome]].join('\n'),
    status: outcomeStatus[outcome],
  };
}
