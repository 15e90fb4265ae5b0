import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { DoctorRow } from '../../src/domain/doctor-report.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

async function worldWithTasks(): Promise<World> {
  const world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: '#!/bin/sh\necho work >>README.md\necho new >untracked.txt\n' } }, 'stealth');
  await world.json('task', 'add', 'Sort the list');
  return world;
}

/** What it prints, and the status that it ends with. */
async function doctor(world: World, ...args: string[]): Promise<{ rows: DoctorRow[]; status: number }> {
  const { status, stdout, stderr } = await world.forge('doctor', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { rows: JSON.parse(stdout) as DoctorRow[], status };
}

const states = (rows: readonly DoctorRow[]) => rows.map(({ check, state }) => [check, state]);

/** Found without being changed, mended with --fix, and well after that. */
async function isMended(world: World, check: string): Promise<DoctorRow> {
  const before = await doctor(world);
  expect(states(before.rows)).toEqual([[check, 'found']]);
  expect(before.status).toBe(5);
  expect(states((await doctor(world)).rows)).toEqual([[check, 'found']]);
  const { rows, status } = await doctor(world, '--fix');
  expect({ states: states(rows), did: rows[0]?.did }).toEqual({ states: [[check, 'mended']], did: expect.any(String) });
  expect(status).toBe(0);
  expect(await doctor(world)).toEqual({ rows: [], status: 0 });
  return rows[0] as DoctorRow;
}

async function dispatched(world: World): Promise<{ id: string; session: string; worktree: string; branch: string }> {
  const [task] = await world.json<{ id: string }[]>('task', 'ready');
  await world.json('dispatch', task?.id ?? '');
  return until('the run is over', async () => {
    const [run] =
      await world.json<{ id: string; status: string; session: string; worktree: string; branch: string }[]>('runs');
    return run?.status === 'done' && run;
  });
}

/** A run whose program goes on: it counts as at work before its session is there. */
async function atWork(world: World): Promise<{ id: string; worktree: string }> {
  world.configure({ ada: { script: '#!/bin/sh\nsleep 600\n' } }, 'stealth');
  const [task] = await world.json<{ id: string }[]>('task', 'ready');
  await world.json('dispatch', task?.id ?? '');
  await until('its program runs', async () => (await world.json<{ pid: number | null }[]>('session', 'list'))[0]?.pid);
  const [run] = await world.json<{ id: string; status: string; worktree: string }[]>('runs');
  expect(run?.status).toBe('working');
  return run as { id: string; worktree: string };
}

test('all is well in a new project, in one that has worked, and outside of any', async () => {
  await using world = await worldWithTasks();
  expect(await doctor(world)).toEqual({ rows: [], status: 0 });
  await dispatched(world);
  expect(await doctor(world)).toEqual({ rows: [], status: 0 });
  const { status, stdout } = await world.forgeIn(world.root, 'doctor');
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'All is well.\n' });
});

test('what is found is told with why it matters and what to do', async () => {
  await using world = await worldWithTasks();
  chmodSync(join(world.repository, '.forge/forge.db'), 0o644);
  const { status, stdout } = await world.forge('doctor');
  expect(status).toBe(5);
  expect(stdout).toContain('✗ private-files: Others may read or change');
  expect(stdout).toContain('--fix: Takes the rights of others away');
  const { stdout: mended } = await world.forge('doctor', '--fix');
  expect(mended).toContain('Mended. Its mode was 644 and is 600.');
  expect(statSync(join(world.repository, '.forge/forge.db')).mode & 0o777).toBe(0o600);
});

