import type { AgentAdapter } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { agentEnvironment } from '../environment.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { sessionUuid } from '../session-uuid.ts';
import { copyChat, forkedChats } from './chat-copies.ts';
import { begunChats, findChat, followChats } from './chat-files.ts';
import { withCleared } from './cleared-chats.ts';
import { geminiFolder } from './gemini-folder.ts';
import { holdsWords } from './holds-words.ts';
import { inputHint, inputMark, restTitle, screenRules, titleRules } from './rules.ts';
import { commandToBegin, promptArgument } from './start-again.ts';

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
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  interruptKeys: '\x1b',
  mentionFile: (path) => `@${path.replace(/[\s,()[\]{};|*?$`'"#&<>!~\\]/g, '\\$&')}`,
  screenRules,
  titleRules,
  restTitle,
  inputMark,
  inputHint,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    const { definition, resume, fork, repository, session, prompt } = request;
    const isChosen = choosesConversation(definition.command, conversationOptions);
    // That of a copy is chosen by Gemini CLI.
    const conversation = isChosen || fork !== null ? null : (resume ?? sessionUuid(repository, session));
    const launch = launchProgram(traits, request, (own) => own);
    if (conversation !== null && resume === null)
      return { ...launch, command: commandToBegin(launch.command, conversation, prompt), conversation };
    const begun: string[] = [];
    if (conversation !== null) begun.push('--resume', conversation);
    else if (!isChosen) begun.push('--session-file', await copyChat(homeOf(request), request));
    if (prompt !== '') begun.push(promptArgument(prompt));
    return { ...launch, command: [...launch.command, ...begun], conversation };
  },
  holdsConversation: async (session) => {
    const chat = await findChat(homeOf(session), session.conversation);
    return chat !== null && (await holdsWords(chat));
  },
  follow: (session, hear) => {
    const { conversation } = session;
    const home = homeOf(session);
    const find = conversation === null ? forkedChats(home, session) : begunChats(home, conversation);
    return followChats(withCleared(find), conversation, hear);
  },
};

export function homeOf({
  definition,
  environment,
}: {
  definition: { env: Record<string, string> };
  environment: Record<string, string>;
}) {
  return geminiFolder(agentEnvironment(definition.env, environment, traits.environment));
}
