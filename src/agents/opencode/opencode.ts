import type { AgentAdapter } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { followLines } from '../follow-file.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { literalPrompt } from '../literal-prompt.ts';
import { nameFile } from '../name-file.ts';
import { copySession } from './copy-session.ts';
import { holdsSession } from './holds-session.ts';
import { installRecorder, recorderEnvironment, recordPath } from './install-recorder.ts';
import { readRecord } from './read-record.ts';
import { screenRules } from './rules.ts';

export const traits: ProgramTraits = {
  environment: {
    // Of the providers it can use, those whose key is one variable of their own.
    passedOn: [
      ...['OPENCODE_*', 'ANTHROPIC_*', 'OPENAI_*', 'OPENROUTER_API_KEY', 'GEMINI_API_KEY'],
      ...['GOOGLE_GENERATIVE_AI_API_KEY', 'GROQ_API_KEY', 'MISTRAL_API_KEY', 'DEEPSEEK_API_KEY', 'XAI_API_KEY'],
      ...['AWS_REGION', 'AWS_PROFILE', 'AWS_BEARER_TOKEN_BEDROCK'],
    ],
    heldBack: ['OPENCODE', 'OPENCODE_PID', 'OPENCODE_CALLER'],
  },
  command: ['opencode'],
  answersVersion: true,
  install: 'Install it (npm install -g opencode-ai), or give the agent a command in .forge/config.yaml.',
};

export const conversationOptions = ['--session', '-s', '--continue', '-c', '--fork'];

/** opencode's terminal interface. What it does is told by a plugin that Forge gives it for that one start. */
export const opencode: AgentAdapter = {
  name: 'opencode',
  summary: 'The terminal interface of opencode.',
  endsByItself: false,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: true, tellsPrompts: true },
  // Its database alone: with XDG_DATA_HOME the login would move along, and so would the data of every tool that it starts.
  isolation: { variable: 'OPENCODE_DB', file: 'opencode.db', isForkedAcross: true },
  // Escape twice, each as the kitty protocol writes it: two plain ones in one piece are taken for Alt+Escape.
  interruptKeys: '\x1b[27u\x1b[27u',
  attachesPictures: true,
  mentionFile: nameFile,
  screenRules,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    const { fork, prompt, recordsDirectory, session } = request;
    const isChosen = choosesConversation(request.definition.command, conversationOptions);
    const copy = isChosen || fork === null ? null : await copySession(traits, request);
    const resumed = isChosen ? null : (copy ?? request.resume);
    const launch = launchProgram(traits, request, (own) => {
      if (resumed !== null) return [...own, '--session', resumed];
      // In one argument: a prompt that starts with a dash would be taken for an option.
      return prompt === '' ? own : [...own, `--prompt=${literalPrompt(prompt)}`];
    });
    await installRecorder(recordsDirectory);
    const prompted = prompt === '' ? null : resumed;
    const env = recorderEnvironment(launch.env, recordsDirectory, session, prompted);
    return { ...launch, env, conversation: resumed };
  },
  holdsConversation: (session) => holdsSession(traits, session),
  follow: ({ recordsDirectory, session, conversation }, hear) =>
    followLines(async () => recordPath(recordsDirectory, session), readRecord(conversation, hear)),
};
