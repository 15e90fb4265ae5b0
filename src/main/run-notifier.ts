import { spawn } from 'node:child_process';

/** Runs the person's program for what is told, without a shell; what it says and how it ends is its own affair. */
export function runNotifier(command: readonly string[], text: string, env: Record<string, string>): void {
  const [program, ...args] = command.map((part) => part.replaceAll('{text}', () => text));
  if (program === undefined) return;
  const child = spawn(program, args, { stdio: 'ignore', detached: true, env });
  child.on('error', () => {});
  child.unref();
}
