import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.dispose());

interface RunJson {
  id: string;
  task: string;
  status: string;
  reason: string;
  session: string;
  worktree: string;
  branch: string;
  filesChanged: number;
  linesAdded: number;
}

interface SessionJson {
  id: string;
  run: string;
  pid: number;
  state: string;
  isLost: boolean;
}

interface Daemons {
  sessionHost: { pid: number };
  supervisor: { pid: number };
}

const worker = `#!/bin/sh
echo "working on: $1"
echo "made by $FORGE_TASK" > work.txt
read answer
echo "you said: $answer"
exit 0
`;

const statusOf = async (run: string) => (await world.json<RunJson[]>('runs')).find((row) => row.id === run);
const reaches = (run: string, status: string) =>
  until(`run ${run} is ${status}`, async () => {
    const row = await statusOf(run);
    return row?.status === status ? row : null;
  });

/** All of a repository that somebody else could see. */
function visible(): Record<string, unknown> {
  const gitDir = join(world.repository, '.git');
  return {
    status: world.git('status', '--porcelain'),
    tracked: world.git('ls-files', '-s'),
    refs: world.git('for-each-ref'),
    config: world.git('config', '--local', '--list'),
    hooks: readdirSync(join(gitDir, 'hooks')),
    attributes: existsSync(join(gitDir, 'info/attributes')),
    ignore: existsSync(join(world.repository, '.gitignore')),
    stash: world.git('stash', 'list'),
  };
}

