import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecording } from '../../src/sessions/transcript/recording.ts';
import { segmentFiles } from '../../src/sessions/transcript/segment.ts';
import { HostWorld, screenHas } from '../support/host-world.ts';
import { until } from '../support/until.ts';

function recordingOf(world: HostWorld, id: string): string[] {
  return segmentFiles(join(world.home, 'sessions', id));
}

test('the history of a session has every line, of whatever size the terminal was, and is searched like a screen', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('s1', 'seq 1 10000; read -r go; seq 10001 12000; exec cat'));
  await screenHas(host, 's1', '10000');
  const viewer = await host.attach('s1', { cols: 60, rows: 12 });
  await host.send('s1', 'go\r');
  await screenHas(host, 's1', '12000');
  const history = await host.history('s1');
  const lines = Array.from({ length: history.lineCount }, (_, line) => history.lineText(line));
  expect(lines.slice(0, 10_000)).toEqual(Array.from({ length: 10_000 }, (_, i) => `${i + 1}`));
  expect(lines.slice(10_001, 12_001)).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i + 10_001}`));
  expect([history.cols, history.rows]).toEqual([60, 12]);
  viewer.dispose();
  history.dispose();
});

test('an ended session keeps its history, also with the next host', async () => {
  await using world = new HostWorld();
  const first = await world.connect();
  await first.ensure(world.spec('s1', 'seq 1 3000; echo the end'));
  await until('the end', async () => (await first.list()).some((facts) => facts.endedAt !== null));
  await first.stop(false);
  const host = await world.connect();
  const history = await host.history('s1');
  expect([0, 2_999, 3_000].map((line) => history.lineText(line))).toEqual(['1', '3000', 'the end']);
  await host.forget('s1');
  await until('the recording is gone', () => readdirSync(join(world.home, 'sessions')).length === 0);
});

test('a session that is not recorded has the lines that the host keeps', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  await host.ensure(world.spec('s1', 'seq 1 3000; exec cat', { transcript: null }));
  await screenHas(host, 's1', '3000');
  const history = await host.history('s1');
  const lines = Array.from({ length: history.lineCount }, (_, line) => history.lineText(line));
  expect(lines.slice(0, 3)).toEqual(['1978', '1979', '1980']);
  expect(lines.slice(-2)).toEqual(['3000', '']);
});

test('a flood is recorded within its bound, in segments that each begin with the screen', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const bounds = { sessionMegabytes: 3, totalMegabytes: 100 };
  await host.ensure(world.spec('s1', 'seq 1 1200000; echo done; exec cat', { transcript: bounds }));
  await screenHas(host, 's1', 'done');
  const history = await host.history('s1');
  expect(history.lineText(history.lineCount - 3)).toBe('1200000');
  const files = recordingOf(world, 's1');
  const sizes = files.map((file) => readFileSync(file).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5e6);
  for (const file of files) expect((await readRecording([file]))?.events[0]).toMatchObject({ kind: 'screen' });
});

test('kill -9 of the host leaves a recording that can be read, but for the last moment', async () => {
  await using world = new HostWorld();
  const host = await world.connect();
  const { pid } = await host.status();
  await host.ensure(world.spec('s1', 'i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.02; done'));
  await until('some of it on disk', () =>
    recordingOf(world, 's1').some((file) => /tick 20\\/.test(readFileSync(file, 'utf8'))),
  );
  const killed = Date.now();
  process.kill(pid, 'SIGKILL');
  const recording = (await readRecording(recordingOf(world, 's1')))!;
  const last = recording.events.at(-1)!;
  const lastAt = (recording.header.startedAt ?? 0) + last.at * 1000;
  // A quarter of a second until it is handed over, as much again on a busy machine.
  expect(killed - lastAt).toBeLessThan(2_000);
  const next = await world.connect();
  const history = await next.history('s1');
  expect(history.lineText(0)).toBe('tick 1');
});
