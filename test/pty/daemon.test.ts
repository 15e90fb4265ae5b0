import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectDaemon } from '../../src/daemon/connect.ts';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory, socketPath } from '../../src/daemon/run-directory.ts';
import { claimInstance } from '../../src/daemon/single-instance.ts';
import { inUserScope } from '../../src/daemon/user-scope.ts';
import { encodeFrame, frameKind } from '../../src/protocol/frames.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../../src/sessions/screen/screen-factory.ts';
import { forgeEntry, HostWorld } from '../support/host-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const ensureEntry = new URL('../support/ensure-entry.ts', import.meta.url).pathname;

/** A process that reaches the host when it is told to, and says which. `compiled`: a folder for what Node compiled of it. */
class Starter {
  readonly #child: ChildProcess;
  #said = '';

  constructor(world: HostWorld, compiled: string) {
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
    this.#child = world.run(process.execPath, [ensureEntry, join(world.home, 'run'), forgeEntry], env);
    this.#child.stdout?.on('data', (bytes) => (this.#said += bytes));
  }

  async isReady(): Promise<void> {
    await until('a process that is ready', () => this.#said !== '', { timeoutMs: 200_000 });
  }

  /** The pid of the host that it reached. */
  async start(): Promise<number> {
    const gone = once(this.#child, 'close');
    this.#child.stdin?.write('.');
    await gone;
    return Number(this.#said.split('\n')[1]);
  }
}

/** Processes that are, or want to be, the host of this home. */
function hostsIn({ home }: HostWorld): number[] {
  const isHost = (pid: string) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('__session-host') &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`FORGE_HOME=${home}`)
      );
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter(isHost).map(Number);
}

function json(message: unknown): Buffer {
  return encodeFrame(frameKind.json, 0, Buffer.from(JSON.stringify(message)));
}

/** Resolves with what came when the daemon has cut this stranger off. */
function untilCut(path: string, act: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(path, () => act(socket));
    socket.on('data', (bytes) => (heard += bytes));
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

// A hundred starts of Node: on two slow and busy processors they take a minute.
test('S2 a hundred processes that need the host at once get the same one, and end by themselves', {
  timeout: 300_000,
}, async () => {
  await using world = new HostWorld();
  const compiled = temporaryFolder();
  const starters = [new Starter(world, compiled)];
  await starters[0]?.isReady();
  while (starters.length < 100) starters.push(new Starter(world, compiled));
  for (const starter of starters) await starter.isReady();
  const pids = new Set(await Promise.all(starters.map((starter) => starter.start())));
  expect(pids.size).toBe(1);
  // Those that came too late to be it leave.
  await until('one host', () => hostsIn(world).length === 1, { shown: () => hostsIn(world).join(' ') });
  expect(hostsIn(world)).toEqual([...pids]);
});

test('S2 of twenty hosts that are started at once one stays', async () => {
  await using world = new HostWorld();
  const { command, env } = world.options;
  const quiet = ['-c', 'exec "$@" 2>/dev/null', 'sh', ...command];
  const started = Array.from({ length: 20 }, () => world.run('/bin/sh', quiet, env));
  const live = () => started.filter(({ exitCode }) => exitCode === null);
  await until('one of twenty', () => live().length === 1, { timeoutMs: 50_000, shown: () => `${live().length}` });
  expect((await (await world.connect()).status()).pid).toBe(live()[0]?.pid);
  expect(started.filter(({ exitCode }) => exitCode === 0)).toHaveLength(19);
});

test('who was to start the host and does not is waited for a while', async () => {
  await using world = new HostWorld();
  const claim = await claimInstance(world.options.directory, 'session-host-start');
  expect(claim).not.toBeNull();
  expect((await (await world.connect()).status()).sessions).toBe(0);
  claim?.dispose();
});

test.each([
  ['a systemd that starts scopes is asked to', 'shift 6; exec env IN_SCOPE=yes "$@"', true],
  ['a systemd that does not is done without', 'exit 1', false],
])('%s', async (_name, script, isScoped) => {
  await using world = new HostWorld();
  const { options } = world;
  const programs = join(world.root, 'programs');
  const runtime = join(world.root, 'runtime');
  mkdirSync(programs);
  mkdirSync(join(runtime, 'systemd'), { recursive: true });
  writeFileSync(join(runtime, 'systemd/private'), '');
  writeFileSync(join(programs, 'systemd-run'), `#!/bin/sh\necho "$@" > ${world.root}/asked\n${script}\n`, {
    mode: 0o755,
  });
  const env = { ...options.env, PATH: `${programs}:${options.env.PATH}`, XDG_RUNTIME_DIR: runtime };
  expect(inUserScope(options.command, env, false)).toBeNull();
  const inScope: typeof inUserScope = (command, of) => inUserScope(command, of, true);
  const host = connectSessionHost(await ensureDaemon({ ...options, env, inScope }), screenFactory);
  const { pid } = await host.status();
  host.dispose();
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').includes('IN_SCOPE=yes')).toBe(isScoped);
  expect(readFileSync(join(world.root, 'asked'), 'utf8')).toBe(
    `--user --scope --quiet --collect --property=Delegate=yes -- ${options.command.join(' ')}\n`,
  );
});

test('S2 the socket of a dead host is replaced, and so is a file in its place', async () => {
  await using world = new HostWorld();
  const first = await world.connect();
  const { pid } = await first.status();
  process.kill(pid, 'SIGKILL');
  await new Promise<void>((resolve) => first.onClose(resolve));
  expect(existsSync(socketPath(world.options.directory, 'session-host'))).toBe(true);
  const second = await world.connect();
  expect((await second.status()).pid).not.toBe(pid);
  await second.stop(false);
  await until('the socket to be removed', () => !existsSync(socketPath(world.options.directory, 'session-host')));
  writeFileSync(socketPath(world.options.directory, 'session-host'), 'not a socket');
  expect((await (await world.connect()).status()).sessions).toBe(0);
});

test('the run directory, its socket and its token are their owner’s alone', async () => {
  await using world = new HostWorld();
  await world.connect();
  const { path } = world.options.directory;
  const modes = [path, join(path, 'session-host.sock'), join(path, 'token')].map((file) => statSync(file).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test('S1 another user cannot connect', async (context) => {
  if (process.getuid?.() !== 0) context.skip('only root can become another user');
  await using world = new HostWorld();
  await world.connect();
  chmodSync(world.root, 0o755);
  chmodSync(world.home, 0o755);
  const path = socketPath(world.options.directory, 'session-host');
  const script = `require('node:net').connect(${JSON.stringify(path)}).on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`;
  const attempt = spawnSync(process.execPath, ['-e', script], { uid: 65534, gid: 65534, encoding: 'utf8', cwd: '/' });
  if (attempt.error) context.skip(`this node cannot be run by another user: ${attempt.error.message}`);
  expect(attempt.stdout.trim()).toBe('EACCES');
});

test('S1 a run directory that others could enter or redirect is refused', () => {
  const folder = temporaryFolder();
  const open = (name: string) => () => openRunDirectory(join(folder, name));
  mkdirSync(join(folder, 'own'), { mode: 0o700 });
  symlinkSync(join(folder, 'own'), join(folder, 'link'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  mkdirSync(join(folder, 'wide'));
  chmodSync(join(folder, 'wide'), 0o777);
  writeFileSync(join(folder, 'file'), '');
  for (const name of ['link', 'dangling', 'wide', 'file', 'file/below']) {
    expect(open(name), name).toThrow(expect.objectContaining({ code: 'socket.unsafe' }));
  }
  const { token } = openRunDirectory(join(folder, 'own'));
  expect(openRunDirectory(join(folder, 'own')).token).toBe(token);
  writeFileSync(join(folder, 'own', 'token'), '');
  expect(openRunDirectory(join(folder, 'own')).token).toMatch(/^[0-9a-f]{48}$/);
});

test('S5 what is planted in the temporary folder, where the sockets of a long FORGE_HOME are, is refused', () => {
  const wanted = join(temporaryFolder(), 'long'.repeat(30));
  const { path } = openRunDirectory(wanted);
  rmSync(path, { recursive: true });
  const elsewhere = temporaryFolder();
  symlinkSync(elsewhere, path);
  try {
    expect(() => openRunDirectory(wanted)).toThrow(expect.objectContaining({ code: 'socket.unsafe' }));
    expect(readdirSync(elsewhere)).toEqual([]);
  } finally {
    rmSync(path, { force: true });
  }
});

test('a FORGE_HOME that is too long for a socket works', async () => {
  await using world = new HostWorld({ home: `${'long'.repeat(20)}/${'long'.repeat(20)}` });
  const host = await world.connect();
  await host.ensure(world.spec('s', 'exec cat'));
  expect(await host.list()).toHaveLength(1);
});

test('a wrong token and another protocol are refused, in words', async () => {
  await using world = new HostWorld();
  await world.connect();
  const { options } = world;
  const stranger = { ...options.directory, token: 'é'.repeat(48) };
  await expect(connectDaemon({ ...options, directory: stranger })).rejects.toMatchObject({ code: 'socket.unsafe' });
  await expect(connectDaemon({ ...options, protocol: 99, version: '9.9.9' })).rejects.toMatchObject({
    code: 'protocol.mismatch',
    next: expect.stringContaining('forge host restart'),
    message: expect.stringMatching(/speaks protocol \d+; this is 9\.9\.9 and speaks 99/),
  });
});

test('S3 what is no hello is cut off, and nobody else notices', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('s', 'exec cat'));
  const path = socketPath(world.options.directory, 'session-host');
  const { token } = world.options.directory;
  const huge = Buffer.alloc(4);
  huge.writeUInt32BE(0xffff_ffff);
  const hello = { type: 'hello', daemon: 'session-host', protocol: world.options.protocol, version: 'test', token };
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const strangers = [
    untilCut(path, (socket) => socket.write('GET / HTTP/1.1\r\n\r\n')),
    untilCut(path, (socket) => socket.write(huge)),
    untilCut(path, (socket) => socket.write(encodeFrame(frameKind.json, 0, Buffer.alloc(1024 * 1024)))),
    untilCut(path, (socket) => socket.write(json({ type: 'hello', __proto__: null }))),
    untilCut(path, (socket) => socket.write(encodeFrame(frameKind.json, 0, Buffer.from('{')))),
    // A byte of the hello now, and no more: the host does not wait for ever.
    untilCut(path, (socket) => socket.write(json(hello).subarray(0, 1))),
    untilCut(path, (socket) => socket.write(Buffer.concat([json(hello), huge]))),
    untilCut(path, (socket) =>
      socket.write(Buffer.concat([json(hello), encodeFrame(frameKind.json, 0, Buffer.from(deep))])),
    ),
    untilCut(path, (socket) =>
      socket.write(Buffer.concat([json(hello), json({ type: 'request', id: 1, method: 'no' })])),
    ),
  ];
  await host.send('s', 'still here\r');
  expect((await host.list())[0]?.endedAt).toBeNull();
  await Promise.all(strangers);
  expect((await host.status()).sessions).toBe(1);
  expect(world.log()).not.toMatch(/uncaught|unhandled/);
});

test('what is sent together with the hello is answered', async () => {
  await using world = new HostWorld();
  await world.connect();
  const { directory, protocol } = world.options;
  const hello = { type: 'hello', daemon: 'session-host', protocol, version: 'test', token: directory.token };
  const heard = await untilCut(socketPath(directory, 'session-host'), (socket) => {
    let seen = '';
    socket.on('data', (bytes) => {
      seen += bytes;
      if (seen.includes('"id":7')) socket.end();
    });
    socket.write(Buffer.concat([json(hello), json({ type: 'request', id: 7, method: 'list', params: {} })]));
  });
  expect(heard).toContain('"result":[]');
});
