import { ForgeError } from '../../../base/errors.ts';
import { plainText } from '../../../base/text.ts';
import { logicalLines } from '../../../domain/logical-lines.ts';
import { command, text } from '../../command.ts';
import { findSession, sessionArgument } from '../../find-session.ts';
import type { ForgeCli } from '../../forge-cli.ts';

/** A flag that is a number from `least` to `most`. */
function number(placeholder: string, brief: string, least: number, most: number) {
  const parse = (typed: string) => {
    const value = Number(typed);
    if (typed.trim() !== '' && value >= least && value <= most) return value;
    throw new Error(`${typed} is not a number from ${least} to ${most}`);
  };
  return { kind: 'parsed', placeholder, brief, parse, optional: true } as const;
}

export const sessionLogsCommand = command<{ follow?: boolean; lines?: number }, [string]>({
  summary: 'Print what a session wrote, from the oldest line that is kept on',
  example: 'forge session logs worker-1 --lines 100',
  details:
    'Plain lines without colours or control characters, 20,000 at most, as they were written: long ones are not wrapped. Of a full-screen program the rows that left its screen. With --follow new lines are printed until the session ends.',
  flags: {
    follow: { kind: 'boolean', brief: 'Go on with new lines until the session ends', optional: true },
    lines: number('n', 'The newest N lines only', 0, 1_000_000),
  },
  args: { kind: 'tuple', parameters: [sessionArgument] },
  async run(forge, { follow, lines: count, json }, name) {
    if (follow && json) throw new ForgeError('usage.invalid', '--follow has no end, and --json prints one value.');
    const { id } = await findSession(forge, name);
    const host = await forge.host();
    if (follow) {
      let isFirst = true;
      await host.follow(id, (lines) => {
        forge.print(isFirst ? newest(lines, count) : lines);
        isFirst = false;
      });
      return;
    }
    const history = await host.history(id);
    const all = logicalLines(history, 0, history.lineCount);
    history.dispose();
    const lines = newest(all.slice(0, all.findLastIndex((line) => line !== '') + 1), count).map(plainText);
    return { json: { id, lines }, text: lines.join('\n') };
  },
});

function newest(lines: string[], count: number | undefined): string[] {
  return count === undefined ? lines : lines.slice(Math.max(0, lines.length - count));
}

export const sessionExportCommand = command<{ force?: boolean }, [string, string?]>({
  summary: 'Write the recording of a session to one asciicast file',
  example: 'forge session export worker-1 session.cast',
  details:
    'The file is an asciicast of version 2, which other players and sites take. Without a name it is named after the session; `-`, or none when the output is no terminal, prints it. It may hold secrets that the program printed.',
  flags: { force: { kind: 'boolean', brief: 'Replace the file if it exists', optional: true } },
  args: {
    kind: 'tuple',
    parameters: [
      sessionArgument,
      { ...text('file', 'The file to write, or - for the standard output'), optional: true },
    ],
  },
  async run(forge, { force, json }, name, file) {
    const { id } = await findSession(forge, name);
    const target = file ?? (forge.isOutputTerminal || json ? `${id}.cast` : '-');
    if (target === '-' && json)
      throw new ForgeError('usage.invalid', '--json needs a file: the output holds one value.');
    const written = await forge.exportRecording(id, target === '-' ? null : target, force ?? false);
    const about = { id, file: target, seconds: written.seconds, bytes: written.bytes };
    return { json: about, text: target === '-' ? '' : `${target}: ${clock(written.seconds)}, ${written.bytes} bytes.` };
  },
});

export const sessionReplayCommand = command<{ speed?: number; idleMax?: number }, [string]>({
  summary: 'Play the recording of a session, or an asciicast file, in this terminal',
  example: 'forge session replay worker-1 --speed 4 --idle-max 2',
  details:
    'Space pauses, Left and Right go 5 s back and forth, Up and Down 30 s, comma and full stop one step, + and - change the speed from 0.25 to 16, 0 to 9 go to that tenth, Home and End to either end, q leaves. A name with a slash or ending in .cast is a file.',
  flags: {
    speed: number('n', 'How fast it begins, 0.25 to 16', 0.25, 16),
    idleMax: number('seconds', 'The longest pause that is played', 0, 86_400),
  },
  args: { kind: 'tuple', parameters: [text('session', 'Id of the session, or of its run, task or worker; or a file')] },
  async run(forge, { speed = 1, idleMax, json }, name) {
    if (json) throw new ForgeError('usage.invalid', 'A replay is shown, and has nothing to print as JSON.');
    await replay(forge, name, speed, idleMax ?? null);
  },
});

async function replay(forge: ForgeCli, name: string, speed: number, idleSecondsMax: number | null): Promise<void> {
  if (!forge.isTerminal) throw new ForgeError('terminal.missing', 'A replay needs a terminal on both ends.');
  const isFile = name.includes('/') || name.endsWith('.cast');
  const source = isFile ? { file: name } : { session: (await findSession(forge, name)).id };
  await forge.replay({ source, speed, idleSecondsMax });
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