describe('a database', () => {
  const file = (world: World) => join(world.repository, '.forge/forge.db');
  const broken = (world: World) =>
    readdirSync(join(world.repository, '.forge')).filter((name) => /broken-\d+$/.test(name));

  test.each([
    ['is empty', (path: string) => truncateSync(path)],
    ['is another file', (path: string) => writeFileSync(path, 'Not a database at all. '.repeat(500))],
    ['has lost its end', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)],
  ])('that %s comes back, with the tasks', async (_what, damage) => {
    await using world = await worldWithTasks();
    const tasks = await world.json('task', 'list');
    damage(file(world));
    const before = readFileSync(file(world));
    const row = await isMended(world, 'database');
    expect(row.did).toContain('The new one has 1 task and');
    expect(await world.json('task', 'list')).toEqual(tasks);
    const [kept = ''] = broken(world);
    expect(readFileSync(join(world.repository, '.forge', kept))).toEqual(before);
  });

  test('that was overwritten while a supervisor had it open comes back: from who has it open, or what can be read of it', async () => {
    await using world = await worldWithTasks();
    await dispatched(world);
    for (const side of ['-wal', '-shm']) rmSync(`${file(world)}${side}`, { force: true });
    writeFileSync(file(world), 'Not a database at all. '.repeat(500));
    await doctor(world, '--fix');
    expect(await doctor(world)).toEqual({ rows: [], status: 0 });
    await world.json('task', 'add', 'Another');
    expect(await world.json<unknown[]>('task', 'list', '--all')).toHaveLength(2);
    expect((await dispatched(world)).id).toMatch(/-1$/);
  });

  test('that is damaged in its middle comes back with the runs that can be read', async () => {
    await using world = await worldWithTasks();
    const run = await dispatched(world);
    await world.forge('host', 'stop', '--force');
    const sqlite = new Sqlite(file(world));
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    const page = sqlite.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'tasks'").pluck().get() as number;
    sqlite.close();
    const bytes = readFileSync(file(world));
    bytes.fill(0xee, (page - 1) * 4096, page * 4096);
    writeFileSync(file(world), bytes);
    await isMended(world, 'database');
    expect((await world.json<{ id: string; status: string }[]>('runs')).map(({ id, status }) => [id, status])).toEqual([
      [run.id, 'done'],
    ]);
    expect((await world.json<unknown[]>('task', 'list', '--all')).length).toBe(1);
    expect((await world.forge('run', 'replay', run.id)).status).toBe(0);
  });

  test('of a newer Forge is left as it is', async () => {
    await using world = await worldWithTasks();
    const sqlite = new Sqlite(file(world));
    sqlite.pragma('user_version = 999');
    sqlite.close();
    const { rows, status } = await doctor(world, '--fix');
    expect(states(rows)).toEqual([['database', 'person']]);
    expect({ status, kept: broken(world) }).toEqual({ status: 5, kept: [] });
  });
});

