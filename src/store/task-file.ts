import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { faultPoint } from '../base/fault-point.ts';
import { fileStamp, glance, markFile } from './file-stamp.ts';
import { patchLines } from './patch-lines.ts';

/** Read whole into memory; ten thousand tasks have about 5 MB. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** Why the file cannot be used now, although the operating system would read it. */
export class FileProblem extends Error {}

/** The bytes of `tasks.jsonl` on disk; a folder's file that may not exist, be replaced by git, or be edited by hand. */
export class TaskFileOnDisk {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What tells this content from every other; '' when only reading it does. */
  stamp(): string {
    return fileStamp(this.path);
  }

  /** What it looks like now; for `write`. */
  glance(): string {
    return glance(this.path);
  }

  /** The content and its sha256; both empty when there is no file. */
  read(): { text: string; hash: string } {
    const stat = lstatSync(this.path, { throwIfNoEntry: false });
    if (stat === undefined) return { text: '', hash: '' };
    if (!stat.isFile()) throw new FileProblem('it is not a plain file');
    if (stat.size > FILE_BYTES_MAX) throw new FileProblem(`it is larger than ${FILE_BYTES_MAX} bytes`);
    const bytes = readFileSync(this.path);
    return { text: bytes.toString('utf8'), hash: sha256(bytes) };
  }

  /**
   * Replaces the content at once: a reader sees the old or the new file, whole. Returns its hash; null, and nothing was
   * changed: it does not look any more as it did before what is written was made of it.
   */
  write(text: string, before: string): string | null {
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    try {
      const handle = openSync(
        temporary,
        'wx',
        (lstatSync(this.path, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777,
      );
      try {
        writeFileSync(handle, text);
        markFile(handle);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      faultPoint('task file before');
      if (this.glance() !== before) return null;
      renameSync(temporary, this.path);
      faultPoint('task file after');
    } finally {
      rmSync(temporary, { force: true });
    }
    return sha256(text);
  }

  /** Puts lines in the place of others in a file that has this stamp; gives its stamp then. Null: it is to be written whole. */
  patch(stamp: string, gone: readonly string[], added: readonly string[]): string | null {
    return stamp === '' ? null : patchLines(this.path, stamp, gone, added);
  }

  /** Keeps lines that could not be read beside the file, for a person to mend. */
  quarantine(text: string): void {
    appendFileSync(`${this.path}.bad`, text, { mode: 0o600 });
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
