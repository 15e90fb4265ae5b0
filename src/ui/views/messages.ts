import { isMessageOpen, type Message, type MessageState } from '../../domain/message.ts';
import type { SessionView } from '../../domain/session.ts';
import type { Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours, type Mark, phaseMarks } from '../theme.ts';
import { agoCell, markedCell, textCell } from './cells.ts';

/** Prompts on their way into sessions, and the newest of each, the newest on top. */
export const messages: View = {
  id: 'messages',
  key: 'M',
  title: 'Messages',
  about: 'prompts to agents, and what became of them; enter writes one',
  empty: 'No prompt was sent yet: {pane.prompt} writes one to the selected agent.',
  columns: [
    { title: 'state', cols: 11, isSorted: true },
    { title: 'to', cols: 10, isSorted: true },
    { title: 'prompt', cols: 0, grows: true },
    { title: 'waits for, or failed by', cols: 0, grows: true, from: 70 },
    { title: 'by', cols: 12, from: 120, isSorted: true },
    { title: 'sent', cols: 7, isRight: true, from: 90 },
  ],
  lines({ views, now }) {
    const sessions = new Map(views.flatMap((view) => view.sessions).map((session) => [session.id, session]));
    return views
      .flatMap((view) => view.messages)
      .sort((a, b) => Number(isMessageOpen(b.state)) - Number(isMessageOpen(a.state)) || b.id - a.id)
      .map((message) => messageLine(message, sessions.get(message.session), now));
  },
  open(model) {
    const { target } = model;
    if (target) model.set({ dialog: { kind: 'prompt', session: target } });
    else model.say('This session has ended: nothing can be sent to it.');
  },
  Component: ListView,
};

function messageLine(
  { id, state, session, text, note, actor, createdAt }: Message,
  to: SessionView | undefined,
  now: number,
): Line {
  const run = to?.labels.run;
  return {
    key: `${session} ${id}`,
    task: to?.labels.task ?? null,
    ...(to?.labels.project && { project: to.labels.project }),
    ...(run === undefined ? {} : { run }),
    cells: [
      markedCell(marks[state], state),
      textCell(to?.labels.worker ?? session),
      textCell(text),
      textCell(note, state === 'failed' ? colours.bad : colours.quiet),
      textCell(actor.replace(/^person:/, ''), colours.quiet),
      agoCell(now - createdAt),
    ],
  };
}

const marks: Record<MessageState, Mark> = {
  queued: phaseMarks.queued,
  typing: { glyph: '●', colour: colours.accent },
  typed: { glyph: '●', colour: colours.accent },
  accepted: { glyph: '●', colour: colours.good },
  answered: { glyph: '✓', colour: colours.good },
  failed: { glyph: '✗', colour: colours.bad },
  cancelled: { glyph: '–', colour: colours.quiet },
};
