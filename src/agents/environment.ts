import { ForgeError } from '../base/errors.ts';
import type { LaunchRequest } from '../ports/agent.ts';

/**
 * What an agent gets of the environment that Forge was started with. Everything else stays behind: secrets that are none
 * of its business, and traces of where Forge itself runs (CI, TMUX, TERM_PROGRAM, FORGE_HOME, npm_*), which would make an
 * agent believe that it sits there. NO_COLOR stays behind too: the pane is a terminal with colours, whatever the outer one
 * is. Whoever wants more names it: `env: { NAME: "${NAME}" }` in the agent's definition.
 */
export const passedOn: readonly { names: readonly string[]; why: string }[] = [
  { names: ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ'], why: 'the person and the machine' },
  { names: ['LANG', 'LANGUAGE', 'LC_*'], why: 'language and encoding' },
  { names: ['XDG_*', 'DBUS_SESSION_BUS_ADDRESS'], why: 'where programs keep settings and passwords' },
  { names: ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER'], why: 'a login that opens a browser' },
  { names: ['SSH_AUTH_SOCK', 'GNUPGHOME'], why: 'git over ssh, signed commits' },
  {
    names: ['GIT_AUTHOR_*', 'GIT_COMMITTER_*', 'GIT_SSH', 'GIT_SSH_COMMAND'],
    why: 'who commits, and how git connects',
  },
  { names: ['EDITOR', 'VISUAL', 'GIT_EDITOR', 'PAGER', 'LESS'], why: 'what an agent opens for the person' },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
    why: 'the way to the network',
  },
  {
    names: ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_*', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
    why: 'certificates of that network',
  },
  {
    names: [
      ...['NVM_DIR', 'VOLTA_HOME', 'PNPM_HOME', 'BUN_INSTALL', 'DENO_DIR', 'COREPACK_HOME', 'NPM_CONFIG_*'],
      ...['CARGO_HOME', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN', 'GOPATH', 'GOROOT', 'GOPROXY', 'JAVA_HOME', 'ANDROID_HOME'],
      ...['PYENV_ROOT', 'RBENV_ROOT', 'ASDF_DIR', 'ASDF_DATA_DIR', 'MISE_DATA_DIR', 'VIRTUAL_ENV', 'NIX_*'],
    ],
    why: 'where tool chains live',
  },
  { names: ['DOCKER_HOST', 'KUBECONFIG'], why: 'machines that tests run on' },
];

/** What the pane is, whatever terminal Forge itself runs in. */
const terminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };

/** Where programs are looked for when Forge was started without a PATH. */
const pathDefault = '/usr/local/bin:/usr/bin:/bin';

/** Longest prompt in bytes: Linux refuses a single argument or variable of 128 KiB; some is left for its name. */
const promptBytesMax = 120_000;

/** What an adapter adds to the table: names it reads, and names that only a parent of the same kind would have set. */
export interface AdapterEnvironment {
  passedOn: readonly string[];
  /** Wins over `passedOn`: set inside one of its own sessions, and wrong in any other. */
  heldBack?: readonly string[];
}

/**
 * The environment that programs of an agent are looked up and asked for their version in. The definition's own `env`
 * wins over the person's.
 */
export function agentEnvironment(
  own: Record<string, string>,
  environment: Record<string, string>,
  adapter: AdapterEnvironment,
): Record<string, string> {
  const isAllowed = matcher([...passedOn.flatMap(({ names }) => names), ...adapter.passedOn]);
  const isHeldBack = matcher(adapter.heldBack ?? []);
  const passed = Object.entries(environment).filter(([name]) => isAllowed(name) && !isHeldBack(name));
  return { PATH: pathDefault, ...Object.fromEntries(passed), ...terminal, ...own };
}

/** The complete environment of a launch: that of the agent, and what tells a program which work it was started for. */
export function launchEnvironment(request: LaunchRequest, adapter: AdapterEnvironment): Record<string, string> {
  return {
    ...agentEnvironment(request.definition.env, request.environment, adapter),
    FORGE_PROMPT: passablePrompt(request.prompt),
    FORGE_TASK: request.task,
    FORGE_RUN: request.run,
    FORGE_SESSION: request.session,
  };
}

/** The prompt as an argument can carry it. Throws `spawn.failed` for one that is too long. */
export function passablePrompt(prompt: string): string {
  // The system ends an argument at the first NUL; U+FFFD shows that something was there.
  const text = prompt.replaceAll('\0', '\u{fffd}');
  const bytes = Buffer.byteLength(text);
  if (bytes > promptBytesMax)
    throw new ForgeError('spawn.failed', `The prompt has ${bytes} bytes; an agent can be given ${promptBytesMax}.`, {
      next: 'Move the long part of the task into a file of the repository and name that file in the task.',
    });
  return text;
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
