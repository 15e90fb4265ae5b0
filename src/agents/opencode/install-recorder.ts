import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { objectOf } from '../json-line.ts';
import { removeOldRecords } from '../remove-old-records.ts';
import { makeRecorder } from './recorder.ts';

/** The plugin as opencode loads it: each function that the file exports is called once. */
const source = `import { appendFileSync } from 'node:fs';
export const ForgeRecorder = (${makeRecorder.toString()})(appendFileSync, process.env);
`;

const folderOf = (recordsDirectory: string) => join(recordsDirectory, 'opencode');
const pluginPath = (recordsDirectory: string) => join(folderOf(recordsDirectory), 'recorder.js');

/** Where a session is written down, a line an event. */
export function recordPath(recordsDirectory: string, session: string): string {
  return join(folderOf(recordsDirectory), `${session}.jsonl`);
}

/** Puts the plugin where opencode finds it, and removes records that are old. */
export async function installRecorder(recordsDirectory: string): Promise<void> {
  await mkdir(folderOf(recordsDirectory), { recursive: true, mode: 0o700 });
  const path = pluginPath(recordsDirectory);
  if ((await readFile(path, 'utf8').catch(() => null)) !== source) {
    // Whole or not at all: another opencode may be starting.
    const next = `${path}.${randomUUID()}`;
    await writeFile(next, source, { mode: 0o600 });
    await rename(next, path);
  }
  await removeOldRecords(folderOf(recordsDirectory));
}

/**
 * The environment of a launch with the plugin added to the settings that it carries, beside the person's own. Settings that
 * cannot be read as JSON are left as they are: then opencode says of them what it has to say, and nothing is recorded.
 * opencode tells nobody what a title costs that its model makes, so it makes none unless those settings say so.
 * `resumed` is the session that gets the prompt.
 */
export function recorderEnvironment(
  env: Record<string, string>,
  recordsDirectory: string,
  session: string,
  resumed: string | null,
): Record<string, string> {
  const settings = readSettings(env.OPENCODE_CONFIG_CONTENT);
  if (settings === null) return env;
  const plugin = pathToFileURL(pluginPath(recordsDirectory)).href;
  const others = Array.isArray(settings.plugin) ? settings.plugin.filter((other) => other !== plugin) : [];
  return {
    ...env,
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      ...settings,
      plugin: [...others, plugin],
      agent: { title: { disable: true }, ...objectOf(settings.agent) },
    }),
    FORGE_RECORD: recordPath(recordsDirectory, session),
    ...(resumed === null ? {} : { FORGE_RESUME: resumed }),
  };
}

function readSettings(text: string | undefined): Record<string, unknown> | null {
  if (text === undefined || text.trim() === '') return {};
  try {
    const settings: unknown = JSON.parse(text);
    return typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
