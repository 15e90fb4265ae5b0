import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import { World } from '../support/world.ts';

let world: World;
let id: string;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  id = (await world.json<Task>('task', 'add', 'Bake bread')).id;
});
afterEach(() => world.dispose());

/** `forge task edit ID` in a terminal, where the editor is this shell script; $1 is the file. */
function edit(script: string) {
  world.write('../editor', `#!/bin/sh\n${script}\n`);
  mkdirSync(`${world.root}/tmp`);
  return world.open(['task', 'edit', id], { env: { VISUAL: `sh ${world.root}/editor`, TMPDIR: `${world.root}/tmp` } });
}

test('a task is changed in an editor; what is wrong with it is said there, and can be mended', async () => {
  const terminal = edit(
    'grep -q "#! priority" "$1" && sed -i "s/^priority: .*/priority: 1/" "$1" || sed -i "s/^priority: .*/priority: x/" "$1"',
  );
  await terminal.sees(/priority +1/);
  expect(await world.json<Task>('task', 'show', id)).toMatchObject({ title: 'Bake bread', priority: 1 });
});

test('an editor that fails changes nothing, and the words say what to do and where the text is', async () => {
  const terminal = edit('sed -i "s/^title: .*/title: Lost/" "$1"; kill -KILL $$');
  await terminal.sees(/The editor “sh .*” .*Nothing was changed\./s);
  await terminal.sees('Set VISUAL or EDITOR');
  const folders = readdirSync(`${world.root}/tmp`).filter((name) => name.startsWith('forge-edit-'));
  expect(folders).toHaveLength(1);
  expect(readFileSync(`${world.root}/tmp/${folders[0]}/${id}.md`, 'utf8')).toContain('title: Lost');
  expect(await world.json<Task>('task', 'show', id)).toMatchObject({ title: 'Bake bread' });
});
