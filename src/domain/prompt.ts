import type { Task } from './task.ts';

/** How many changed files are named to an agent that goes on. */
const filesNamedMax = 20;

/** The task as the agent is told it: the title, an empty line, the body. */
export function promptFor(task: Pick<Task, 'title' | 'body'>): string {
  const body = task.body.trim();
  return body === '' ? task.title : `${task.title}\n\n${body}`;
}

/** What an agent is told that was interrupted and may go on, in a conversation that is open. */
export const goOn = 'Go on where you were interrupted.';

/** What git says of a worktree in which work was interrupted. */
export interface GroundTruth {
  branch: string;
  /** Changed since the branch began, committed or not. */
  files: readonly string[];
}

/** What an agent is told that goes on with its conversation in the same worktree. */
export function resumePrompt(
  task: Pick<Task, 'title' | 'body'>,
  ground: GroundTruth,
  why = 'You were interrupted: your program ended before the work was finished.',
): string {
  return `${why} ${groundWords(ground)} Look at what is there before you go on, then finish the task: ${task.title}`;
}

/** What an agent is told that takes over a worktree without the conversation that began the work. */
export function takeOverPrompt(
  task: Pick<Task, 'title' | 'body'>,
  ground: GroundTruth,
  why = 'This work was begun before and interrupted.',
): string {
  if (ground.files.length === 0) return promptFor(task);
  return `${promptFor(task)}\n\n${why} ${groundWords(ground)} Look at what is there before you go on.`;
}

/** What an agent is told that has a copy of another's conversation, in a copy of its worktree. */
export function forkPrompt(
  task: Pick<Task, 'title' | 'body'>,
  ground: GroundTruth,
  { worktree, words }: { worktree: string; words: string },
): string {
  const place = `This conversation is a fork: a copy of one that goes on by itself in ${worktree}. Leave that folder alone; what you said of it is true of your own working folder, which has the same content.`;
  const next = words || `Look at what is there before you go on, then finish the task: ${task.title}`;
  return `${place} ${groundWords(ground, 'your own worktree')} ${next}`;
}

/** What an agent is told whose work comes back from a review; `isOpen`: in the conversation in which it did it. */
export function reviewPrompt(
  task: Pick<Task, 'title' | 'body'>,
  ground: GroundTruth,
  { words, isOpen }: { words: string; isOpen: boolean },
): string {
  const begin = isOpen ? '' : `${promptFor(task)}\n\nThis was done before, and reviewed. `;
  return `${begin}${groundWords(ground)} Look at what is there before you go on.\n\n${words}`;
}

function groundWords({ branch, files }: GroundTruth, worktree = 'the same worktree'): string {
  const where = `You are in ${worktree}, on branch ${branch}.`;
  if (files.length === 0) return `${where} According to git nothing has been changed on it yet.`;
  const named = files.slice(0, filesNamedMax).join(', ');
  const more = files.length > filesNamedMax ? ` and ${files.length - filesNamedMax} more` : '';
  return `${where} According to git these files are changed there, committed or not: ${named}${more}.`;
}

/** What a gate says to the agent whose work did not pass it. */
export function gateWords(gate: string, reason: string, output: string): string {
  const said = output.trim();
  return `The check \`${gate}\` does not pass. ${reason}${said ? `\n\nThe end of its output:\n\n${said}` : ''}`;
}

/** What the agent is told whose work does not merge. */
export function conflictWords(files: readonly string[], against: string): string {
  return `Your work does not merge with ${against}: both changed ${files.slice(0, filesNamedMax).join(', ')}. Merge ${against} into your branch and resolve the conflicts, so that both changes are kept.`;
}

/** The same for an agent that is there to mend it. */
export function fixPrompt(words: string): string {
  return `${words}\n\nMend this in your worktree. It is looked at again when you are done.`;
}

/** What an agent is told that does the same again and again. */
export function stuckPrompt(evidence: string, isTakenBack = false): string {
  const back = isTakenBack ? ' The files are as they were before your last turn.' : '';
  return `You seem to be stuck. ${evidence}${back} Stop and think about why it does not help. Try another way, or say what you need.`;
}
