import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const recordedOutputFolder = join(import.meta.dirname, '../fixtures/terminal-output');

/** What a program wrote while its terminal had one size. */
export interface OutputPart {
  cols: number;
  rows: number;
  output: string;
}

/** The output of a real program, as `scripts/record-output.ts` recorded it: asciicast v2 without times. */
export function readRecordedOutput(name: string): OutputPart[] {
  const [head = '', ...events] = readFileSync(join(recordedOutputFolder, `${name}.cast`), 'utf8')
    .trim()
    .split('\n');
  const { width: cols, height: rows } = JSON.parse(head) as { width: number; height: number };
  const parts: OutputPart[] = [{ cols, rows, output: '' }];
  for (const event of events) {
    const [, kind, data] = JSON.parse(event) as [number, 'o' | 'r', string];
    const last = parts.at(-1)!;
    if (kind === 'o') last.output += data;
    else {
      const [width, height] = data.split('x').map(Number);
      parts.push({ cols: width ?? last.cols, rows: height ?? last.rows, output: '' });
    }
  }
  return parts;
}

export function writeRecordedOutput(title: string, parts: readonly OutputPart[]): string {
  const [first] = parts;
  const lines = [JSON.stringify({ version: 2, width: first?.cols, height: first?.rows, title })];
  for (const [at, { cols, rows, output }] of parts.entries()) {
    if (at > 0) lines.push(JSON.stringify([at, 'r', `${cols}x${rows}`]));
    // In pieces, so that a change of a recording is a change of few lines.
    for (const piece of output.match(/[\s\S]{1,2000}(?![\udc00-\udfff])/g) ?? [])
      lines.push(JSON.stringify([at, 'o', piece]));
  }
  return `${lines.join('\n')}\n`;
}

export const recordedOutputs = readdirSync(recordedOutputFolder)
  .filter((name) => name.endsWith('.cast'))
  .map((name) => basename(name, '.cast'));
