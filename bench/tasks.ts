import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Task } from '../src/domain/task.ts';
import { taskLine } from '../src/domain/task-line.ts';
import { parseTaskQuery } from '../src/domain/task-query.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { byUrgencySql, isReadySql, selectTasks, waitsOutsideSql } from '../src/store/task-row.ts';
import { timeToExit } from './command-time.ts';
import { type Figure, inTurn, noFigure } from './figure.ts';
import { isQuick } from './options.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';

const taskCount = isQuick ? 10_000 : 100_000;
const dependencyCount = taskCount * 1.5;
const rounds = isQuick ? 3 : 11;
/** Of the quick statements, so many are one sample: the peer is a program, whose start is taken off. */
const together = 50;
const page = 50;
/** Processes at once. */
const lanes = 8;

/** A large task graph, beside the bare `sqlite3` program with the same statement on the same file. */
export async function measure(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'forge-bench-'));
  try {
    const lines = linesOf(taskCount);
    const directory = join(root, 'store');
    mkdirSync(directory);
    const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: false });
    const startedAt = performance.now();
    store.imports.lines(lines, false);
    const imported: Figure = {
      ...{ name: `import of ${taskCount} lines`, peer: 'none: under 5 s', theirs: [] },
      ours: [performance.now() - startedAt],
    };
    const inProcess = await besideSqlite(store, join(directory, 'forge.db'));
    store.dispose();
    const mirrored = join(root, 'mirrored');
    const commands = await asCommands(lines);
    return [imported, ...inProcess, ...commands, await withFile(mirrored, lines), await inStores(mirrored)];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function linesOf(count: number): string {
  const id = (n: number) => `fg-${n.toString(36).padStart(5, '0')}`;
  let left = dependencyCount;
  return Array.from({ length: count }, (_, n) => {
    const dependsOn = [1, 7, 31].map((back) => n - back).filter((other) => other >= 0 && n % 2 === 1);
    left -= dependsOn.length;
    return taskLine({
      ...{ id: id(n), title: `Task ${n} of the shop`, body: `It is about word${n % 997} and login${n % 13}.` },
      ...{ status: n % 10 < 4 ? 'closed' : 'open', priority: n % 5, labels: [`l${n % 20}`], parent: null },
      ...{ dependsOn: left < -3 ? [] : dependsOn.map(id), createdAt: 1e12 + n, updatedAt: 1e12 + n, closedAt: null },
    } as Task);
  }).join('\n');
}

interface Claim {
  name: string;
  ours: (store: Store, n: number) => unknown;
  /** A statement of the same. */
  sql: (n: number) => string;
}

const q = (text: string) => `'${text.replaceAll("'", "''")}'`;
const insert = (n: number) => `BEGIN IMMEDIATE;
  INSERT INTO tasks (id, title, body, status, priority, labels, created_at, updated_at, extra) VALUES
    ('x-' || lower(hex(randomblob(8))), 'One more ${n}', '', 'open', 2, '[]', 1e12, 1e12, '{}'); COMMIT;`;

const claims: Claim[] = [
  { name: 'task add', ours: ({ tasks }, n) => tasks.add({ title: `One more ${n}` }), sql: insert },
  {
    name: `ready, ${page}`,
    ours: ({ tasks }) => tasks.ready({ limit: page }),
    sql: () => `${selectTasks} WHERE ${isReadySql} ORDER BY ${byUrgencySql} LIMIT ${page};`,
  },
  {
    name: `list of a page, ${page}`,
    ours: ({ tasks }) => tasks.select(parseTaskQuery('status:open'), { limit: page, offset: 100 }),
    sql: () => `${selectTasks} WHERE t.status = 'open' ORDER BY ${byUrgencySql} LIMIT ${page} OFFSET 100;`,
  },
  {
    name: 'search',
    ours: ({ tasks }, n) => tasks.search(`word${n % 997}`, { limit: 20, isAll: false }),
    sql: (n) => `${selectTasks} JOIN task_numbers n ON n.task = t.id JOIN task_words w ON w.rowid = n.number
      WHERE task_words MATCH ${q(`"word${n % 997}"*`)} AND t.status = 'open'
      ORDER BY bm25(task_words, 8, 8, 2, 4, 1), t.id LIMIT 20;`,
  },
  {
    name: 'dep add, with its check',
    ours: ({ tasks }, n) => tasks.addDependency(idAt(taskCount - 1 - (n % 1000)), idAt(n % 5000)),
    sql: (n) => `BEGIN IMMEDIATE;
      WITH RECURSIVE behind (id) AS (SELECT ${q(idAt(n % 5000))} UNION
        SELECT depends_on FROM task_dependencies JOIN behind ON task = behind.id)
      SELECT 1 FROM behind WHERE id = ${q(idAt(taskCount - 1 - (n % 1000)))} LIMIT 1;
      INSERT OR IGNORE INTO task_dependencies VALUES (${q(idAt(taskCount - 1 - (n % 1000)))}, ${q(idAt((n + 1) % 5000))}, 9);
      COMMIT;`,
  },
];

