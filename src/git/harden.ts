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

/** The environment of one git call, with `settings` over the hardened ones. */
export function gitEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  settings: readonly (readonly [key: string, value: string])[],
): Record<string, string> {
  const result: Record<string, string> = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
  for (const name of inherited) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  const all = [...hardenedSettings, ...settings];
  result.GIT_CONFIG_COUNT = String(all.length);
  for (const [index, [key, value]] of all.entries()) {
    result[`GIT_CONFIG_KEY_${index}`] = key;
    result[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return result;
}
