import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupsIn } from '../../src/backups/backup-folder.ts';
import { BatchBackups } from '../../src/main/batch-backups.ts';
import type { Batches } from '../../src/ports/batches.ts';
import { ProjectWorld } from '../support/project-world.ts';

async function withBatch() {
  const world = await ProjectWorld.make('stealth');
  const { batchesFile, batchBackupsDirectory } = world.paths;
  await world.run(({ batches }) => batches.create('spring', []));
  const names = () => world.run(({ batches }) => batches.list().map(({ name }) => name));
  const copies = () =>
    backupsIn(batchBackupsDirectory).map(({ path }) => readFileSync(join(path, 'batches.jsonl'), 'utf8'));
  const restore = (from: string | null, isDryRun = false) =>
    new BatchBackups(world.paths, (line) => world.said.push(line)).restore(from, isDryRun);
  return { world, file: batchesFile, names, copies, restore };
}

test('a file of batches that is removed or emptied comes back with the next command, which says so', async () => {
  const { world, file, names } = await withBatch();
  for (const lose of [() => rmSync(file), () => writeFileSync(file, '')]) {
    lose();
    expect(await names()).toEqual(['spring']);
    expect(world.said.splice(0)).toEqual([
      expect.stringMatching(/batches\.jsonl had been removed and came back from the backup of \ds ago\.$/),
    ]);
  }
  expect(await names()).toEqual(['spring']);
  expect(world.said).toEqual([]);
});

test('whoever has it open puts it back before a change, so that the change is not all that there is', async () => {
  const { world, file, names } = await withBatch();
  await world.run(async ({ batches }: { batches: Batches }) => {
    rmSync(file);
    await batches.create('autumn', []);
  });
  expect(await names()).toEqual(['spring', 'autumn']);
});

test('every change is a backup, by hand too; looking is none', async () => {
  const { world, file, names, copies } = await withBatch();
  const first = readFileSync(file, 'utf8');
  const byHand = `${first.replace('}\n', ',"later":1}\n')}no batch\n`;
  writeFileSync(file, byHand);
  await names();
  await names();
  await world.run(({ batches }) => batches.create('autumn', []));
  expect(copies()).toEqual([readFileSync(file, 'utf8'), byHand, first]);
  expect(copies()[0]).toContain('"later":1}');
  expect(copies()[0]).toContain('no batch\n');
});

test('an older backup is put back by name, a dry run says so first, and what was there is kept', async () => {
  const { world, file, names, restore } = await withBatch();
  const [first] = backupsIn(world.paths.batchBackupsDirectory);
  await world.run(({ batches }) => batches.create('autumn', []));
  const now = readFileSync(file, 'utf8');
  const change = { files: [{ name: 'batches.jsonl', change: 'replaced' }] };
  expect(await restore(first?.name ?? '', true)).toMatchObject({ ...change, kept: null });
  expect(readFileSync(file, 'utf8')).toBe(now);
  const { kept } = await restore(first?.name ?? '');
  expect(await names()).toEqual(['spring']);
  await restore(kept);
  expect(await names()).toEqual(['spring', 'autumn']);
  await expect(restore('2001')).rejects.toThrow('There is no backup 2001');
});