describe('tasks.jsonl', () => {
  test('lines that cannot be read go to a file beside it', async () => {
    await using world = await worldWithTasks();
    const path = join(world.repository, '.forge/tasks.jsonl');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, `${whole}{"id":"fg-torn","tit\n`);
    await isMended(world, 'task-file');
    expect(readFileSync(path, 'utf8')).toBe(whole);
    expect(readFileSync(`${path}.bad`, 'utf8')).toContain('{"id":"fg-torn","tit');
  });

  test('a conflict of a merge is for a person', async () => {
    await using world = await worldWithTasks();
    const path = join(world.repository, '.forge/tasks.jsonl');
    const text = `<<<<<<< ours\n${readFileSync(path, 'utf8')}=======\n>>>>>>> theirs\n`;
    writeFileSync(path, text);
    expect(states((await doctor(world, '--fix')).rows)).toEqual([['task-file', 'person']]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

test('a run whose snapshot cannot be read is replayed from its events, and goes on', async () => {
  await using world = await worldWithTasks();
  const run = await atWork(world);
  const sqlite = new Sqlite(join(world.repository, '.forge/forge.db'));
  sqlite.prepare(`UPDATE run_snapshots SET snapshot = '{"value":"dreaming"}'`).run();
  sqlite.close();
  expect((await world.forge('run', 'replay', run.id)).status).toBe(5);
  expect((await world.forge('pause', run.id)).status).not.toBe(0);
  const { did } = await isMended(world, 'snapshots');
  expect(did).toMatch(/^It is working again, as its \d+ events say\.$/);
  const [last] = (
    await world.json<{ type: string; payload: { before: { snapshot: string } } }[]>('run', 'show', run.id, '--events')
  ).slice(-1);
  expect(last).toMatchObject({ type: 'run.mended', payload: { before: { snapshot: '{"value":"dreaming"}' } } });
  expect((await world.forge('pause', run.id)).status).toBe(0);
});

test('a run that was at work when all was killed is found and paused', async () => {
  await using world = await worldWithTasks();
  await atWork(world);
  await world.killAll();
  const before = await doctor(world);
  expect(before.rows.map(({ check }) => check)).toContain('sockets');
  await doctor(world, '--fix');
  const [run] = await world.json<{ status: string }[]>('runs');
  expect(run?.status).toBe('paused');
});

test('programs that wait for a session host get one', async () => {
  await using world = await worldWithTasks();
  await atWork(world);
  const { supervisor, sessionHost } = await world.json<Record<string, { pid: number }>>('host', 'status');
  process.kill(supervisor?.pid ?? 0, 'SIGKILL');
  process.kill(sessionHost?.pid ?? 0, 'SIGKILL');
  const { rows } = await doctor(world);
  expect(rows.map(({ check }) => check)).toContain('orphan-keepers');
  const fixed = await doctor(world, '--fix');
  expect(fixed.rows.find(({ check }) => check === 'orphan-keepers')).toMatchObject({
    state: 'mended',
    did: 'A session host runs and has 1 live sessions.',
  });
});

test('an orphan worktree is kept in a ref and goes', async () => {
  await using world = await worldWithTasks();
  const run = await dispatched(world);
  await world.forge('host', 'stop', '--force');
  // As after a folder that was lost, with its backups: from those it would come back.
  rmSync(join(world.root, 'f/backups'), { recursive: true });
  for (const name of ['forge.db', 'forge.db-wal', 'forge.db-shm', 'tasks.jsonl']) {
    rmSync(join(world.repository, '.forge', name), { force: true });
  }
  await world.json('task', 'list');
  writeFileSync(join(run.worktree, 'later.txt'), 'more\n');
  const { did } = await isMended(world, 'orphan-worktrees');
  expect(existsSync(run.worktree)).toBe(false);
  const ref = /refs\/forge\/kept\/\S+?(?=\.? |\.$)/.exec(did ?? '')?.[0] ?? '';
  expect(world.git('show', `${ref}:later.txt`)).toBe('more\n');
  expect(world.git('show', `${ref}:untracked.txt`)).toBe('new\n');
});

test('a branch of a task that nobody knows is kept in a ref and goes', async () => {
  await using world = await worldWithTasks();
  world.git('branch', 'forge/fg-gone');
  const commit = world.git('rev-parse', 'main').trim();
  const { did } = await isMended(world, 'orphan-branches');
  expect(did).toBe('Its commit is kept at refs/forge/kept/orphan-fg-gone/1.');
  expect(world.git('rev-parse', 'refs/forge/kept/orphan-fg-gone/1').trim()).toBe(commit);
});

test('a lock that a killed git left is moved to the backups, a fresh one is not', async () => {
  await using world = await worldWithTasks();
  const lock = join(world.repository, '.git/config.lock');
  writeFileSync(lock, '');
  expect(await doctor(world)).toEqual({ rows: [], status: 0 });
  utimesSync(lock, new Date(0), new Date(0));
  const { did } = await isMended(world, 'locks');
  expect(existsSync(/It is (.+) now\./.exec(did ?? '')?.[1] ?? '')).toBe(true);
});

test('a recording of no session is moved to the backups', async () => {
  await using world = await worldWithTasks();
  await dispatched(world);
  const folder = join(world.root, 'f/sessions/fg-none-1.abcd');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'a.cast'), 'x');
  const { did } = await isMended(world, 'recordings');
  expect(readFileSync(join(/It is (.+) now\./.exec(did ?? '')?.[1] ?? '', 'a.cast'), 'utf8')).toBe('x');
});

test('a missing agent and a worktree that is gone are for a person', async () => {
  await using world = await worldWithTasks();
  const run = await atWork(world);
  renameSync(run.worktree, `${run.worktree}-moved`);
  rmSync(join(world.root, 'agents/ada.sh'));
  const { rows, status } = await doctor(world, '--fix');
  expect(states(rows)).toEqual([
    ['missing-worktrees', 'person'],
    ['missing-agents', 'person'],
  ]);
  expect(rows.every(({ next }) => next !== null)).toBe(true);
  expect(status).toBe(5);
});

test('secrets that stand in the settings of the project are named, and not shown', async () => {
  await using world = await worldWithTasks();
  const own = {
    adapter: 'command',
    command: ['true'],
    env: { API_KEY: 'sk-abcdefgh12345678', MODEL: 'm', NAMED: '${HOME}' },
  };
  const workers = [{ name: 'ada', agent: 'own', env: { TOKEN: 'of-ada' } }];
  world.write('.forge/config.yaml', JSON.stringify({ prefix: 'fg', mode: 'stealth', agents: { own }, workers }));
  const { rows, status } = await doctor(world, '--fix');
  const file = join(world.repository, '.forge/config.yaml');
  expect(rows.map(({ check, state, what }) => ({ check, state, what }))).toEqual(
    ['API_KEY in agents.own.env', 'TOKEN in the worker ada'].map((where) => ({
      ...{ check: 'written-secrets', state: 'person', what: `${file}: ${where} seems to be a secret as it stands.` },
    })),
  );
  expect(JSON.stringify(rows)).not.toMatch(/sk-|of-ada/);
  expect(status).toBe(5);
});

test('a socket that nobody listens on is moved away', async () => {
  await using world = await worldWithTasks();
  await dispatched(world);
  await world.forge('host', 'stop', '--force');
  const path = join(world.root, 'f/run/supervisor.sock');
  const server = createServer();
  await new Promise<void>((done) => void server.listen(path, done));
  // As a kill leaves it: the file stays.
  renameSync(path, `${path}.kept`);
  await new Promise((done) => server.close(done));
  renameSync(`${path}.kept`, path);
  await isMended(world, 'sockets');
  expect(existsSync(path)).toBe(false);
});
