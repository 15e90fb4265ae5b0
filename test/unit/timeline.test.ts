import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { actorOf } from '../../src/domain/event-actor.ts';
import type { RunEvent, RunStatus } from '../../src/domain/run.ts';
import { timelineOf } from '../../src/domain/timeline.ts';

const event = (sequence: number, type: string, status: RunStatus, at: number, payload = {}): RunEvent => ({
  ...{ sequence, run: 'fg-a3f8-1', type, status, at, payload: { type, ...payload } },
  ...{ actor: actorOf({ type, ...payload }), cause: null, correlation: null },
});

test('a status is told with the event that brought it about, and with how long it lasted', () => {
  const rows = timelineOf(
    [
      event(1, 'run.queued', 'queued', 0, { by: 'ada' }),
      event(2, 'run.started', 'preparing', 5_000),
      event(3, 'worktree.prepared', 'working', 9_000),
      event(4, 'agent.waiting', 'working', 20_000, { reason: 'permission' }),
      event(5, 'delivery.conflicted', 'paused', 309_000, { files: ['a.ts', 'b.ts'], against: 'main' }),
    ],
    369_000,
  );
  expect(rows.map(({ status, lasted, actor, reason }) => [status, lasted, actor, reason])).toEqual([
    ['queued', '5s', 'person:ada', ''],
    ['preparing', '4s', 'supervisor', ''],
    ['working', '5m', 'supervisor', ''],
    ['', '', 'agent', 'permission'],
    ['paused', '1m', 'supervisor', 'conflicts with main in a.ts, b.ts'],
  ]);
});

test('what has ended lasts no time', () => {
  const rows = timelineOf(
    [event(1, 'run.queued', 'queued', 0), event(2, 'run.cancelled', 'cancelled', 1_000, { by: 'ada' })],
    90_000,
  );
  expect(rows.map(({ status, lasted }) => [status, lasted])).toEqual([
    ['queued', '1s'],
    ['cancelled', ''],
  ]);
});

test('what Forge does in its own name is not a person’s', () => {
  // Constants such as `const by = 'budget'`, wherever a part of the supervisor has one.
  const folder = resolve(import.meta.dirname, '../../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const names = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/const (?:by|\w+Actor) = '(\w+)'/g)].map(([, own]) => own),
  );
  expect(names.length).toBeGreaterThan(3);
  expect(names.map((by) => actorOf({ type: 'run.paused', by }))).toEqual(names.map(() => 'supervisor'));
});
