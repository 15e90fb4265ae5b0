import type { AgentAdapter } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { agentEnvironment } from '../environment.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { literalPrompt } from '../literal-prompt.ts';
import { sessionUuid } from '../session-uuid.ts';
import { findChat, followChat } from './chat-files.ts';
import { geminiFolder } from './gemini-folder.ts';
import { restTitle, screenRules, titleRules } from './rules.ts';

export const traits: ProgramTraits = {
  environment: {
    passedOn: ['GEMINI_*', 'GOOGLE_*', 'CLOUD_ML_REGION'],
    heldBack: ['GEMINI_CLI', 'GEMINI_CLI_IDE_*', 'GEMINI_CLI_NO_RELAUNCH', 'GEMINI_PROJECT_DIR', 'GEMINI_SESSION_ID'],
  },
  command: ['gemini'],
  answersVersion: true,
  install: 'Install it (npm install -g @google/gemini-cli), or give the agent a command in .forge/config.yaml.',
};

export const conversationOptions = ['--session-id', '--resume', '-r', '--session-file'];

/** Gemini CLI's terminal interface. Its first-run dialogs are the person's to answer: see docs/adr/0003. */
export const gemini: AgentAdapter = {
  name: 'gemini',
  summary: 'Gemini CLI in its own terminal interface.',
  endsByItself: false,
  abilities: { canResume: true, canFork: false, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  interruptKeys: '\x1b',
  screenRules,
  titleRules,
  restTitle,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    const id = request.resume ?? sessionUuid(request.repository, request.session);
    let conversation: string | null = id;
    const launch = launchProgram(traits, request, (own) => {
      if (choosesConversation(own, conversationOptions)) conversation = null;
      const option = request.resume === null ? '--session-id' : '--resume';
      return [
        ...own,
        ...(conversation === null ? [] : [option, id]),
        // In one argument: a prompt that starts with a dash would be taken for an option.
        ...(request.prompt === '' ? [] : [`--prompt-interactive=${literalPrompt(request.prompt)}`]),
      ];
    });
    return { ...launch, conversation };
  },
  holdsConversation: async (session) => (await findChat(homeOf(session), session.conversation)) !== null,
  follow: (session, hear) => followChat(homeOf(session), session.conversation, hear),
};

function homeOf({
  definition,
  environment,
}: {
  definition: { env: Record<string, string> };
  environment: Record<string, string>;
}) {
  return geminiFolder(agentEnvironment(definition.env, environment, traits.environment));
}