describe('a working day without the dashboard', () => {
  test('stealth: nothing that a teammate could see changes', async () => {
    const before = visible();
    const report = await world.json<{ mode: string }>('init', '--stealth', '--prefix', 'fg');
    expect(report.mode).toBe('stealth');
    expect(visible()).toEqual(before);
    expect(existsSync(join(world.repository, '.forge/config.yaml'))).toBe(true);

    await world.forge('task', 'add', 'Fix "the" login 🎉');
    expect(visible()).toEqual(before);
  });

  test('a task goes from an idea to a diff', async () => {
    await world.forge('init', '--stealth', '--prefix', 'fg');
    world.configure({ ada: { script: worker } }, 'stealth');
    const first = await world.json<{ id: string }>('task', 'add', 'Write the work file', '--priority', '1');
    const second = await world.json<{ id: string }>('task', 'add', 'Then look at it', '--depends-on', first.id);

    const cycle = await world.forge('task', 'dep', 'add', first.id, second.id);
    expect(cycle.status).toBe(4);
    expect(cycle.stderr).toContain(`${first.id} → ${second.id} → ${first.id}`);
    expect((await world.json<{ id: string }[]>('task', 'ready')).map((task) => task.id)).toEqual([first.id]);
    expect(await world.json('dispatch', second.id)).toMatchObject({
      runs: [{ status: 'queued', reason: `Waits for ${first.id}.` }],
    });
    expect((await world.forge('cancel', second.id)).stdout).toContain('It had not begun.');

    const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', first.id, 'ada');
    const [run] = runs as [RunJson];
    await reaches(run.id, 'working');
    expect((await world.forge('dispatch', first.id)).stderr).toContain('worked on');
    expect((await world.forge('task', 'close', first.id)).status).toBe(4);

    await until('the agent has the task as its prompt', async () =>
      (await world.forge('session', 'screen', 'ada')).stdout.includes('working on: Write the work file'),
    );
    await world.forge('session', 'send', run.id, 'well done');
    const done = await reaches(run.id, 'done');
    expect((await world.forge('session', 'screen', run.id)).stdout).toContain('you said: well done');

    expect(readFileSync(join(done.worktree, 'work.txt'), 'utf8')).toBe(`made by ${first.id}\n`);
    expect(done.branch).toMatch(/^write-the-work-file-/);
    expect((await world.forge('run', 'diff', first.id)).stdout).toContain(`+made by ${first.id}`);
    const shown = await world.json<{ filesChanged: number; linesAdded: number; events: { type: string }[] }>(
      'run',
      'show',
      run.id,
    );
    expect(shown).toMatchObject({ filesChanged: 1, linesAdded: 1 });
    expect(shown.events.map((event) => event.type)).toEqual([
      'run.queued',
      'run.started',
      'worktree.prepared',
      'session.started',
      'session.exited',
      'delivery.done',
    ]);
    // The first task is closed, so the second one is no longer blocked.
    expect((await world.json<{ id: string }[]>('task', 'ready')).map((task) => task.id)).toEqual([second.id]);
  });

  test('session screen prints the rows of the screen to the byte, and nothing else', async () => {
    await world.forge('init', '--stealth', '--prefix', 'fg');
    const script = String.raw`#!/bin/sh
stty -echo
printf '\033[2J\033[2;3H\033[1;31mred\033[m 漢字 e\314\201 🙂   \033[4;1H\033[44m   \033[m\033[5;1H\033]8;;https://a.b/c\033\\link\033]8;;\033\\'
printf '\033[7;99H漢\033[9;100H漢\033[30;1Hthe last   \033[20;1H'
exec cat
`;
    world.configure({ ada: { script } }, 'stealth');
    const { id } = await world.json<{ id: string }>('task', 'add', 'Draw');
    await world.forge('dispatch', id, 'ada');
    const screen = (...flags: string[]) => world.forge('session', 'screen', 'ada', ...flags);
    await until('the last row', async () => (await screen()).stdout.includes('the last'));
    const rows = Array.from({ length: 30 }, () => '');
    rows[1] = '  red 漢字 e\u0301 🙂';
    rows[4] = 'link';
    rows[6] = `${' '.repeat(98)}漢`;
    // What does not fit at the end of the ninth.
    rows[9] = '漢';
    rows[29] = 'the last';
    const printed = () => rows.map((row) => `${row}\n`).join('');
    expect(await screen()).toEqual({ status: 0, stdout: printed(), stderr: '' });
    rows[1] = '  \x1b[0;1;38;5;1mred\x1b[0m 漢字 e\u0301 🙂';
    rows[3] = '\x1b[0;48;5;4m   \x1b[0m';
    expect(await screen('--ansi')).toEqual({ status: 0, stdout: printed(), stderr: '' });
  });

  test('the supervisor is killed at work: the agent goes on, untouched and started once', async () => {
    await world.forge('init', '--prefix', 'fg');
    world.configure({ ada: { script: `#!/bin/sh\necho started >> ${world.root}/starts\nread answer\nexit 0\n` } });
    const task = await world.json<{ id: string }>('task', 'add', 'Survive');
    const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', task.id);
    const [{ id, session }] = runs as [RunJson];
    await reaches(id, 'working');
    const before = await until('the session is live', async () =>
      (await world.json<SessionJson[]>('session', 'list')).find((row) => row.id === session && row.pid),
    );

    const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
    process.kill(supervisor.pid, 'SIGKILL');
    // Whoever needs it starts it again.
    const refused = await world.forge('dispatch', task.id);
    expect(refused.status).toBe(4);
    const after = await world.json<SessionJson[]>('session', 'list');
    expect(after.map((row) => [row.id, row.pid])).toEqual([[session, before.pid]]);

    await world.forge('session', 'send', session, 'go');
    await reaches(id, 'done');
    expect(readFileSync(join(world.root, 'starts'), 'utf8')).toBe('started\n');
  });

  test('the session host is killed at work, then replaced: the agent goes on, and nobody claims to know how it ended', async () => {
    await world.forge('init', '--prefix', 'fg');
    world.configure({ ada: { script: `#!/bin/sh\necho started >> ${world.root}/starts\nread answer\nexit 0\n` } });
    const task = await world.json<{ id: string }>('task', 'add', 'Outlive the host');
    const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', task.id);
    const [{ id, session }] = runs as [RunJson];
    await reaches(id, 'working');
    const live = () =>
      until('the session is live', async () =>
        (await world.json<SessionJson[]>('session', 'list')).find((row) => row.id === session && row.pid),
      );
    const before = await live();
    const first = await world.json<Daemons>('host', 'status');
    process.kill(first.sessionHost.pid, 'SIGKILL');
    expect((await live()).pid).toBe(before.pid);
    const second = await world.json<Daemons>('host', 'restart');
    expect((await live()).pid).toBe(before.pid);
    expect(new Set([first, second].flatMap((all) => [all.sessionHost.pid, all.supervisor.pid])).size).toBe(4);
    expect((await world.json<RunJson[]>('runs'))[0]?.status).toBe('working');

    await world.forge('session', 'send', session, 'go');
    const unseen = await until('its end to be known', async () =>
      (await world.json<RunJson[]>('runs')).find((run) => run.id === id && run.reason),
    );
    expect(unseen).toMatchObject({ status: 'working', reason: expect.stringContaining('no session host could see') });
    expect((await world.json<SessionJson[]>('session', 'list'))[0]).toMatchObject({ state: 'exited', exitCode: null });
    // Told once, however often it is asked.
    await world.forge('host', 'restart');
    await world.forge('approve', id);
    await reaches(id, 'done');
    const { events } = await world.json<{ events: { type: string }[] }>('run', 'show', id);
    expect(events.filter((event) => event.type === 'session.exited')).toHaveLength(1);
    expect(readFileSync(join(world.root, 'starts'), 'utf8')).toBe('started\n');
  });

  test('the session host and its keepers are killed: sessions are lost and said to be, and the run can go on', async () => {
    await world.forge('init', '--prefix', 'fg');
    world.configure({ ada: { script: worker } });
    const task = await world.json<{ id: string }>('task', 'add', 'Lose the host');
    const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', task.id);
    const [{ id }] = runs as [RunJson];
    await reaches(id, 'working');
    await until('the agent is at work', async () =>
      (await world.forge('session', 'screen', id)).stdout.includes('working on'),
    );
    await world.killAll();

    // Nobody was there to see it.
    const [paused] = (await world.json<RunJson[]>('runs')) as [RunJson];
    expect(paused.status).toBe('paused');
    expect(paused.reason).toContain('lost');
    expect(await world.json<RunJson[]>('resume')).toMatchObject([{ id, status: 'paused' }]);
    expect((await world.json<SessionJson[]>('session', 'list'))[0]).toMatchObject({ state: 'lost', isLost: true });
    expect((await world.forge('session', 'send', id, 'hello')).status).toBe(4);

    await world.forge('resume', id);
    const working = await reaches(id, 'working');
    expect(working.session).not.toBe(paused.session);
    // It goes on in the same worktree, is told what is there, and is asked once.
    await until('the agent is told what was there', async () => {
      const { stdout } = await world.forge('session', 'screen', working.session);
      return /begunbeforeandinterrupted.*changedthere.*work\.txt/.test(stdout.replace(/\s/g, ''));
    });
    expect((await world.forge('resume', id)).status).toBe(4);
  });
});

