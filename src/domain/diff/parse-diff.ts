import type { DiffLine, FileDiff, Hunk } from './file-diff.ts';
import { pathOfHeader, unquotePath } from './quoted-path.ts';

export interface Diff {
  files: FileDiff[];
  /** It was longer than what is given of it. */
  isCut: boolean;
}

/**
 * Reads a diff in git's unified format, without colours. Never throws: what it does not know it passes over, and a hunk that
 * breaks off is there as far as it goes.
 */
export function parseDiff(text: string): Diff {
  const lines = new Lines(text);
  const files: FileDiff[] = [];
  let isCut = false;
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const header = /^diff --(?:git|cc|combined) (.*)$/s.exec(line);
    if (header) files.push(fileOf(header[1] ?? '', lines));
    else if (line.startsWith('… cut after ')) isCut = true;
  }
  return { files, isCut };
}

/** One line after the other, without the line feed at its end. */
class Lines {
  readonly #lines: string[];
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
    if (this.#lines.at(-1) === '') this.#lines.pop();
  }

  next(): string | null {
    return this.#lines[this.#at++] ?? null;
  }

  /** Hands out the line again that `next` gave last. */
  back(): void {
    this.#at--;
  }
}

function fileOf(header: string, lines: Lines): FileDiff {
  const path = pathOfHeader(header) ?? unquotePath(header);
  const file: FileDiff = {
    ...{ path, oldPath: path, change: 'modified', isBinary: false, oldMode: null, newMode: null },
    ...{ hunks: [], added: 0, removed: 0 },
  };
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const hunk = hunkHeader.exec(line);
    if (hunk) takeHunk(file, hunk, lines);
    else if (line.startsWith('diff --') || line.startsWith('… cut after ')) {
      lines.back();
      break;
    } else takeHeader(file, line);
  }
  return file;
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/s;

/** The lines between the name of a file and its first hunk, by how they begin. */
const headers: readonly (readonly [begin: string, take: (file: FileDiff, rest: string) => void])[] = [
  ['old mode ', (file, rest) => Object.assign(file, { oldMode: rest })],
  ['new mode ', (file, rest) => Object.assign(file, { newMode: rest })],
  ['new file mode ', (file, rest) => Object.assign(file, { change: 'added', newMode: rest })],
  ['deleted file mode ', (file, rest) => Object.assign(file, { change: 'removed', oldMode: rest })],
  ['rename from ', (file, rest) => Object.assign(file, { change: 'renamed', oldPath: unquotePath(rest) })],
  ['rename to ', (file, rest) => Object.assign(file, { path: unquotePath(rest) })],
  ['copy from ', (file, rest) => Object.assign(file, { change: 'copied', oldPath: unquotePath(rest) })],
  ['copy to ', (file, rest) => Object.assign(file, { path: unquotePath(rest) })],
  ['Binary files ', (file) => Object.assign(file, { isBinary: true })],
  ['GIT binary patch', (file) => Object.assign(file, { isBinary: true })],
  ['--- ', (file, rest) => Object.assign(file, sidePath('oldPath', rest))],
  ['+++ ', (file, rest) => Object.assign(file, sidePath('path', rest))],
];

function takeHeader(file: FileDiff, line: string): void {
  const found = headers.find(([begin]) => line.startsWith(begin));
  if (found) found[1](file, line.slice(found[0].length));
}

/** `a/PATH`, with a tab behind a path that has blanks; the side of a file that is not there says /dev/null. */
function sidePath(side: 'oldPath' | 'path', rest: string): Partial<FileDiff> {
  const path = unquotePath(rest.replace(/\t$/, ''));
  return path === '/dev/null' ? {} : { [side]: path.slice(2) };
}

function takeHunk(file: FileDiff, header: RegExpExecArray, lines: Lines): void {
  const [oldStart, oldCount, newStart, newCount] = [1, 2, 3, 4].map((at) => Number(header[at] ?? 1));
  const hunk: Hunk = { heading: header[5] ?? '', oldStart, oldCount, newStart, newCount, lines: [] };
  file.hunks.push(hunk);
  let { old, new: next } = { old: oldStart, new: newStart };
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const isFull = old >= oldStart + oldCount && next >= newStart + newCount;
    const kind = kinds[line[0] ?? ' '];
    if (kind === undefined || (isFull && kind !== 'end')) {
      lines.back();
      return;
    }
    const last = hunk.lines.at(-1);
    if (kind === 'end') {
      if (last) last.hasNewline = false;
      continue;
    }
    const numbers = { old: kind === 'added' ? null : old, new: kind === 'removed' ? null : next };
    if (numbers.old !== null) old++;
    if (numbers.new !== null) next++;
    if (kind !== 'context') file[kind]++;
    hunk.lines.push({ kind, text: line.slice(1), ...numbers, hasNewline: true });
  }
}

/** By the first character of a line; `end`: the line before it does not end. */
const kinds: Record<string, DiffLine['kind'] | 'end' | undefined> = {
  ' ': 'context',
  '+': 'added',
  '-': 'removed',
  '\\': 'end',
};
