import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { backupsIn } from '../../src/backups/backup-folder.ts';
import { ProjectWorld } from '../support/project-world.ts';
import { seededRandom } from '../support/random.ts';
import { until } from '../support/until.ts';

const entry = join(import.meta.dirname, '../support/restore-entry.ts');
const random = seededRandom(7);
/** A round takes some ms, on a busy machine more. */
const roundMs = 120;

const newest = (folder: string) => backupsIn(folder)[0]?.name;

/** Kills a process that backs up and restores, at a random moment. */
async function killedAtRestoring(world: ProjectWorld): Promise<void> {
  const folder = join(world.paths.backupsDirectory, 'shop');
  const before = newest(folder);
  const child = spawn(process.execPath, [entry, world.root, folder], { stdio: 'ignore' });
  await until('it has begun', () => newest(folder) !== before);
  await pause(random() * roundMs);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('killed at any moment of a restore: everything is there, and each backup is whole', async () => {
  const world = await ProjectWorld.make('stealth');
  for (const title of ['a', 'b']) await world.run(({ store }) => store.tasks.add({ title }));
  const folder = join(world.paths.backupsDirectory, 'shop');
  for (let n = 0; n < 6; n++) {
    await killedAtRestoring(world);
    expect(await world.titles()).toEqual(['a', 'b']);
  }
  for (const name of readdirSync(folder).filter((each) => !each.endsWith('.tmp'))) {
    expect(existsSync(join(folder, name, 'config.yaml')), name).toBe(true);
    const sqlite = new Sqlite(join(folder, name, 'forge.db'), { readonly: true });
    expect(sqlite.pragma('integrity_check', { simple: true }), name).toBe('ok');
    sqlite.close();
  }
});

test('killed at any moment of a restore while another process has the database open: nothing that it wrote is lost', async () => {
  const world = await ProjectWorld.make('stealth');
  await world.run(({ store }) => store.tasks.add({ title: 'a' }));
  const supervisor = await world.open();
  const titles = ['a'];
  for (let n = 0; n < 5; n++) {
    await killedAtRestoring(world);
    supervisor.store.tasks.add({ title: `t${n}` });
    titles.push(`t${n}`);
    supervisor.store.sync();
    supervisor.backups.make(supervisor.store);
    expect(supervisor.store.tasks.list().map(({ title }) => title)).toEqual(titles);
  }
  supervisor.dispose();
  expect(await world.titles()).toEqual(titles);
});
