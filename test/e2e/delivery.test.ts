import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RadarView } from '../../src/domain/overlap.ts';
import { scriptedCodeHost } from '../support/scripted-code-host.ts';
import { configureScript, dispatchTask, reachesStatus, type ShownRun } from '../support/scripted-runs.ts';
import { key } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
let remote: string;
beforeEach(async () => {
  world = new World({ files: { 'recipe.txt': 'flour\nwater\nsalt\n' } });
  remote = join(world.root, 'remote.git');
  world.git('init', '-q', '--bare', '-b', 'main', remote);
  world.git('remote', 'add', 'origin', remote);
  world.git('push', '-q', 'origin', 'main');
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

/** Two workers whose agent is a script. */
const configure = (script: string, ...settings: string[]) => configureScript(world, 2, script, ...settings);
const dispatch = (title: string) => dispatchTask(world, title);
const reaches = (run: string, status: string) => reachesStatus(world, run, status);

async function killSupervisor(): Promise<void> {
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
}

function remoteHook(name: string, script: string): void {
  mkdirSync(join(remote, 'hooks'), { recursive: true });
  writeFileSync(join(remote, 'hooks', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(remote, 'hooks', name), 0o755);
}

test('of two that change the same line the first is asked about, then merged; the second has to take that in', async () => {
  configure(
    'echo "$FORGE_TASK" > recipe.txt; until test -e "$FORGE_WORKTREE_GO"; do sleep 0.1; done'.replace(
      '$FORGE_WORKTREE_GO',
      join(world.root, 'go'),
    ),
    'delivery: branch',
  );
  const bread = await dispatch('Bread');
  const cake = await dispatch('Cake');
  const radar = await until('the radar sees both', async () => {
    const view = await world.json<RadarView>('radar');
    return view.overlaps.length > 0 && view;
  });
  expect(radar.overlaps).toEqual([
    {
      between: [bread, cake],
      conflicts: true,
      files: [{ path: 'recipe.txt', conflicts: true, lines: [[[1, 1]], [[1, 1]]] }],
    },
  ]);
  expect(radar.order.map(({ run, conflicts }) => [run, conflicts?.files ?? null])).toEqual([
    [bread, null],
    [cake, ['recipe.txt']],
  ]);
  expect((await world.forge('radar')).stdout).toContain('Order of merging');
  const terminal = world.open(['tui'], { cols: 120, rows: 36 });
  await terminal.sees(/Bread +≠/);
  await terminal.sees(/Cake +≠/);
  terminal.press('o');
  await terminal.sees('Who touches what');
  await terminal.sees(new RegExp(`≠ recipe.txt {2}${bread}: 1; ${cake}: 1`));
  await terminal.sees(new RegExp(`2\\. ${cake} {2}conflicts with ${bread} in recipe.txt`));
  terminal.press(key.escape);

  writeFileSync(join(world.root, 'go'), '');
  const paused = await reaches(bread, 'paused');
  await reaches(cake, 'paused');
  expect(paused.reason).toContain(
    `conflicts in recipe.txt. Resumed, its agent resolves that; accepted, it is delivered all the same.`,
  );
  await world.forge('approve', bread);
  const awaiting = await reaches(bread, 'awaiting');
  await terminal.sees(/◇ Bread/);
  terminal.press('q');
  world.git('merge', '-q', '--squash', awaiting.branch as string);
  world.git('commit', '-q', '-m', 'Bread, squashed');
  expect((await reaches(bread, 'done')).reason).toContain('was merged');

  await world.forge('approve', cake);
  const refused = await until('it is refused for what the branch has now', async () => {
    const shown = await world.json<ShownRun>('run', 'show', cake);
    return shown.status === 'paused' && shown.events.at(-1)?.payload.against === 'main' && shown;
  });
  expect(world.git('log', '--format=%s', 'main')).toBe('Bread, squashed\nFirst\n');
  // What an agent would do that is told of it.
  const tree = refused.worktree as string;
  const inTree = (...args: string[]) => world.git('-C', tree, ...args);
  inTree('merge', '-q', '-X', 'ours', '-m', 'Both', 'main');
  await world.forge('approve', cake);
  const out = await reaches(cake, 'awaiting');
  world.git('merge', '-q', '--no-edit', out.branch as string);
  await reaches(cake, 'done');
});

test('resumed after a conflict, the agent is told what conflicts with what, and its answer is delivered', async () => {
  const told = join(world.root, 'told.txt');
  configure(
    `case "$FORGE_PROMPT" in
  *"does not merge"*) printf %s "$FORGE_PROMPT" > ${told}; git merge -q -X ours -m Both main ;;
  *) echo cake > recipe.txt; git commit -qam Cake; touch ${join(world.root, 'committed')}; until test -e ${join(world.root, 'go')}; do sleep 0.1; done ;;
esac`,
    'delivery: branch',
  );
  const cake = await dispatch('Cake');
  await until('the agent has committed', () => existsSync(join(world.root, 'committed')));
  world.write('recipe.txt', 'bread\n');
  world.git('commit', '-q', '-am', 'Bread');
  writeFileSync(join(world.root, 'go'), '');
  expect((await reaches(cake, 'paused')).reason).toContain('It does not merge with main: conflicts in recipe.txt.');
  await world.forge('resume', cake);
  const awaiting = await reaches(cake, 'awaiting');
  expect(readFileSync(told, 'utf8')).toContain(
    'does not merge with main: both changed recipe.txt. Merge main into your branch',
  );
  world.git('merge', '-q', '--ff-only', awaiting.branch as string);
  expect(readFileSync(join(world.repository, 'recipe.txt'), 'utf8')).toBe('cake\n');
  await reaches(cake, 'done');
});

test('killed while it pushes, the supervisor pushes again: one commit, one branch, one run', async () => {
  configure('echo bread > bread.txt', 'delivery: branch', 'deliverTo: { push: true }');
  remoteHook('post-receive', `echo >> "${world.root}/received"; sleep 3`);
  const run = await dispatch('Bread');
  await until('the push has arrived', () => existsSync(join(world.root, 'received')));
  await killSupervisor();
  const awaiting = await reaches(run, 'awaiting');
  expect(awaiting.reason).toContain('was pushed to origin');
  expect(world.git('--git-dir', remote, 'log', '--format=%an %s', `main..${awaiting.branch}`)).toBe('Ada Bread\n');
  expect(awaiting.events.filter(({ type }) => type === 'delivery.done')).toHaveLength(1);
});

test('killed between making a pull request and telling of it, there is one pull request, and it is followed', async () => {
  const { command, rows } = scriptedCodeHost(world.root);
  const slow = world.write(
    '../slow-host.sh',
    `#!/bin/sh\n${command.map((word) => `"${word}"`).join(' ')} "$1"\n[ "$1" = find ] || sleep 3\n`,
    { isExecutable: true },
  );
  configure('echo bread > bread.txt', 'delivery: pr', `codeHost: { command: [${JSON.stringify(slow)}] }`);
  const run = await dispatch('Bread');
  await until('the pull request is there', () => rows().length > 0);
  await killSupervisor();
  const awaiting = await reaches(run, 'awaiting');
  expect(rows().map(({ branch, base, title }) => ({ branch, base, title }))).toEqual([
    { branch: awaiting.branch, base: 'main', title: 'Bread' },
  ]);
  expect(awaiting.reason).toContain('https://host.example/pull/1');
});

test('a pull request without a code host says what to set up, and comes through once it is', async () => {
  configure('echo bread > bread.txt', 'delivery: pr');
  const run = await dispatch('Bread');
  expect((await reaches(run, 'paused')).reason).toContain('codeHost.command');
  const { command, rows } = scriptedCodeHost(world.root);
  configure('echo bread > bread.txt', 'delivery: pr', `codeHost: { command: ${JSON.stringify(command)} }`);
  await until('the settings are read', async () => {
    await world.forge('resume', run);
    return rows().length > 0;
  });
  await reaches(run, 'awaiting');
});

test('a patch in stealth is outside of the repository, and in standard hidden from git', async () => {
  for (const [mode, folder] of [
    ['standard', join(world.repository, '.forge', 'patches')],
    ['stealth', join(world.env.FORGE_HOME as string, 'patches', 'shop')],
  ]) {
    configure('echo "$FORGE_TASK" > bread.txt', 'delivery: patch', `mode: ${mode}`);
    let run = '';
    await until('the settings are read', async () => {
      run = await dispatch('Bread');
      const done = await reaches(run, 'done');
      return done.reason.includes(folder as string);
    });
    expect(readFileSync(join(folder as string, `${run}.patch`), 'utf8')).toContain('Subject: [PATCH] Bread');
    expect(world.git('status', '--porcelain', '--', '.forge/patches')).toBe('');
  }
});

test('a run that has ended is delivered in another way, and its questions are answered by asking again', async () => {
  configure(`until [ -e ${world.root}/go ]; do sleep 0.1; done; echo bread > bread.txt`, 'delivery: commit');
  const run = await dispatch('Bread');
  expect(await world.forge('deliver', run)).toMatchObject({ status: 4 });
  world.write('../go', '');
  await reaches(run, 'done');
  const patch = await world.json<{ type: string; patch: string }>('deliver', run, '--as', 'patch');
  expect(readFileSync(patch.patch, 'utf8')).toContain('Subject: [PATCH] Bread');
  const refused = await world.forge('deliver', run, '--as', 'pr');
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('codeHost.command') });
  world.write('bread.txt', 'cake\n');
  world.git('add', 'bread.txt');
  world.git('commit', '-q', '-m', 'Cake');
  const conflict = await world.forge('deliver', run, '--as', 'branch');
  expect(conflict).toMatchObject({ status: 4, stdout: 'It does not merge with main: conflicts in bread.txt.\n' });
  const { events } = await world.json<ShownRun>('run', 'show', run);
  expect(
    events.flatMap(({ type, payload }) => (type === 'run.delivered' ? [`${payload.kind} ${payload.outcome}`] : [])),
  ).toEqual([...['patch done', 'pr failed', 'branch conflicted']]);
});

test('an agent that gives the remote another address is asked about, also by runs that begin after it', async () => {
  const other = join(world.root, 'other.git');
  world.git('init', '-q', '--bare', other);
  configure(
    `echo "$FORGE_TASK" > "$FORGE_TASK.txt"; git remote set-url origin ${other}`,
    'delivery: branch',
    'deliverTo: { push: true }',
  );
  for (const title of ['Bread', 'Cake']) {
    expect((await reaches(await dispatch(title), 'paused')).reason).toContain(`from ${remote} to ${other}`);
  }
  expect(world.git('--git-dir', other, 'for-each-ref')).toBe('');
});
