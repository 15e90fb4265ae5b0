import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CellBuffer } from '../../src/domain/cells.ts';
import type { Attachment, SessionHost } from '../../src/ports/session-host.ts';
import { HostWorld, processesIn, screenHas } from '../support/host-world.ts';
import { until } from '../support/until.ts';

function textOf({ screen }: Attachment): string {
  const cells = new CellBuffer(screen.cols, screen.rows);
  screen.blit(cells, 0, 0, screen.cols, screen.rows);
  return Array.from({ length: screen.rows }, (_, y) => cells.rowText(y)).join('\n');
}

function ended(host: SessionHost, id: string) {
  return until(`the end of ${id}`, async () => (await host.list()).find((facts) => facts.id === id && facts.endedAt));
}

test('a session is started once, however often it is asked for, and goes on from one client to the next', async () => {
  await using world = new HostWorld();
  const [a, b] = await Promise.all([world.connect(), world.connect()]);
  const spec = world.spec('s1', 'echo started; exec cat');
  const facts = await Promise.all([a.ensure(spec), b.ensure(spec), a.ensure(spec)]);
  expect(new Set(facts.map(({ pid }) => pid)).size).toBe(1);
  await a.send('s1', 'typed\r');
  a.dispose();
  expect(await screenHas(b, 's1', 'typed\ntyped')).toMatch(/^started\n/);
  expect(processesIn(world.work)).toEqual([facts[0]?.pid]);
});

test('a program gets the environment of its session, and nothing of the host', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const env = { PATH: '/usr/bin:/bin', ONLY: 'this' };
  await host.ensure(world.spec('env', '', { command: ['env'], env, cols: 200 }));
  await ended(host, 'env');
  const lines = (await host.screen('env', 'text')).trim().split('\n').sort();
  expect(lines).toEqual(
    ['COLORTERM=truecolor', 'ONLY=this', 'PATH=/usr/bin:/bin', `PWD=${world.work}`, 'TERM=xterm-256color'].sort(),
  );
});

test('a program makes files as whoever started the host does, not as the host makes its own', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('mask', 'umask; exec cat'));
  await screenHas(host, 'mask', process.umask().toString(8).padStart(4, '0'));
});

test('a program holds its own terminal and no other descriptor of the host', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('other', 'exec cat'));
  const { pid } = await host.ensure(world.spec('fds', 'for f in /proc/self/fd/*; do readlink $f; done; exec cat'));
  const screen = await until('the list of descriptors', async () => {
    const text = await host.screen('fds', 'text');
    return text.includes('/dev/pts/') ? text : null;
  });
  expect(screen).not.toMatch(/ptmx|socket:|host\.log/);
  expect(pid).not.toBeNull();
});

test('T10 two viewers see the same, a size reaches the program and both, and a question is answered once', async () => {
  await using world = new HostWorld();
  const [one, two] = [await world.connect(), await world.connect()];
  const script = `trap 'stty size' WINCH; stty -echo; printf '\\033[31mred\\033[m 漢🙂\\n'; while :; do read -r line && echo "got $line"; done`;
  await one.ensure(world.spec('two', script));
  await screenHas(one, 'two', '漢');
  const a = await one.attach('two', null);
  const b = await two.attach('two', { cols: 60, rows: 10 });
  await screenHas(one, 'two', '10 60');
  await one.send('two', 'x\r');
  for (const viewer of [a, b]) {
    await until('the answer in a viewer', () => textOf(viewer).includes('got x'), { shown: () => textOf(viewer) });
    expect([viewer.screen.cols, viewer.screen.rows]).toEqual([60, 10]);
  }
  const host = await one.screen('two', 'text');
  expect([textOf(a).trimEnd(), textOf(b).trimEnd()]).toEqual([host.trimEnd(), host.trimEnd()]);
  await one.ensure(
    world.spec(
      'ask',
      `stty raw -echo; printf '\\033[c'; head -c 7 | od -c; stty sane; timeout --foreground 1 cat | od -c; echo asked`,
    ),
  );
  const asker = await two.attach('ask', null);
  await one.attach('ask', null);
  await until('the end of the question', () => textOf(asker).includes('asked'), { shown: () => textOf(asker) });
  expect(textOf(asker).match(/\[ {3}\? {3}1/g)).toHaveLength(1);
});

test('attached during a flood, nothing is lost and nothing doubled', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const script =
    'i=0; while [ $i -lt 200 ]; do seq -f "\u001b[3%gm%g 漢字 \u001b[1;4mx\u001b[m" 1 2000; i=$((i+1)); done; echo all done; exec cat';
  await host.ensure(world.spec('flood', script));
  const viewers: Attachment[] = [];
  for (let i = 0; i < 8; i++) viewers.push(await host.attach('flood', i === 4 ? { cols: 71, rows: 20 } : null));
  const screen = await screenHas(host, 'flood', 'all done');
  for (const viewer of viewers) {
    await until('the end in a viewer', () => textOf(viewer).includes('all done'), { shown: () => textOf(viewer) });
    expect(textOf(viewer).trimEnd()).toBe(screen.trimEnd());
  }
});

test('a flood is shown as pictures of it, and its end as every byte', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const spec = {
    ...world.spec('flood', 'read go; seq 1 3000000; printf "last of the flood"; read more'),
    cols: 100,
    rows: 30,
  };
  await host.ensure(spec);
  const viewer = await host.attach('flood', null);
  let seen = 0;
  viewer.onChange(() => seen++);
  viewer.send('go\r');
  const shown = () => textOf(viewer);
  await until('the end of the flood', () => shown().includes('last of the flood'), { shown });
  expect(shown().trimEnd()).toBe((await host.screen('flood', 'text')).trimEnd());
  // Some 24 MB: as bytes they would come in thousands of pieces.
  expect(seen).toBeGreaterThan(3);
  expect(seen).toBeLessThan(600);
  viewer.send('typed after it');
  await until('the echo', () => shown().includes('typed after it'), { shown });
});

