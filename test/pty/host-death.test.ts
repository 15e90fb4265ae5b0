import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askHandOver } from '../../src/daemon/connect.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { HostWorld, processesIn, screenHas } from '../support/host-world.ts';
import { until } from '../support/until.ts';

/** Ends the host as a full memory would, or with SIGTERM whoever makes room before that, and gives the next one. */
async function killHost(world: HostWorld, host: SessionHost, signal: NodeJS.Signals = 'SIGKILL'): Promise<SessionHost> {
  const closed = new Promise<void>((resolve) => host.onClose(resolve));
  process.kill((await host.status()).pid, signal);
  await closed;
  return world.connect();
}

function toldToEnd(world: HostWorld, host: SessionHost): Promise<SessionHost> {
  return killHost(world, host, 'SIGTERM');
}

async function replaceHost(world: HostWorld, host: SessionHost): Promise<SessionHost> {
  const { pid } = await host.status();
  // As a newer version would.
  await askHandOver({ ...world.options, protocol: world.options.protocol + 1, version: 'newer' });
  const next = await world.connect();
  expect((await next.status()).pid).not.toBe(pid);
  return next;
}

/** Processes that hold terminals of this world: keepers and what they started. */
function keepersOf(world: HostWorld): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`forge-keeper\0${keeperFolder(world)}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function keeperFolder(world: HostWorld): string {
  return join(world.options.directory.path, 'keepers');
}

/** What programs of this world left: nothing may. */
function untilNothingIsLeft(world: HostWorld): Promise<boolean> {
  return until(
    'an end of every program, keeper and FIFO',
    () =>
      processesIn(world.work).length === 0 &&
      keepersOf(world).length === 0 &&
      (!existsSync(keeperFolder(world)) || readdirSync(keeperFolder(world)).length === 0),
    { shown: () => execFileSync('ps', ['axo', 'pid,ppid,args'], { encoding: 'utf8' }).slice(-3_000) },
  );
}

function factsOf(host: SessionHost, id: string) {
  return host.list().then((all) => all.find((facts) => facts.id === id));
}

const shell = `PS1='$ ' exec sh -i`;
/** In the alternate screen; draws its size when it hears of a new one. */
const fullScreen = `stty -echo; printf '\\033[?1049h'; draw() { printf '\\033[H\\033[2Jsize %s' "$(stty size)"; }; trap draw WINCH; draw; while :; do read -r line && printf '\\r\\nread %s' "$line"; done`;
const chatty = `i=0; while :; do i=$((i+1)); echo "line $i"; [ $((i % 100)) = 0 ] && sleep 0.1; done`;

test('kill -9 of the host, twice: every program lives on, with typing, resizing, ending, and nothing left behind', async () => {
  await using world = new HostWorld();
  let host = await world.connect();
  await host.ensure(world.spec('shell', shell));
  await host.ensure(world.spec('full', fullScreen));
  await host.ensure(world.spec('chatty', chatty));
  await screenHas(host, 'full', 'size 24 80');
  await screenHas(host, 'shell', '$');
  await screenHas(host, 'chatty', 'line 1');
  const before = await host.list();
  const pids = before.map(({ id, pid, startedAt, command }) => ({ id, pid, startedAt, command })).sort(byId);

  for (const round of [1, 2]) {
    host = await killHost(world, host);
    const after = await host.list();
    expect(after.map(({ id, pid, startedAt, command }) => ({ id, pid, startedAt, command })).sort(byId)).toEqual(pids);
    expect(after.map(({ endedAt, isLost }) => ({ endedAt, isLost }))).toEqual(
      pids.map(() => ({ endedAt: null, isLost: false })),
    );
    // It draws itself again, although nobody knows what it showed.
    await screenHas(host, 'full', 'size 24 80');
    await host.send('shell', `echo round-$((${round}+0))\r`);
    await screenHas(host, 'shell', `\nround-${round}`);
    const viewer = await host.attach('full', { cols: 60 + round, rows: 10 });
    await screenHas(host, 'full', `size 10 ${60 + round}`);
    viewer.send(`typed ${round}\r`);
    await screenHas(host, 'full', `read typed ${round}`);
    viewer.resize(80, 24);
    await screenHas(host, 'full', 'size 24 80');
    await until('new lines', async () => /line \d{3,}/.test(await host.screen('chatty', 'text')));
    viewer.dispose();
  }

  await host.kill('full', { graceMs: 500 });
  expect(await factsOf(host, 'full')).toMatchObject({ exitCode: null, signal: null, isLost: false });
  expect((await factsOf(host, 'full'))?.endedAt).not.toBeNull();
  await host.send('shell', 'sleep 1000 & sleep 1000\r');
  await until('what the shell started', () => processesIn(world.work).length >= 4);
  await host.kill('shell', { graceMs: 200 });
  await host.kill('chatty', { graceMs: 500 });
  await untilNothingIsLeft(world);
  expect((await host.ensure(world.spec('shell', shell))).endedAt).not.toBeNull();
});

test('hosts that are killed one after the other while they take over lose nobody', async () => {
  await using world = new HostWorld();
  let host = await world.connect();
  const ids = Array.from({ length: 8 }, (_, index) => `s${index}`);
  for (const id of ids) await host.ensure(world.spec(id, 'while read -r line; do echo "got $line"; done'));
  const pids = (await host.list()).map(({ pid }) => pid).sort();
  process.kill((await host.status()).pid, 'SIGKILL');
  for (const count of [0, 1, 4, 7, 8]) {
    const connecting = world.connect().catch(() => null);
    const earlier = hostsIn(world.log()).length;
    const pid = await until(`a host that has taken over ${count}`, () => {
      const newest = hostsIn(world.log()).slice(earlier)[0];
      return newest && newest.takenOver >= count ? newest.pid : null;
    });
    process.kill(pid, 'SIGKILL');
    await connecting;
  }
  host = await world.connect();
  expect((await host.list()).map(({ pid }) => pid).sort()).toEqual(pids);
  for (const id of ids) {
    await host.send(id, `${id}\r`);
    await screenHas(host, id, `got ${id}`);
  }
  await Promise.all(ids.map((id) => host.kill(id, { graceMs: 500 })));
  await untilNothingIsLeft(world);
});

test('what a program writes while there is no host is read by the next one', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('later', 'while [ ! -e go ]; do sleep 0.05; done; seq 1 2000; touch done; exec cat'));
  const { pid } = await host.status();
  const closed = new Promise<void>((resolve) => host.onClose(resolve));
  process.kill(pid, 'SIGKILL');
  await closed;
  writeFileSync(join(world.work, 'go'), '');
  await until('everything to be written', () => existsSync(join(world.work, 'done')));
  const next = await world.connect();
  await screenHas(next, 'later', '1999\n2000');
  await next.send('later', 'hello\r');
  await screenHas(next, 'later', 'hello\nhello');
});

test('a program that ends while there is no host is found as ended, with its last words, and nobody claims to know how', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('ends', 'while [ ! -e go ]; do sleep 0.05; done; echo last words; exit 3'));
  const { pid } = await host.status();
  const closed = new Promise<void>((resolve) => host.onClose(resolve));
  process.kill(pid, 'SIGKILL');
  await closed;
  writeFileSync(join(world.work, 'go'), '');
  await until('the end of the program', () => processesIn(world.work).length === 0);
  const next = await world.connect();
  const facts = await until('its end to be told', async () => {
    const found = await factsOf(next, 'ends');
    return found?.endedAt ? found : null;
  });
  expect(facts).toMatchObject({ exitCode: null, signal: null, isLost: false });
  expect(await next.screen('ends', 'text')).toContain('last words');
  await untilNothingIsLeft(world);
});

test('a host hands over under load: screens, typing and sizes go on, and not a line is missing', async () => {
  await using world = new HostWorld();
  let host = await world.connect();
  await host.ensure(
    world.spec('full', `printf '\\033]2;my title\\007\\033]7501;state=blocked:kind=permission\\007'; ${fullScreen}`),
  );
  await host.ensure(
    world.spec(
      'deaf',
      'stty raw -echo; echo ready; while [ ! -e go ]; do sleep 0.05; done; head -c 200000 | wc -c; exec cat',
    ),
  );
  await host.ensure(world.spec('count', chatty, { cols: 20, rows: 500 }));
  await screenHas(host, 'deaf', 'ready');
  await screenHas(host, 'full', 'size 24 80');
  await until('its status', async () => (await factsOf(host, 'full'))?.program?.state === 'blocked');
  await host.send('deaf', 'x'.repeat(200_000));
  // One long line, dear to parse: where it ends tells whether a byte is missing.
  const letters = 4_000_000;
  writeFileSync(join(world.work, 'flood'), '\u001b[31ma'.repeat(letters));
  const flood = `cat flood; printf '\\n%s' 'all written'; exec cat`;
  await host.ensure(world.spec('flood', flood, { cols: 97, rows: 5 }));
  await screenHas(host, 'flood', 'aaaa');
  // Nothing is drawn again by itself: what is shown was handed over.
  await host.send('full', 'remember\r');
  await screenHas(host, 'full', 'read remember');
  for (const replace of [replaceHost, toldToEnd, replaceHost]) {
    host = await replace(world, host);
    expect(await host.screen('full', 'text')).toContain('size 24 80\nread remember');
    expect(await factsOf(host, 'full')).toMatchObject({ title: 'my title', program: { state: 'blocked' } });
    expectNoGap(await host.screen('count', 'text'));
    const [first = ''] = (await host.screen('count', 'text')).split('\n');
    await until('lines of this host', async () => !(await host.screen('count', 'text')).includes(`${first}\n`));
    expectNoGap(await host.screen('count', 'text'));
  }
  const rows = (await screenHas(host, 'flood', 'all written')).split('\n');
  expect(rows[rows.indexOf('all written') - 1]).toHaveLength(letters % 97);
  writeFileSync(join(world.work, 'go'), '');
  await screenHas(host, 'deaf', '200000');
  for (const id of ['full', 'deaf', 'count', 'flood']) await host.kill(id, { graceMs: 500 });
  await untilNothingIsLeft(world);
});

test('a program before a light background is told so, by the next hosts too', async () => {
  await using world = new HostWorld();
  let host = await world.connect();
  const asks = `stty raw -echo; echo ready; n=0; while head -c 1 >/dev/null; do n=$((n+1)); printf '\\033]11;?\\007'; head -c 25 > answer; echo "$n: $(tr -cd '[:print:]' < answer)."; done`;
  const spec = world.spec('light', asks);
  await host.ensure({ ...spec, env: { ...spec.env, COLORFGBG: '0;15' } });
  await screenHas(host, 'light', 'ready');
  await host.send('light', 'x');
  await screenHas(host, 'light', '1: ]11;rgb:ffff/ffff/ffff');
  host = await killHost(world, host);
  await host.send('light', 'x');
  await screenHas(host, 'light', '2: ]11;rgb:ffff/ffff/ffff');
  host = await replaceHost(world, host);
  await host.send('light', 'x');
  await screenHas(host, 'light', '3: ]11;rgb:ffff/ffff/ffff');
});

test('a keeper that is killed takes nothing with it', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('s', 'exec cat'));
  for (const pid of keepersOf(world)) process.kill(pid, 'SIGKILL');
  await host.ensure(world.spec('kept', 'exec cat'));
  await host.send('s', 'still here\r');
  await screenHas(host, 's', 'still here\nstill here');
  expect(keepersOf(world)).toHaveLength(1);
  for (const id of ['s', 'kept']) await host.kill(id, { graceMs: 500 });
  await untilNothingIsLeft(world);
});

test('a session whose keeper and host were both killed is lost, and what is left of it ended', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('deaf', `trap "" HUP TERM; while :; do sleep 1; done`));
  await host.ensure(world.spec('left', `sh -c 'trap "" HUP TERM; while :; do sleep 1; done' & exec cat`));
  await until('the programs', () => processesIn(world.work).length >= 5);
  for (const pid of keepersOf(world)) process.kill(pid, 'SIGKILL');
  const next = await killHost(world, host);
  const lost = await next.list();
  expect(lost.map(({ id, isLost, exitCode }) => ({ id, isLost, exitCode }))).toEqual([
    { id: 'deaf', isLost: true, exitCode: null },
    { id: 'left', isLost: true, exitCode: null },
  ]);
  expect((await next.ensure(world.spec('deaf', 'exec cat'))).isLost).toBe(true);
  await untilNothingIsLeft(world);
});

test('a record that cannot be read keeps its id from being started again', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('once', 'exec cat'));
  await host.kill('once');
  writeFileSync(join(world.options.directory.path, 'sessions', 'once.json'), '{"version":');
  const next = await killHost(world, host);
  expect((await next.ensure(world.spec('once', 'exec cat'))).isLost).toBe(true);
  expect(processesIn(world.work)).toEqual([]);
});

test('a program that was started and not yet recorded is ended by the next host', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('early', `trap "" HUP TERM; while :; do sleep 1; done`));
  await until('the program', () => processesIn(world.work).length >= 2);
  const file = join(world.options.directory.path, 'sessions', 'early.json');
  const hostStart = (await host.status()).pid;
  const stat = readFileSync(`/proc/${hostStart}/stat`, 'utf8');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const boot = String(record.startTime).split(' ')[0];
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  writeFileSync(
    file,
    JSON.stringify({ ...record, facts: { ...record.facts, pid: null }, startTime: `${boot} ${ticks}`, keeper: null }),
  );
  const next = await killHost(world, host);
  expect(await factsOf(next, 'early')).toMatchObject({ isLost: true });
  await untilNothingIsLeft(world);
});

/** The hosts of a log, oldest first, with how many sessions each took over. */
function hostsIn(log: string): { pid: number; takenOver: number }[] {
  return log
    .split('session host ')
    .slice(1)
    .map((part) => ({
      pid: Number(/runs as (\d+)/.exec(part)?.[1]),
      takenOver: part.match(/goes on as/g)?.length ?? 0,
    }));
}

/** Rows of `chatty`: each number follows the one above it. */
function expectNoGap(screen: string): void {
  const numbers = [...screen.matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
  expect(numbers.length).toBeGreaterThan(100);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
