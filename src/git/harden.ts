/**
 * Settings that go over every git call of Forge. An agent can write the configuration of the repository it works in, and
 * git runs what that names; each of these takes one such name away. `filters.ts` does the same for `filter.*`.
 */
const hardenedSettings: readonly (readonly [key: string, value: string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.askPass', ''],
  ['core.alternateRefsCommand', ''],
  ['credential.helper', ''],
  ['diff.external', ''],
  ['diff.submodule', 'short'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gpg.program', 'false'],
  ['log.showSignature', 'false'],
  ['protocol.ext.allow', 'never'],
  ['submodule.recurse', 'false'],
  // Background work would outlive the call, and would touch the repository without need.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // These change the text that Forge reads.
  ['core.quotePath', 'false'],
  ['color.ui', 'never'],
  ['core.safecrlf', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
];

/** What git and the programs it starts may know of the environment. The rest (GIT_DIR, EDITOR, …) would change calls. */
const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
];

/** By these the person is known to another repository, or it is reached: only for a call without the configuration of a repository. */
const inheritedForRemotes = [
  ...['SSH_AUTH_SOCK', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
];
const hardenedForLocals: ReadonlySet<string> = new Set(['core.sshCommand', 'credential.helper']);

export type GitReach = 'local' | 'remote';

/** The environment of one git call, with `settings` over the hardened ones. */
export function gitEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  settings: readonly (readonly [key: string, value: string])[],
  reach: GitReach = 'local',
): Record<string, string> {
  const isRemote = reach === 'remote';
  const result: Record<string, string> = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
  // A helper that asks in a window would wait for somebody who is not there.
  if (isRemote) result.GCM_INTERACTIVE = 'never';
  // An object that is missing would be fetched, by a program that the repository names. No protocol has this name.
  else result.GIT_ALLOW_PROTOCOL = 'none';
  for (const name of isRemote ? [...inherited, ...inheritedForRemotes] : inherited) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  const hardened = isRemote ? hardenedSettings.filter(([key]) => !hardenedForLocals.has(key)) : hardenedSettings;
  const all = [...hardened, ...settings];
  result.GIT_CONFIG_COUNT = String(all.length);
  for (const [index, [key, value]] of all.entries()) {
    result[`GIT_CONFIG_KEY_${index}`] = key;
    result[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return result;
}
