import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { type AgentReport, agentReportSchema } from '../../domain/agent-report.ts';
import { followLines } from '../follow-file.ts';
import { removeOldRecords } from '../remove-old-records.ts';

const folderOf = (recordsDirectory: string) => join(recordsDirectory, 'headless');

/** Where a session is written down, a report a line. */
export function recordPath(recordsDirectory: string, session: string): string {
  return join(folderOf(recordsDirectory), `${session}.jsonl`);
}

/** Makes the folder, readable by the person alone, and removes records that are old. */
export async function prepareRecords(recordsDirectory: string): Promise<void> {
  await mkdir(folderOf(recordsDirectory), { recursive: true, mode: 0o700 });
  await removeOldRecords(folderOf(recordsDirectory));
}

/** Writes a report down at once. False: it could not, as on a full disk; the work goes on. */
export function writeReport(path: string, report: AgentReport): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${JSON.stringify(report)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Tells what a session has written down, from its beginning and then as it grows. A report of a later version is skipped. */
export function followRecord(path: string, hear: (report: AgentReport) => void): Disposable {
  return followLines(
    async () => path,
    (text) => {
      const report = agentReportSchema.safeParse(parse(text));
      if (report.success) hear(report.data);
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