describe('what bad input gets: what happened, the next step, an exit status, no stack trace', () => {
  const refused = (result: { status: number; stderr: string }, status: number, words: RegExp) => {
    expect(result.stderr).toMatch(words);
    expect(result.stderr.trim().split('\n')).toHaveLength(2);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.status).toBe(status);
  };

  test('outside of a repository, and in one without Forge', async () => {
    refused(await world.forgeIn(world.root, 'task', 'list'), 1, /not inside a git repository/);
    refused(await world.forge('task', 'list'), 3, /not set up/);
    refused(await world.forgeIn(world.root, 'init'), 1, /not inside a git repository/);
  });

  test('git is missing', async () => {
    const path = join(world.root, 'empty');
    world.env.PATH = path;
    refused(await world.forge('task', 'list'), 1, /git/i);
  });

  test('words that do not exist', async () => {
    refused(await world.forge('tsk'), 2, /no command tsk/);
    refused(await world.forge('task', 'add'), 2, /title/);
    await world.forge('init');
    refused(await world.forge('task', 'show', 'nope'), 3, /no task nope/);
    refused(await world.forge('run', 'show', 'nope'), 3, /no run nope/);
    refused(await world.forge('session', 'screen', 'nope'), 3, /no session nope/);
    refused(await world.forge('init'), 4, /set up already/);
    const asJson = await world.forge('task', 'show', 'nope', '--json');
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: 'task.missing' } });
  });

  test('a worker that does not exist, an agent that is not found, one that exits at once', async () => {
    await world.forge('init', '--prefix', 'fg');
    world.configure({ ada: { script: '#!/bin/sh\nexit 7\n' } });
    const task = await world.json<{ id: string }>('task', 'add', 'Exit at once');
    refused(await world.forge('dispatch', task.id, 'bob'), 3, /no worker bob.*ada/);
    const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', task.id);
    const failed = await reaches((runs as [RunJson])[0].id, 'failed');
    expect(failed.reason).toBe('The agent exited with status 7.');

    world.write('.forge/config.yaml', 'workers: [{ name: claude-1, agent: claude }]\n');
    const second = await world.json<{ id: string }>('task', 'add', 'No agent');
    await until('the new settings are in force', async () =>
      (await world.forge('dispatch', second.id)).stderr.includes('claude was not found'),
    );
  });

  test('settings that cannot be read: file, line and column', async () => {
    await world.forge('init');
    world.write('.forge/config.yaml', 'prefix: fg\nworkerz: []\n');
    refused(await world.forge('task', 'list'), 2, /config\.yaml:2:1: .*workerz.*workers/);
    world.write('.forge/config.yaml', 'prefix: [\n');
    refused(await world.forge('task', 'list'), 2, /config\.yaml:\d+:\d+/);
  });

  test('a home that cannot be written: nothing is half made', async () => {
    world.env.FORGE_HOME = '/dev/null/forge';
    refused(await world.forge('init'), 1, /cannot keep its state in \/dev\/null\/forge/);
    expect(existsSync(join(world.repository, '.forge'))).toBe(false);
    world.env.FORGE_HOME = join(world.root, 'f');
  });

  test('the dashboard without a terminal', async () => {
    await world.forge('init');
    refused(await world.forge('tui'), 1, /needs a terminal/);
  });
});
