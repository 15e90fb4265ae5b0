import { execFile } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDemoProject } from '../agents/demo/demo-project.ts';
import { forgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { initProject } from '../git/init-project.ts';
import { openStore } from '../store/open-store.ts';
import { stopDaemons } from './daemons.ts';

const folderPrefix = 'forge-demo-';

export interface Demo {
  root: string;
  /** The person's, with a FORGE_HOME of the demo's own: nothing of theirs is seen or touched. */
  environment: Record<string, string>;
  /** Ends its agents and removes all of it. */
  end(): Promise<void>;
}

/** Makes a throw-away repository with tasks and two workers that run the scripted agent. */
export async function startDemo(personal: Record<string, string>): Promise<Demo> {
  await endAbandoned();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), folderPrefix)));
  writeFileSync(join(folder, ownerFile), String(process.pid));
  const environment = { ...personal, FORGE_HOME: join(folder, 'home') };
  const paths = forgePaths(environment);
  const command = [process.execPath, process.argv[1] ?? '', '__demo-agent'];
  const run = promisify(execFile);
  const git = (args: string[], cwd: string) => run('git', args, { cwd, env: environment, timeout: gitMs });
  const demo = await createDemoProject(folder, { git, command });
  await initProject({ cwd: demo.root, mode: 'stealth', prefix: 'demo', environment });
  writeFileSync(join(demo.root, '.forge', 'config.yaml'), `mode: stealth\n${demo.config}`);
  await openProjectRegistry(paths.projectsFile).register({ path: demo.root, prefix: 'demo' });
  const store = openStore({ directory: join(demo.root, '.forge'), prefix: 'demo', clock: Date.now, jsonl: true });
  const ids: string[] = [];
  for (const { title, body, priority, labels, dependsOn } of demo.tasks) {
    const waits = dependsOn.map((index) => ids[index]).filter((id) => id !== undefined);
    ids.push(store.tasks.add({ title, body, priority, labels, dependsOn: waits }).id);
  }
  store.dispose();
  let ending: Promise<void> | null = null;
  return {
    root: demo.root,
    environment,
    end() {
      ending ??= removeDemo(folder);
      return ending;
    },
  };
}

/** How long git may take to make a small repository, in ms. */
const gitMs = 30_000;

/** Holds the pid of the dashboard that the demo belongs to. */
const ownerFile = 'owner';

async function removeDemo(folder: string): Promise<void> {
  await stopDaemons(forgePaths({ FORGE_HOME: join(folder, 'home') }), true);
  // Not `rmSync`: in Node 24 that ends without a word, and leaves the rest, when somebody else removes a file meanwhile.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A demo whose terminal was closed or killed could not end itself: the next one does. */
async function endAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), name);
    try {
      const found = lstatSync(folder);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) continue;
      if (!isRunning(Number(readFileSync(join(folder, ownerFile), 'utf8')))) await removeDemo(folder);
    } catch {
      // Not a demo of ours, or just being made: left alone.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
