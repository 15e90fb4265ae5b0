import { ForgeError } from '../base/errors.ts';
import { blankFilters } from './filters.ts';
import { type ConfigSetting, readConfig } from './read-config.ts';
import type { GitCall } from './run-git.ts';

/** How Forge talks to a remote of the repository. Not `ext` (any command) and not `git` (a proxy command can be set for it). */
const variables = { GIT_ALLOW_PROTOCOL: 'https:http:ssh:file', SSH_ASKPASS_REQUIRE: 'never' };

/**
 * `call` with the person's own ssh command and credential helpers. Those that the repository names count for nothing: an agent can
 * write its configuration. Nobody is asked for a password: what cannot be had without is said.
 */
export async function transportCall(call: GitCall): Promise<GitCall> {
  return withTransport(call, await readConfig(call));
}

/**
 * `call` for a checkout: with the filters blanked that the repository defines, and in a partial clone, in which git fetches what a
 * checkout needs, as for a remote.
 */
export async function checkoutCall(plain: GitCall): Promise<GitCall> {
  const config = await readConfig(plain);
  const call: GitCall = { ...plain, settings: [...(plain.settings ?? []), ...blankFilters(config)] };
  if (!config.some(({ key }) => promisorKey.test(key))) return call;
  // Git takes the first of these that is set, so none can be put before it.
  const program = config.find(({ key, isOwn }) => !isOwn && /^remote\..+\.(uploadpack|vcs)$/.test(key));
  if (program) {
    const message = `The repository is a partial clone and names a program to fetch with (${program.key}), which Forge does not run`;
    throw new ForgeError('git.failed', message, { next: `Remove it: git config --unset ${program.key}` });
  }
  return withTransport(call, config);
}

function withTransport(call: GitCall, config: readonly ConfigSetting[]): GitCall {
  const own = config
    .filter(({ key, isOwn }) => isOwn && ownKey.test(key))
    .map(({ key, value }) => [key, value] as const);
  const settings = [['core.sshCommand', 'ssh -o BatchMode=yes'] as const, ['credential.helper', ''] as const, ...own];
  return {
    ...call,
    reach: 'remote',
    settings: [...(call.settings ?? []), ...settings],
    variables: { ...call.variables, ...variables },
  };
}

const promisorKey = /^(extensions\.partialclone|remote\..+\.promisor)$/;
const ownKey = /^(core\.sshcommand|credential\.(.+\.)?helper)$/;