const idAt = (n: number) => `fg-${n.toString(36).padStart(5, '0')}`;

async function besideSqlite(store: Store, file: string): Promise<Figure[]> {
  const peer = 'sqlite3, the same statement on the same file';
  if (spawnSync('sqlite3', ['--version']).status !== 0) {
    return claims.map(({ name }) => noFigure(name, peer, 'there is no program sqlite3 here'));
  }
  const figures: Figure[] = [];
  let n = 0;
  for (const { name, ours, sql } of claims) {
    const many = <T>(make: (n: number) => T) => Array.from({ length: together }, () => make(n++));
    const samples = await inTurn(
      rounds,
      () => timed(() => many((number) => ours(store, number))) / together,
      () => (bare(file, many(sql)) - bare(file, [])) / together,
    );
    figures.push({ name: `${name}, ${taskCount} there`, peer, ...samples, aim: '3 x' });
  }
  return figures;
}

/** Ms of the program with these statements, what it prints thrown away. */
function bare(file: string, statements: string[]): number {
  const input = ['PRAGMA synchronous = FULL;', 'PRAGMA foreign_keys = ON;', '.timeout 5000', ...statements]
    .join('\n')
    // It knows no other projects.
    .replaceAll(waitsOutsideSql, 'FALSE');
  return timed(() => {
    const { status } = spawnSync('sqlite3', ['-bail', file], { input, stdio: ['pipe', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`sqlite3 ended with ${status}`);
  });
}

/** Commands in a project with all these tasks, whose file is there too. */
async function asCommands(lines: string): Promise<Figure[]> {
  const world = await ThrowAwayWorld.make();
  try {
    const file = join(world.root, 'many.jsonl');
    writeFileSync(file, lines);
    await world.forge('task', 'import', file);
    const figures: Figure[] = [];
    let n = 0;
    const commands: [name: string, args: () => string[]][] = [
      ['ready', () => ['ready', '--limit', '50']],
      ['list', () => ['list', '--limit', '50']],
      ['search', () => ['search', `word${n++ % 997}`]],
      ['dep add', () => ['dep', 'add', idAt(taskCount - 1 - n++), idAt(n)]],
      ['add', () => ['add', `One more ${n++}`]],
    ];
    for (const [name, args] of commands) {
      const samples = await inTurn(
        rounds,
        () => timeToExit([...forge, 'task', ...args()], world),
        () => timeToExit([process.execPath, '-e', '0'], world),
      );
      figures.push({
        name: `forge task ${name}, ${taskCount} there`,
        peer: 'node -e 0',
        ...samples,
        aim: '60 ms more',
      });
    }
    return [...figures, await atOnce(world)];
  } finally {
    await world.dispose();
  }
}

/** Several processes that add tasks, each one after the other: how long each takes, beside one that is alone. */
async function atOnce(world: ThrowAwayWorld): Promise<Figure> {
  const directory = join(world.repository, '.forge');
  const count = () => {
    const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: false });
    const tasks = store.tasks.count();
    store.dispose();
    return tasks;
  };
  const addSome = async (lane: number) => {
    const times: number[] = [];
    for (let n = 0; n < rounds; n++) {
      times.push(await timeToExit([...forge, 'task', 'add', `Of ${lane}, the ${n}th`], world));
    }
    return times;
  };
  const theirs = await addSome(0);
  const before = count();
  const ours = (await Promise.all(Array.from({ length: lanes }, (_, lane) => addSome(lane + 1)))).flat();
  const lost = before + lanes * rounds - count();
  const name = `forge task add by ${lanes} at once, ${taskCount} there`;
  // One that is refused ends with another status than 0, which fails here.
  return { name, peer: 'one alone', ours, theirs, beside: `${lost} of ${lanes * rounds} lost, none refused` };
}

/** What keeping the file in step costs a change. */
async function withFile(directory: string, lines: string): Promise<Figure> {
  mkdirSync(directory);
  const file = join(directory, 'tasks.jsonl');
  writeFileSync(file, lines);
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  const copy = join(directory, 'copy');
  const samples = await inTurn(
    rounds,
    () => timed(() => store.tasks.add({ title: 'One more' })),
    () => timed(() => writeFileSync(copy, lines, { flush: true })),
  );
  store.dispose();
  return { name: `task add with tasks.jsonl, ${taskCount} there`, peer: 'writing the file alone', ...samples };
}

/** Several processes with the store open, which add tasks as quickly as they can. */
async function inStores(directory: string): Promise<Figure> {
  const count = together;
  const adder = async () => {
    const script = join(import.meta.dirname, '../test/support/task-adder.ts');
    const child = spawn(process.execPath, [script, directory, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(await text(child.stdout)) as number[];
  };
  const theirs = await adder();
  const ours = (await Promise.all(Array.from({ length: lanes }, adder))).flat();
  return { name: `task add in ${lanes} stores at once, ${taskCount} there`, peer: 'in one alone', ours, theirs };
}

function timed(act: () => unknown): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}
