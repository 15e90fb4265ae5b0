import { open } from 'node:fs/promises';
import { ForgeError } from '../base/errors.ts';
import type { ReplayRequest } from '../cli/forge-cli.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import type { SessionHost } from '../ports/session-host.ts';
import { exportLines } from '../sessions/transcript/export-lines.ts';
import { type Recording, readRecording, secondsOf } from '../sessions/transcript/recording.ts';
import { RecordingScreen } from '../sessions/transcript/recording-screen.ts';
import { segmentFiles } from '../sessions/transcript/segment.ts';
import { openReplay } from '../ui/open-replay.ts';

/** Written at once, in characters. */
const chunkLength = 256 * 1024;

/** Writes the recording of a session as one asciicast, which only its owner may read; null: to the standard output. */
export async function exportRecording(host: SessionHost, session: string, file: string | null, force: boolean) {
  const recording = await recordingOf(host, session);
  const write = file === null ? toOutput : await toFile(file, force);
  let bytes = 0;
  let chunk = '';
  for (const line of exportLines(recording)) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    bytes += await write(chunk);
    chunk = '';
  }
  bytes += await write(chunk);
  await write(null);
  return { seconds: secondsOf(recording), bytes };
}

/** Plays a recording on this terminal. */
export async function replay(
  { source, speed, idleSecondsMax }: ReplayRequest,
  connect: () => Promise<SessionHost>,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<void> {
  const recording =
    'session' in source ? await recordingOf(await connect(), source.session) : await readRecording([source.file]);
  if (recording === null && 'file' in source) throw missing(`There is no file ${source.file}.`);
  await openReplay({
    recording: new RecordingScreen(recording as Recording, idleSecondsMax),
    speed,
    input: process.stdin,
    output: process.stdout,
    env: environment,
    markerDir: openRunDirectory(paths.runDirectory).path,
  });
}

async function recordingOf(host: SessionHost, session: string): Promise<Recording> {
  const { folder } = await host.recording(session);
  const recording = await readRecording(segmentFiles(folder));
  if (recording === null) throw new ForgeError('recording.missing', `Session ${session} has no recording.`);
  return recording;
}

type Write = (text: string | null) => Promise<number>;

const toOutput: Write = async (text) => {
  if (text === null) return 0;
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return Buffer.byteLength(text);
};

async function toFile(file: string, force: boolean): Promise<Write> {
  const handle = await open(file, force ? 'w' : 'wx', 0o600).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'EEXIST') throw new ForgeError('file.exists', `${file} exists.`);
    throw missing(`${file} cannot be written: ${failure.message}`);
  });
  return async (text) => {
    if (text === null) {
      await handle.close();
      return 0;
    }
    try {
      await handle.writeFile(text);
    } catch (failure) {
      await handle.close();
      throw missing(`${file} cannot be written: ${(failure as Error).message}`);
    }
    return Buffer.byteLength(text);
  };
}

function missing(message: string): ForgeError {
  return new ForgeError('usage.invalid', message, { next: 'Give another name.' });
}
