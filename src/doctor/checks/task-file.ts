import { join } from 'node:path';
import { parseTaskFile } from '../../store/parse-task-file.ts';
import { FileProblem, TaskFileOnDisk } from '../../store/task-file.ts';
import { type DoctorCheck, type Finding, inProjects } from '../check.ts';

export const taskFileCheck: DoctorCheck = {
  name: 'task-file',
  why: 'A line that cannot be read is a task that nobody sees.',
  fix: 'Moves those lines to tasks.jsonl.bad beside it. A conflict of a merge is for a person.',
  look: inProjects(({ directory }) => {
    const file = new TaskFileOnDisk(join(directory, 'tasks.jsonl'));
    try {
      const { text, hash } = file.read();
      const { bad, isConflicted } = parseTaskFile(text);
      if (isConflicted) {
        return [{ what: `${file.path} has a conflict of a merge.`, next: 'Resolve it; until then it is not written.' }];
      }
      if (bad.length === 0) return [];
      const lines = bad.map(({ line, problem }) => `line ${line}: ${problem}`);
      return [{ what: `${file.path}: ${lines.join('; ')}.`, mend: () => moveBadLines(file, hash) }];
    } catch (failure) {
      if (!(failure instanceof FileProblem)) throw failure;
      return [
        { what: `${file.path} cannot be used: ${failure.message}.`, next: 'Make it a plain file again.' } as Finding,
      ];
    }
  }),
};

async function moveBadLines(file: TaskFileOnDisk, hash: string): Promise<string> {
  const before = file.glance();
  const now = file.read();
  if (now.hash !== hash) throw new Error(`${file.path} has changed meanwhile; nothing was done`);
  const { bad } = parseTaskFile(now.text);
  file.quarantine(bad.map(({ line, problem, text }) => `line ${line}: ${problem}\n${text}\n`).join(''));
  const numbers = new Set(bad.map(({ line }) => line - 1));
  const rest = now.text.split('\n').filter((_line, index) => !numbers.has(index));
  if (file.write(rest.join('\n'), before) === null)
    throw new Error(`${file.path} has changed meanwhile; nothing was done`);
  return `${bad.length === 1 ? 'The line is' : `${bad.length} lines are`} in ${file.path}.bad now.`;
}
