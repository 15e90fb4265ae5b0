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

/** Read whole into memory; ten thousand tasks have about 5 MB. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** A smaller file is read sooner than its stamp is stored. */
const STAMPED_BYTES_MIN = 1_000_000n;
/** Times of files move in steps of some ms, up to 2 s on old file systems. */
const STAMP_AGE_MS = 3_000;

/** Why the file cannot be used now, although the operating system would read it. */
export class FileProblem extends Error {}

/** The bytes of `tasks.jsonl` on disk; a folder's file that may not exist, be replaced by git, or be edited by hand. */
export class TaskFileOnDisk {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * What tells this content from every other without reading it: '' for a file that is small, missing, or was changed so
   * lately that another change may not have moved its time.
   */
  stamp(): string {
    const stat = lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || stat.size < STAMPED_BYTES_MIN) return '';
    if (Date.now() - Number(stat.ctimeMs) < STAMP_AGE_MS) return '';
    return [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
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

  /** Replaces the content at once: a reader sees the old or the new file, whole. Returns its hash. */
  write(text: string): string {
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    try {
      const handle = openSync(
        temporary,
        'wx',
        (lstatSync(this.path, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777,
      );
      try {
        writeFileSync(handle, text);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      faultPoint('task file before');
      renameSync(temporary, this.path);
      faultPoint('task file after');
    } finally {
      rmSync(temporary, { force: true });
    }
    return sha256(text);
  }

  /** Keeps lines that could not be read beside the file, for a person to mend. */
  quarantine(text: string): void {
    appendFileSync(`${this.path}.bad`, text, { mode: 0o600 });
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
