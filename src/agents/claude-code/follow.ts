import type { Disposable } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { FollowedSession } from '../../ports/agent.ts';
import { followFiles } from '../follow-files.ts';
import { TranscriptReader } from './transcript-reader.ts';
import {
  allFolders,
  clearedInto,
  conversationOf,
  findTranscript,
  likelyFolder,
  newestTranscript,
  subAgentTranscripts,
} from './transcripts.ts';

/** Every so many looks, the first among them, a conversation is looked for in all folders. */
const fullLookEvery = 10;

interface Reading {
  transcript: string;
  reader: TranscriptReader;
  /** Lines read when it was last looked at. */
  linesSeen: number;
  /** What `/clear` has put in its place. It is gone on to one look later: the last lines are written at the same time. */
  next: string | null;
}

/** Reads the transcripts of a session's conversation, and of the next one when the person clears it. */
export function followTranscripts(
  projects: string,
  session: FollowedSession,
  hear: (report: AgentReport) => void,
): Disposable {
  let reading: Reading | null = null;
  let looks = 0;
  const isOurs = (at: number) => at >= session.startedAt && at <= (session.endedAt?.() ?? Number.POSITIVE_INFINITY);

  async function list(): Promise<string[]> {
    if (reading) await lookOn(reading);
    else {
      const first = await findFirst();
      if (first !== null) reading = begin(first);
    }
    return reading ? [reading.transcript, ...(await subAgentTranscripts(reading.transcript))] : [];
  }

  async function lookOn(current: Reading): Promise<void> {
    const { reader, linesSeen } = current;
    current.linesSeen = reader.linesRead;
    if (reader.linesRead !== linesSeen) return;
    reader.settle();
    if (current.next !== null) reading = begin(current.next);
    else current.next = await clearedInto(current.transcript, isOurs);
  }

  async function findFirst(): Promise<string | null> {
    const isFullLook = looks++ % fullLookEvery === 0;
    const folders = isFullLook ? await allFolders(projects) : [await likelyFolder(projects, session.worktree)];
    if (session.conversation !== null) return findTranscript(folders, session.conversation);
    return newestTranscript(folders, session.worktree, session.startedAt);
  }

  function begin(transcript: string): Reading {
    const conversation = conversationOf(transcript);
    if (conversation !== session.conversation) hear({ type: 'conversation', id: conversation });
    // Forge names the conversation, or it is unknown how much of it is ours.
    const since = session.conversation === null ? session.startedAt : (session.forkedAt ?? 0);
    return { transcript, reader: new TranscriptReader(conversation, since, hear), linesSeen: -1, next: null };
  }

  return followFiles(list, (path) => {
    const { transcript, reader } = reading as Reading;
    return path === transcript ? (line) => reader.readMain(line) : (line) => reader.readSubAgent(line);
  });
}
