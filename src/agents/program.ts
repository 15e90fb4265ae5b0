import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { endGroup } from '../base/end-group.ts';
import { plainText } from '../base/text.ts';
import { isExecutable } from '../processes/is-executable.ts';

/** How long `--version` may take, in ms. The slowest agent program seen needs 1.4 s on an idle machine, and 6 s beside many others. */
const versionDeadlineMs = 15_000;
/** How much of its answer is read, in characters. */
const answerLengthMax = 4_000;

/** Where a program is looked for. */
export interface Whereabouts {
  env: Record<string, string>;
  /** What a relative path such as `./agent.sh` starts from: the main checkout. */
  repository: string;
}

/** Absolute path of an executable file, or null. A name without a slash is looked up on PATH, without a shell. */
export function locateProgram(program: string, { env, repository }: Whereabouts): string | null {
  if (program === '') return null;
  if (program.includes('/')) {
    const path = isAbsolute(program) ? program : resolve(repository, program);
    return isExecutable(path) ? path : null;
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

export type VersionAnswer = { isAnswered: true; version: string } | { isAnswered: false; problem: string };

const versionNumber = /\d+\.\d+(?:\.\d+)?[\w.+-]*/;

const answers = new Map<string, VersionAnswer>();

/**
 * What `path --version` says: a number such as `2.1.329` if there is one, otherwise its first line. Remembered until the
 * file changes; a failure is asked again. At the deadline the whole process group is killed.
 */
export async function askVersion(
  path: string,
  env: Record<string, string>,
  deadlineMs = versionDeadlineMs,
): Promise<VersionAnswer> {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
  const key = `${path}\0${mtimeMs}\0${size}`;
  const known = answers.get(key);
  if (known) return known;
  const answer = await runVersion(path, env, deadlineMs);
  if (answer.isAnswered) answers.set(key, answer);
  return answer;
}

function runVersion(path: string, env: Record<string, string>, deadlineMs: number): Promise<VersionAnswer> {
  return new Promise((answer) => {
    const child = spawn(path, ['--version'], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    // Warnings go to the same place as the version: the line with a number is the answer.
    const read = (chunk: string) => {
      text = (text + chunk).slice(0, answerLengthMax);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    const fail = (problem: string) => finish({ isAnswered: false, problem });
    const deadline = setTimeout(() => fail(`it gave no answer to --version in ${deadlineMs / 1_000} s`), deadlineMs);
    function finish(result: VersionAnswer) {
      clearTimeout(deadline);
      endGroup(child.pid);
      // A grandchild that holds the pipes open would otherwise keep this process alive.
      child.stdout.destroy();
      child.stderr.destroy();
      answer(result);
    }
    child.on('error', (failure) => fail(`it cannot be run (${failure.message})`));
    child.on('close', (code, signal) => {
      const rows = text.split('\n').filter((row) => row.trim() !== '');
      const line = plainText(rows.find((row) => versionNumber.test(row)) ?? rows[0] ?? '').trim();
      if (code === 0) finish({ isAnswered: true, version: versionNumber.exec(line)?.[0] ?? line });
      else fail(`--version ended with ${signal ?? `exit status ${code}`}${line && `: ${line.slice(0, 200)}`}`);
    });
  });
}
