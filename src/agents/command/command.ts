import type { AgentAdapter, LaunchRequest } from '../../ports/agent.ts';
import { passablePrompt } from '../environment.ts';
import { findAgentProgram, launchProgram, noAbilities, type ProgramTraits } from '../launch-program.ts';

const traits: ProgramTraits = {
  environment: { passedOn: [] },
  command: null,
  answersVersion: false,
  install: 'Correct the command of that agent in .forge/config.yaml, or put the program on PATH.',
};

/** What a `{word}` in the command's arguments stands for. Any other text in braces is left as it is. */
const placeholders: Record<string, (request: LaunchRequest) => string> = {
  prompt: ({ prompt }) => passablePrompt(prompt),
  task: ({ task }) => task,
  run: ({ run }) => run,
  worktree: ({ worktree }) => worktree,
};

/** Any program that works and ends: a script, a wrapper, an agent that Forge has no adapter for. */
export const command: AgentAdapter = {
  name: 'command',
  summary: 'Any program; {prompt}, {task}, {run} and {worktree} in its arguments are filled in.',
  endsByItself: true,
  abilities: noAbilities,
  interruptKeys: null,
  screenRules: [],
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => launchProgram(traits, request, (own) => own.map((argument) => fill(argument, request))),
};

function fill(argument: string, request: LaunchRequest): string {
  return argument.replace(/\{(\w+)\}/g, (whole, word: string) =>
    Object.hasOwn(placeholders, word) ? placeholders[word](request) : whole,
  );
}
