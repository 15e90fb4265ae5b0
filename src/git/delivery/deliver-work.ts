import { join } from 'node:path';
import { fillTemplate, type Placeholder } from '../../domain/delivery.ts';
import type { DeliveryOutcome, DeliveryRequest } from '../../ports/delivery.ts';
import { type GitCall, runGit } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { askAboutUnfit } from './ask-about-unfit.ts';
import { commitWorktree } from './commit-worktree.ts';
import type { DeliveryOptions } from './create-delivery.ts';
import { findConflict } from './find-conflict.ts';
import { openPullRequest } from './open-pull-request.ts';
import { pushBranch, withoutLogin } from './push-branch.ts';
import { remoteUrl, targetsOf } from './refs.ts';
import type { SharedTrials } from './shared-trials.ts';
import { type Work, workOf } from './work-of.ts';
import { patchOf, writePatch } from './write-patch.ts';

/** How many files are named in a text. */
const filesNamedMax = 200;

export interface DeliverOptions extends DeliveryOptions {
  /** In the repository. */
  call: GitCall;
  trials: SharedTrials;
}

/** What has been found out on the way to one delivery. */
export interface Finished {
  request: DeliveryRequest;
  commit: string;
  work: Work;
  /** For the texts of what is delivered. */
  values: Record<Placeholder, string>;
  /** What is said beside the outcome. */
  notes: string[];
}

/** Each step is safe to repeat: what an earlier call did is found, not done again. */
export async function deliverWork(options: DeliverOptions, request: DeliveryRequest): Promise<DeliveryOutcome> {
  const { commonDir, environment, call } = options;
  const { worktree, task, templates, isStealth, gates, aim, to } = request;
  const values = {
    task: isStealth ? '' : task.id,
    title: task.title,
    body: task.body,
    files: '',
    gates: gates.join(', '),
  };
  const message = fillTemplate(templates.commit, values) || task.title;
  const commit = await commitWorktree({ commonDir, environment, worktree }, message, request.copied);
  if (typeof commit !== 'string') return { type: 'conflicted', ...commit };
  const scratch = scratchRepository(commonDir, environment);
  try {
    const targets = await targetsOf(call, aim, to.remote);
    if (targets.length === 0) return failed(`There is no branch ${aim.branch} that it could be for: deliverTo.branch`);
    const commits = targets.map((target) => target.commit);
    const work = await workOf(scratch.call, commits, commit, worktree.base);
    const isPushed = request.kind === 'pr' || (request.kind === 'branch' && to.push);
    if (work.isMerged) return nothing(`${aim.branch ?? 'HEAD'} has it already.`);
    if (work.files.length === 0) return nothing('There was nothing to deliver.');
    const asked = await askAboutUnfit({ ...request, call: scratch.call, commit, work, isPushed });
    if (asked) return { type: 'failed', ...asked };
    // What was fetched once, and is not pushed to, may be old.
    const met = isPushed ? targets : targets.slice(0, 1);
    const { conflict, untried } = await findConflict({
      ...options,
      ...request,
      call: scratch.call,
      commit,
      targets: met,
    });
    if (conflict !== null) return { type: 'conflicted', ...conflict };
    const notes = [...untried];
    if (work.submodules.length > 0)
      notes.push(`Commits in submodules (${work.submodules.join(', ')}) are not pushed with it.`);
    const named = work.files.slice(0, filesNamedMax).map((path) => `- ${path}`);
    const finished = { request, commit, work, values: { ...values, files: named.join('\n') }, notes };
    // Found by it when the branch is gone.
    if (request.kind === 'branch' || request.kind === 'pr') await keepDelivered(call, request.run, commit);
    return await ways[request.kind](options, finished, scratch.call);
  } finally {
    scratch.dispose();
  }
}

type Way = (options: DeliverOptions, finished: Finished, scratch: GitCall) => Promise<DeliveryOutcome>;

const ways: Record<DeliveryRequest['kind'], Way> = {
  commit: async (_, finished) => done(finished, `Committed on ${finished.request.worktree.branch}.`, false),
  patch: async ({ patchesDirectory, call }, finished, scratch) => {
    const { request, commit, work } = finished;
    const file = join(patchesDirectory(), `${request.run}.patch`);
    writePatch(file, await patchOf(scratch, work.base, commit, await committer(call)));
    return { ...done(finished, `It is in ${file}: apply it with git am.`, false), patch: file };
  },
  branch: async (options, finished) => {
    const { worktree, aim, to } = finished.request;
    const { branch } = worktree;
    const into = `It is done when ${aim.branch ?? 'the main checkout'} has it.`;
    if (!to.push) return done(finished, `It is on the branch ${branch}. ${into}`, true);
    if (aim.url === null)
      return done(finished, `It is on the branch ${branch}; there is no remote ${to.remote}. ${into}`, true);
    const problem = await push(options, finished, aim.url);
    return problem ?? done(finished, `${branch} was pushed to ${to.remote}. ${into}`, true);
  },
  pr: async (options, finished) => {
    const { aim, to } = finished.request;
    const host = options.codeHost();
    if (host === null)
      return failed(
        'No code host is set up that could take a pull request. Name one in codeHost.command: docs/guide/delivery.md',
      );
    if (aim.url === null)
      return failed(`There is no remote ${to.remote} to push to. Add it with git remote add, or deliver as branch.`);
    if (aim.branch === null)
      return failed('The main checkout was on no branch: name in deliverTo.branch what it is for.');
    const problem = await push(options, finished, aim.url);
    if (problem) return problem;
    const { url } = await openPullRequest(host, aim.url, aim.branch, finished);
    return { ...done(finished, `Pull request ${url}`, true), pullRequest: url };
  },
};

/** Null: it is there. */
async function push(
  options: DeliverOptions,
  { request, commit }: Finished,
  url: string,
): Promise<DeliveryOutcome | null> {
  const { accepted, to, worktree } = request;
  const present = await remoteUrl(options.call, to.remote);
  const asks = `url ${present}`;
  if (present !== null && present !== url && !accepted.includes(asks)) {
    const change = `from ${withoutLogin(url)} to ${withoutLogin(present)}`;
    const reason = `The address of ${to.remote} changed ${change} since the first run here. If that is right: forge approve RUN`;
    return { type: 'failed', reason, asks };
  }
  const { commonDir, environment } = options;
  const problem = await pushBranch({ commonDir, environment, url: present ?? url, branch: worktree.branch, commit });
  return problem === null ? null : failed(problem);
}

async function keepDelivered(call: GitCall, run: string, commit: string): Promise<void> {
  await runGit(call, ['update-ref', `refs/forge/delivered/${run}`, commit]);
}

async function committer(call: GitCall): Promise<Record<string, string>> {
  const [, name = '', email = ''] = /^(.*) <(.*)> /.exec(await runGit(call, ['var', 'GIT_COMMITTER_IDENT'])) ?? [];
  const [author, commit] = ['GIT_AUTHOR', 'GIT_COMMITTER'];
  return { [`${author}_NAME`]: name, [`${author}_EMAIL`]: email, [`${commit}_NAME`]: name, [`${commit}_EMAIL`]: email };
}

function nothing(reason: string): DeliveryOutcome {
  return { type: 'done', reason, awaits: false, commit: null };
}

function failed(reason: string): DeliveryOutcome {
  return { type: 'failed', reason };
}

function done({ commit, notes }: Finished, reason: string, awaits: boolean): DeliveryOutcome & { type: 'done' } {
  return { type: 'done', reason: [reason, ...notes].join(' '), awaits, commit };
}
