import type { AgentAdapter, LaunchRequest } from '../../ports/agent.ts';
import { choosesConversation } from '../chosen-conversation.ts';
import { findAgentProgram, launchProgram, type ProgramTraits } from '../launch-program.ts';
import { promptArguments } from '../literal-prompt.ts';
import { sessionUuid } from '../session-uuid.ts';
import { followTranscripts } from './follow.ts';
import { inputMark, screenRules, titleRules } from './rules.ts';
import { allFolders, findTranscript, hasMessages, projectsFolder } from './transcripts.ts';

export const traits: ProgramTraits = {
  environment: {
    // Of the clouds that serve its models only the names of profiles and regions: keys that open more are for the person
    // to name.
    passedOn: [
      ...['ANTHROPIC_*', 'CLAUDE_*', 'DISABLE_*', 'VERTEX_*', 'CLOUD_ML_REGION', 'GOOGLE_CLOUD_PROJECT'],
      ...['AWS_REGION', 'AWS_PROFILE', 'AWS_BEARER_TOKEN_BEDROCK', 'GOOGLE_APPLICATION_CREDENTIALS'],
    ],
    heldBack: [
      'CLAUDE_CODE_ENTRYPOINT',
      'CLAUDE_CODE_SESSION_ID',
      'CLAUDE_CODE_SSE_PORT',
      'CLAUDE_ENV_FILE',
      'CLAUDE_PID',
      'CLAUDE_PROJECT_DIR',
    ],
  },
  command: ['claude'],
  answersVersion: true,
  install: 'Install it (npm install -g @anthropic-ai/claude-code), or give the agent a command in .forge/config.yaml.',
};

/** Options that choose a conversation themselves; one of them in the definition's command and Forge adds none. */
export const conversationOptions = ['--session-id', '--resume', '-r', '--continue', '-c', '--from-pr'];

/** Claude Code's terminal interface. Its first-run dialogs are the person's to answer: see docs/adr/0003. */
export const claudeCode: AgentAdapter = {
  name: 'claude-code',
  summary: 'Claude Code in its own terminal interface.',
  endsByItself: false,
  abilities: { canResume: true, canFork: true, tellsTokens: true, tellsMoney: false, tellsPrompts: true },
  interruptKeys: '\x1b',
  inputMark,
  mentionFile: (path) => `@${/\s/.test(path) ? `"${path}"` : path}`,
  screenRules,
  titleRules,
  find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
  launch: async (request) => {
    let conversation: string | null = null;
    const launch = launchProgram(traits, request, (own) => {
      const isChosen = choosesConversation(own, conversationOptions);
      conversation = isChosen ? null : (request.resume ?? sessionUuid(request.repository, request.session));
      return [...own, ...conversationArguments(request, conversation), ...promptArguments(request.prompt)];
    });
    return { ...launch, conversation };
  },
  holdsConversation: async (session) => {
    if (session.conversation === null) return false;
    const folders = await allFolders(projectsFolder(session, traits.environment));
    const transcript = await findTranscript(folders, session.conversation);
    return transcript !== null && hasMessages(transcript);
  },
  follow: (session, hear) => followTranscripts(projectsFolder(session, traits.environment), session, hear),
};

function conversationArguments({ resume, fork }: LaunchRequest, conversation: string | null): string[] {
  if (conversation === null) return [];
  if (fork !== null) return ['--resume', fork, '--fork-session', '--session-id', conversation];
  return [resume === null ? '--session-id' : '--resume', conversation];
}
