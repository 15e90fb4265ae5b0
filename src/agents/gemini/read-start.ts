import { openRecord } from '../open-record.ts';

/** What a file that an agent writes begins with, up to so many bytes. */
export async function readStart(path: string, bytes: number): Promise<string> {
  await using file = await openRecord(path);
  const { size } = await file.stat();
  const length = Math.min(size, bytes);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
