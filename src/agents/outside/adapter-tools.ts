import { followLines } from '../follow-file.ts';
import { followFiles } from '../follow-files.ts';
import { findAgentProgram, launchProgram } from '../launch-program.ts';
import { literalPrompt, promptArguments } from '../literal-prompt.ts';
import { sessionUuid } from '../session-uuid.ts';

/** What a package's default function is given: the same that the adapters of Forge itself are made with. */
export const adapterTools = {
  findAgentProgram,
  launchProgram,
  literalPrompt,
  promptArguments,
  sessionUuid,
  followLines,
  followFiles,
};
