import type { CodeHost } from '../../ports/code-host.ts';
import type { Delivery } from '../../ports/delivery.ts';
import type { Worktree } from '../../ports/git.ts';
import { createMergeTrials } from '../merge-trials.ts';
import { type Environment, type GitCall, GitFailure, gitFailed } from '../run-git.ts';
import { deliverWork } from './deliver-work.ts';
import { MergeLook } from './merge-look.ts';
import { readAim } from './refs.ts';
import { SharedTrials } from './shared-trials.ts';

export interface DeliveryOptions {
  root: string;
  commonDir: string;
  environment: Environment;
  /** The one that is set up now; null: none. */
  codeHost: () => CodeHost | null;
  /** Where patches go now. */
  patchesDirectory: () => string;
}

/** Delivers the work of worktrees of one repository, and looks whether it was merged. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { root, commonDir, environment } = options;
  const call: GitCall = { cwd: root, environment, variables: { GIT_DIR: commonDir } };
  const look = new MergeLook(call, commonDir, options.codeHost);
  const placeOf = (worktree: Worktree) => ({ commonDir, environment, worktree });
  const trials = new SharedTrials(createMergeTrials({ commonDir, environment, main: call, placeOf }).commit);
  return {
    aim: (remote, base) => readAim(call, remote, base),
    deliver: (request) =>
      deliverWork({ ...options, call, trials }, request).catch((failure) => {
        throw failure instanceof GitFailure ? gitFailed('It could not be delivered', failure) : failure;
      }),
    merged: (delivered) => look.at(delivered),
  };
}
