import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { AdapterCheck, AdapterReport } from '../domain/adapter-report.ts';
import type { AgentAdapter } from '../ports/agent.ts';
import { compareStory } from './compare-story.ts';
import { launchChecks } from './launch-checks.ts';
import { playRecording } from './play-recording.ts';
import { readRecording } from './recording.ts';
import { shapeChecks } from './shape-checks.ts';

/** Holds an adapter against its contract, and plays every recording in the folder to it; null: there are none. */
export async function checkAdapter(adapter: AgentAdapter, recordings: string | null): Promise<AdapterReport> {
  const checks = shapeChecks.map(({ name, problemsOf }) => ({ name, problems: problemsOf(adapter) }));
  checks.push(...(await launchChecks(adapter)));
  for (const folder of recordings === null ? [] : foldersIn(recordings)) checks.push(await playFolder(adapter, folder));
  return { adapter: adapter.name, summary: adapter.summary, checks };
}

async function playFolder(adapter: AgentAdapter, folder: string): Promise<AdapterCheck> {
  const recording = readRecording(folder, basename(folder));
  const { program, version } = recording.about;
  const name = `recording ${recording.name}, of ${program} ${version}`;
  try {
    return { name, problems: compareStory(recording.about, await playRecording(adapter, recording)) };
  } catch (failure) {
    return { name, problems: [`it threw: ${failure instanceof Error ? failure.message : failure}`] };
  }
}

/** The folders of recordings in a folder, or itself when it is one. */
function foldersIn(path: string): string[] {
  const isRecording = (folder: string) => existsSync(join(folder, 'recording.json'));
  if (isRecording(path)) return [path];
  const folders = existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
  const found = folders.filter(isRecording).sort();
  if (found.length > 0) return found;
  throw new ForgeError('recording.missing', `There is no recording in ${path}.`, {
    next: 'A recording is a folder with recording.json, terminal.cast and records.jsonl.',
  });
}
