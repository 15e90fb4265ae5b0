import { type Environment, type GitCall, runGit } from './run-git.ts';

/** How Forge talks to a remote. Not `ext` (any command) and not `git` (a proxy command can be set for it). */
const PROTOCOLS = 'https:http:ssh:file';

/** What the programs behind git need of the person's environment: keys, proxies, certificates. */
const inherited = [
  'SSH_AUTH_SOCK',
  'GIT_SSL_CAINFO',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]),
];

/** Nobody is asked for a password: there may be nobody, and what cannot be had without is said. */
export function transportVariables(environment: Environment): Record<string, string> {
  const own = inherited.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(own),
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
  };
}

/**
 * The person's own ssh command and credential helpers, which hardened calls have not. Those that the repository names count for
 * nothing: an agent can write its configuration.
 */
export async function transportSettings(call: GitCall): Promise<(readonly [key: string, value: string])[]> {
  const list = (await runGit(call, ['config', '--list', '--show-scope', '-z'])).split('\0');
  const own: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [scope, setting] = [list[index], list[index + 1]];
    const end = setting.indexOf('\n');
    const [key, value] = end < 0 ? [setting, 'true'] : [setting.slice(0, end), setting.slice(end + 1)];
    if ((scope === 'system' || scope === 'global') && ownKey.test(key)) own.push([key, value]);
  }
  return [['core.sshCommand', 'ssh -o BatchMode=yes'], ...own];
}

const ownKey = /^(core\.sshcommand|credential\.(.+\.)?helper)$/i;
