import { execFile } from 'node:child_process';

/** How long the size of a folder is looked for, in ms. */
const sizeMs = 2_000;

/** Bytes that a folder takes on disk; null: that took too long, or not all of it could be read. */
export function folderSize(folder: string): Promise<number | null> {
  return new Promise((resolve) => {
    execFile('du', ['-sk', '--', folder], { timeout: sizeMs }, (failure, text) => {
      const kilobytes = Number.parseInt(text, 10);
      resolve(failure || Number.isNaN(kilobytes) ? null : kilobytes * 1024);
    });
  });
}
