/**
 * Records what real programs write, for test/fixtures/terminal-output. `node scripts/record-output.ts [NAME...]`; with the
 * variables of CONTRIBUTING.md the agents too. What names the machine or the person is replaced.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { agentScenes } from '../test/support/agent-scenes.ts';
import { PersonTerminal } from '../test/support/person-terminal.ts';
import { type OutputPart, recordedOutputFolder, writeRecordedOutput } from '../test/support/recorded-output.ts';
import { findProgram, type Scene, writeFiles } from '../test/support/scene.ts';
import { recordedScenes } from '../test/support/scenes.ts';
import { until } from '../test/support/until.ts';

/** How long a program must be silent until its next step, in ms. */
const quietMs = 400;

/** Largest recording, in bytes: the folder stays small beside the code. */
const bytesMax = 150_000;

async function record(scene: Scene): Promise<OutputPart[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shop-')));
  writeFiles(folder, scene.files);
  const parts: { cols: number; rows: number; output: Buffer[] }[] = [{ ...scene.size, output: [] }];
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, LANG: 'C.UTF-8', ...scene.env };
  const onOutput = (bytes: Buffer) => parts.at(-1)?.output.push(bytes);
  const terminal = new PersonTerminal(scene.command, { cwd: folder, env, ...scene.size, onOutput });
  try {
    for (const { does, keys = [], size, shows } of scene.steps) {
      if (size) {
        terminal.resize(size.cols, size.rows);
        parts.push({ ...size, output: [] });
      }
      terminal.press(...keys);
      const isDone = () => terminal.isQuiet(quietMs) && shows.test(terminal.text);
      await until(`${scene.name} ${does}`, isDone, { shown: () => terminal.text });
    }
  } finally {
    terminal.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return parts.map((part) => ({ ...part, output: scrub(Buffer.concat(part.output).toString(), folder) }));
}

/** As long as what it stands for, so that every column stays. */
function scrub(output: string, folder: string): string {
  const names: [string, string][] = [
    [folder, '/home/ada/shop'],
    [hostname(), 'machine'],
    [userInfo().username, 'ada'],
  ];
  return names.reduce(
    (text, [name, other]) => text.replaceAll(name, other.padEnd(name.length, 'x').slice(0, name.length)),
    output,
  );
}

const wanted = process.argv.slice(2);
await using agents = await agentScenes();
for (const scene of [...recordedScenes, ...agents.scenes]) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  if (findProgram(scene.needs ?? scene.command[0] ?? '') === null) {
    process.stderr.write(`${scene.name}: not found\n`);
    continue;
  }
  const text = writeRecordedOutput(scene.name, await record(scene));
  if (text.length > bytesMax) throw new Error(`${scene.name} wrote ${text.length} bytes.`);
  writeFileSync(join(recordedOutputFolder, `${scene.name}.cast`), text);
  process.stdout.write(`${scene.name}: ${text.length} bytes\n`);
}
