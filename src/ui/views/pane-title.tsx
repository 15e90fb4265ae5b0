import type { WorkItem } from '../../app/views/work-items.ts';
import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import { type Cost, formatCost } from '../../domain/cost.ts';
import { isMessageOpen, type Message } from '../../domain/message.ts';
import type { Run, RunStatus } from '../../domain/run.ts';
import type { SessionView } from '../../domain/session.ts';
import { isShell } from '../../domain/shell.ts';
import { stateWord } from '../../domain/state-word.ts';
import type { RunningGate } from '../../ports/gates.ts';
import type { Piece } from '../kit/draw-row.ts';
import { DrawnRows } from '../kit/drawn-rows.tsx';
import { colours, removedColour, sessionMarks } from '../theme.ts';

/** In a narrower pane the title says more; the list has the cost too. */
const costColsMin = 40;
/** In a narrower pane a prompt on its way takes the place of cost and lines: the task would not be known by what is left. */
const bothColsMin = 64;

interface Props {
  session: SessionView;
  item: WorkItem | null;
  /** The name of its project, where several are shown. */
  project: string | null;
  /** Null: its agent has told no tokens. */
  cost: Cost | null;
  /** What the person calls it; '': nothing. */
  name: string;
  number: number;
  cols: number;
  now: number;
  isSelected: boolean;
  isPinned: boolean;
  isTyping: boolean;
  /** As of `DrawnRows`. */
  at?: { x: number; y: number } | undefined;
  onClick(): void;
  /** Where one is in its history, instead of its state; null outside of copy mode. */
  copy: string | null;
  /** Those of this session, of the view. */
  messages: readonly Message[];
  /** Of its run, that run now. */
  gates: readonly RunningGate[];
}

/** The line above a pane: task, worker, state with its age, what it cost and changed, and prompts on their way to it. */
export function PaneTitle(props: Props) {
  const { session, item, project, cost, number, cols, now, isSelected, isTyping, onClick, copy, messages, gates } =
    props;
  const { status, labels } = session;
  const mark = sessionMarks[status.state];
  const run = item?.run;
  const colour = isTyping ? colours.typing : isSelected ? colours.selected : colours.quiet;
  const isSilent = session.silentSince != null;
  const state = session.isLost ? 'lost' : isSilent ? 'silent' : stateWord(status, now);
  const since = session.silentSince ?? status.since;
  // A limit counts down instead.
  const stateAge = status.until == null ? ` ${age(now - since)}` : '';
  const prompts = promptsOf(messages);
  const isTight = cols < bothColsMin && prompts.text !== '';
  const changed = run && run.filesChanged > 0 && !isTight ? run : null;
  const title = plainText(item ? item.task.title : session.title || session.id);
  const called = `${props.name && `${plainText(props.name)} · `}${isShell(session) ? 'shell · ' : ''}${title}`;
  const stage = (!session.isLost && run && stageOf(run, gates, now)) || `${state}${stateAge}`;
  const place = project === null ? '' : `${plainText(project)}/`;
  const told: Piece[] = [
    { text: ` ${place}${plainText(labels.worker ?? '')} `, color: colours.quiet },
    { text: stage, color: mark.colour },
    { text: cost && cols >= costColsMin && !isTight ? ` ${formatCost(cost)}` : '', color: colours.quiet },
    { text: changed ? ` +${changed.linesAdded}` : '', color: colours.good },
    { text: changed ? ` -${changed.linesRemoved}` : '', color: removedColour(changed?.linesRemoved ?? 0) },
    { text: ' ' },
    { text: prompts.text, color: prompts.isBad ? colours.bad : colours.accent },
  ];
  const ofShell = isShell(session) ? [] : told;
  const pieces: Piece[] = [
    {
      ...{ text: ` ${number}${props.isPinned ? '*' : ''} `, color: colour },
      ...{ bold: isSelected, inverse: isSelected },
    },
    { text: ` ${isShell(session) ? '$' : mark.glyph} `, color: mark.colour },
    { text: called, grows: true, bold: isSelected, color: isSelected ? colour : undefined },
    ...(copy === null ? ofShell : [{ text: ` ${copy} `, color: colours.attention }]),
  ];
  return <DrawnRows rows={[{ of: [props], pieces: () => pieces }]} cols={cols} at={props.at} onClick={onClick} />;
}

/** What becomes of the work, where that says more than what its agent does. */
function stageOf({ status }: Run, gates: readonly RunningGate[], now: number): string | null {
  const [first] = gates;
  if (status !== 'gating' || !first) return stages[status] ?? null;
  return `gate ${gates.map(({ gate }) => gate).join(', ')} ${age(now - first.since)}`;
}

const stages: Partial<Record<RunStatus, string>> = {
  gating: 'gates',
  rewinding: 'rewinding',
  reviewing: 'review',
  delivering: 'delivering',
  awaiting: 'to merge',
  paused: 'paused',
};

/** What is on its way into the session, or did not get there. */
function promptsOf(messages: readonly Message[]): { text: string; isBad: boolean } {
  const open = messages.filter(({ state }) => isMessageOpen(state));
  const queued = open.filter(({ state }) => state === 'queued').length;
  if (queued < open.length) return { text: queued > 0 ? `typing, ${queued} queued ` : 'typing ', isBad: false };
  if (queued > 0) return { text: `${queued} queued `, isBad: false };
  return messages.at(-1)?.state === 'failed' ? { text: 'prompt failed ', isBad: true } : { text: '', isBad: false };
}
