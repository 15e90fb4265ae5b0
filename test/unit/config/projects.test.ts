import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProjectRegistry } from '../../../src/config/projects.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forge-projects-'));
  file = join(folder, 'projects.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('names come from folders and are unique; registering again changes nothing', async () => {
  const registry = openProjectRegistry(file);
  const first = await registry.register({ path: '/a/My App', prefix: 'ma' });
  expect(first).toEqual({ name: 'my-app', path: '/a/My App', prefix: 'ma', id: expect.any(String) });
  expect((await registry.register({ path: '/b/my-app', prefix: 'mb' })).name).toBe('my-app-2');
  expect(await registry.register({ path: '/a/My App', prefix: 'ma' })).toEqual(first);
  expect(
    openProjectRegistry(file)
      .list()
      .map((project) => project.name),
  ).toEqual(['my-app', 'my-app-2']);
  expect(registry.find('/b/my-app')?.prefix).toBe('mb');
  expect(await registry.remove('my-app')).toBe(true);
  expect(await registry.remove('my-app')).toBe(false);
  expect(readdirSync(folder)).toEqual(['projects.yaml']);
});

test('many registrations at once all stay', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `p${n}`);
  await Promise.all(names.map((name) => openProjectRegistry(file).register({ path: `/x/${name}`, prefix: 'xx' })));
  expect(
    openProjectRegistry(file)
      .list()
      .map((project) => project.name)
      .sort(),
  ).toEqual([...names].sort());
});

test('the lock of a dead process is taken over', async () => {
  writeFileSync(`${file}.lock`, '4194304999');
  await openProjectRegistry(file).register({ path: '/x/y', prefix: 'xx' });
  expect(readdirSync(folder)).toEqual(['projects.yaml']);
});

test('a broken registry is an error that names it and stays as it was', async () => {
  writeFileSync(file, 'projects: 7\n');
  await expect(openProjectRegistry(file).register({ path: '/x', prefix: 'xx' })).rejects.toThrow(`${file}: projects`);
});
