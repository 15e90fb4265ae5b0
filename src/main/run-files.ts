import { join } from 'node:path';
import { runJson } from '../cli/output/run.ts';
import { openYamlFiles } from '../config/run-files.ts';
import { nextSteps } from '../domain/next-steps.ts';
import type { RunFiles } from '../ports/run-files.ts';

/** The files in `.forge/runs/` of the project at `root`: what `forge run show --json` says, as YAML. */
export function openRunFiles(root: string): RunFiles {
  const files = openYamlFiles(join(root, '.forge', 'runs'));
  return {
    write: (run) => files.write(run.id, { ...runJson(run), next: nextSteps(run) }),
    writtenAt: files.writtenAt,
    remove: files.remove,
  };
}
