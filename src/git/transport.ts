import { ForgeError } from '../base/errors.ts';
import { type GitCall, runGit } from './run-git.ts';

/** How Forge talks to a remote of the repository. Not `ext` (any command) and not `git` (a proxy command can be set for it). */
const variables = { GIT_ALLOW_PROTOCOL: 'https:http:ssh:file', SSH_ASKPASS_REQUIRE: 'never' };

/**
 * `call` with the person's own ssh command and credential helpers. Those that the repository names count for nothing: an agent can
 * write its configuration. Nobody is asked for a password: what cannot be had without is said.
 */
export async function transportCall(call: GitCall): Promise<GitCall> {
  return withTransport(call, await readConfig(call));
}

/** The same for a partial clone, in which git fetches what a checkout needs; any other is left as it is. */
export async function partialCall(call: GitCall): Promise<GitCall> {
  const config = await readConfig(call);
  if (!config.some(({ key }) => promisorKey.test(key))) return call;
  // Git takes the first of these that is set, so none can be put before it.
  const program = config.find(({ key, isOwn }) => !isOwn && /^remote\..+\.(uploadpack|vcs)$/.test(key));
  if (program) {
    const message = `The repository is a partial clone and names a program to fetch with (${program.key}), which Forge does not run`;
    throw new ForgeError('git.failed', message, { next: `Remove it: git config --unset ${program.key}` });
  }
  return withTransport(call, config);
}

interface Setting {
  key: string;
  value: string;
  /** Of the person, not of the repository. */
  isOwn: boolean;
}

function withTransport(call: GitCall, config: readonly Setting[]): GitCall {
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

async function readConfig(call: GitCall): Promise<Setting[]> {
  const list = (await runGit(call, ['config', '--list', '--show-scope', '-z'])).split('\0');
  return list.flatMap((scope, index) => {
    const setting = list[index + 1];
    if (index % 2 === 1 || setting === undefined || scope === 'command') return [];
    const end = setting.indexOf('\n');
    const [key, value] = end < 0 ? [setting, 'true'] : [setting.slice(0, end), setting.slice(end + 1)];
    return [{ key, value, isOwn: scope === 'system' || scope === 'global' }];
  });
}
