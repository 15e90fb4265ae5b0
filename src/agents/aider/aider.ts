import type { AgentAdapter } from '../../ports/agent.ts';
import { findAgentProgram, launchProgram, noAbilities, type ProgramTraits } from '../launch-program.ts';
import { literalPrompt } from '../literal-prompt.ts';
import { screenRules } from './rules.ts';

const traits: ProgramTraits = {
  environment: {
    passedOn: [
      ...['AIDER_*', 'OPENAI_*', 'ANTHROPIC_*', 'OPENROUTER_API_KEY', 'GEMINI_API_KEY', 'DEEPSEEK_API_KEY'],
      ...['GROQ_API_KEY', 'XAI_API_KEY', 'OLLAMA_API_BASE', 'AZURE_API_*'],
    ],
  },
  command: ['aider'],
  answersVersion: true,
  install: 'Install it (https://aider.chat/docs/install.html), or give the agent a command in .forge/config.yaml.',
};

/** aider for one message: it works, may ask in its pane, and ends. By its documentation alone: it was not tried. */
export const aider: AgentAdapter = {
  name: 'aider',
  summary: 'One message to aider, which then ends. Not tried with the program itself.',
  endsByItself: true,
  abilities: noAbilities,
  interruptKeys: '\x03',
  screenRules,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    // An offer to update, or to show what is new, would hold the message back. The second is not known to versions before 0.66.
    const { env, ...launch } = launchProgram(traits, request, (own) => [
      ...own,
      '--no-check-update',
      ...(request.prompt === '' ? [] : [`--message=${literalPrompt(request.prompt)}`]),
    ]);
    return { ...launch, env: { AIDER_SHOW_RELEASE_NOTES: 'false', ...env } };
  },
};
