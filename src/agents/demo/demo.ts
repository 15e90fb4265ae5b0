import type { AgentAdapter } from '../../ports/agent.ts';
import { findAgentProgram, launchProgram, noAbilities, type ProgramTraits } from '../launch-program.ts';

const traits: ProgramTraits = {
  environment: { passedOn: ['FORGE_DEMO_SPEED'] },
  command: null,
  answersVersion: false,
  install: 'Start the demonstration with: forge tui --demo',
};

/** The scripted agent that Forge brings along. Its command is Forge's own program with `__demo-agent`. */
export const demo: AgentAdapter = {
  name: 'demo',
  summary: 'A scripted agent that comes with Forge, to try it without installing one.',
  endsByItself: false,
  abilities: noAbilities,
  interruptKeys: null,
  screenRules: [],
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => launchProgram(traits, request, (own) => own),
};
