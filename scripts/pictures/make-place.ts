import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDemoProject } from '../../src/agents/demo/demo-project.ts';

type Environment = Record<string, string>;

/** A new repository with nothing in it, `place`/forge-demo, where Forge is set up. */
export function makeFresh(place: string, forge: string, env: Environment): void {
  const cwd = join(place, 'forge-demo');
  mkdirSync(cwd, { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd, env });
  const self = ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost'];
  execFileSync('git', [...self, 'commit', '-q', '--allow-empty', '-m', 'Nothing yet'], { cwd, env });
  execFileSync(process.execPath, [forge, 'init', '--stealth'], { cwd, env, stdio: 'ignore' });
}

/** The repository and the tasks of the demo, which stay when the dashboard is left; accepted work is a branch to be merged. */
export async function makeLasting(place: string, forge: string, env: Environment): Promise<void> {
  const run = promisify(execFile);
  const git = (args: string[], cwd: string) => run('git', args, { cwd, env });
  const command = [process.execPath, forge, '__demo-agent'];
  const { root: cwd, tasks, config } = await createDemoProject(place, { git, command });
  const say = (...words: string[]) => execFileSync(process.execPath, [forge, ...words], { cwd, env, encoding: 'utf8' });
  say('init', '--stealth', '--prefix', 'demo');
  writeFileSync(join(cwd, '.forge', 'config.yaml'), `mode: stealth\n${config}delivery: branch\n`);
  const ids: string[] = [];
  for (const { title, body, priority, dependsOn } of tasks) {
    const waits = dependsOn.flatMap((index) => ['--depends-on', ids[index] ?? '']);
    const added = say('task', 'add', title, '--body', body, '--priority', String(priority), ...waits, '--json');
    ids.push((JSON.parse(added) as { id: string }).id);
  }
}