test('an ended session keeps how it ended and its last screen', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('code', 'seq 30000; echo bye; exit 7'));
  await host.ensure(world.spec('signal', 'echo killed; kill -9 $$'));
  expect(await ended(host, 'code')).toMatchObject({ exitCode: 7, signal: null, isLost: false });
  expect(await ended(host, 'signal')).toMatchObject({ exitCode: null, signal: 9 });
  const late = await host.attach('code', null);
  expect(textOf(late)).toContain('30000\nbye');
  expect(await host.screen('signal', 'text')).toContain('killed');
});

test('a long command is told in part, so that the list of all sessions can be sent', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const prompt = 'x'.repeat(100_000);
  const { command } = await host.ensure(
    world.spec('long', '', { command: ['/bin/sh', '-c', 'exec cat', prompt, prompt] }),
  );
  expect(command.slice(0, 3)).toEqual(['/bin/sh', '-c', 'exec cat']);
  expect(command.join(' ').length).toBeLessThan(5_000);
});

test('what cannot be started is told in words', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const missing = host.ensure(world.spec('x', '', { command: ['no-such-program'] }));
  await expect(missing).rejects.toMatchObject({
    code: 'spawn.failed',
    message: expect.stringContaining('no-such-program'),
  });
  const nowhere = host.ensure(world.spec('y', 'true', { cwd: '/no/such/folder' }));
  await expect(nowhere).rejects.toMatchObject({
    code: 'spawn.failed',
    message: expect.stringContaining('/no/such/folder'),
  });
  expect(await host.list()).toEqual([]);
});

test('kill ends the whole tree: one that ignores TERM and HUP, one in a session of its own, one whose parent has gone', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const deaf = `trap "" TERM HUP; while :; do sleep 1; done`;
  const script = `setsid sh -c '${deaf}' & (setsid sh -c '${deaf}' &); sh -c '${deaf}' & ${deaf}`;
  await host.ensure(world.spec('tree', script));
  await until('four shells and their sleeps', () => processesIn(world.work).length >= 8);
  await host.kill('tree', { graceMs: 200 });
  expect(processesIn(world.work)).toEqual([]);
});

test('kill of a session whose program has gone ends what it left, and nothing else', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const bystander = world.run('/bin/sh', ['-c', `cd '${world.work}'; exec sleep 999`]);
  await host.ensure(world.spec('left', 'setsid sleep 999 & setsid sleep 999 & sleep 0.1'));
  await until('it ends', async () => (await host.list())[0]?.endedAt != null);
  await until('two are left, and one beside', () => processesIn(world.work).length === 3);
  await host.kill('left', { graceMs: 200 });
  expect(processesIn(world.work)).toEqual([bystander.pid]);
});

test('S4 a viewer that does not read costs the host little, and holds up nobody', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const { pid } = await host.status();
  await host.ensure(world.spec('yes', `exec yes '${'flood '.repeat(10)}'`));
  await host.ensure(world.spec('echo', 'exec cat'));
  // A client in a process of its own that is stopped by the kernel: it reads nothing more.
  const client = world.run(process.execPath, [
    new URL('../support/viewer-entry.ts', import.meta.url).pathname,
    world.options.directory.path,
    'yes',
  ]);
  await new Promise((resolve) => client.stdout?.once('data', resolve));
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  let words = 0;
  const others = async (ms: number) => {
    const [first, until] = [words, Date.now() + ms];
    for (; words < first + 20 || Date.now() < until; words++) {
      await host.send('echo', `word${words}\r`);
      await screenHas(host, 'echo', `word${words}\nword${words}`);
    }
  };
  // The flood alone, whose history fills and whose code is compiled, costs as much with a viewer that reads.
  await others(1_500);
  const before = rss();
  client.kill('SIGSTOP');
  await others(1_500);
  // In MB; up to 20 are measured, as V8 collects.
  expect(rss() - before).toBeLessThan(40);
});

test('a program that rings its bell and changes its title without end is told of now and then, and what it said last', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const titles: string[] = [];
  await host.watch(({ title }) => titles.push(title));
  const said = String.raw`process.stdout.write(Array.from({ length: 100_000 }, (_, i) => '\x07\x1b]2;' + i + '\x07').join(''))`;
  const begin = performance.now();
  await host.ensure(
    world.spec('loud', '', { command: [process.execPath, '-e', `${said}; setInterval(() => {}, 1000)`] }),
  );
  await until('the last title', () => titles.at(-1) === '99999');
  expect(titles.length).toBeLessThan((performance.now() - begin) / 100 + 5);
});

test('a program that does not read its input costs no processor and little memory, and others go on', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('deaf', 'stty raw -echo; echo ready; exec sleep 1000'));
  await host.ensure(world.spec('echo', 'exec cat'));
  await screenHas(host, 'deaf', 'ready');
  await host.send('deaf', 'x'.repeat(3 * 1024 * 1024));
  await expect(host.send('deaf', 'x'.repeat(3 * 1024 * 1024))).rejects.toMatchObject({ code: 'session.waiting' });
  await host.send('echo', 'hello\r');
  await screenHas(host, 'echo', 'hello\nhello');
  await host.kill('deaf');
  await host.ensure(world.spec('next', 'exec cat'));
  await host.send('next', 'mine\r');
  expect((await screenHas(host, 'next', 'mine\nmine')).trim()).toBe('mine\nmine');
});
