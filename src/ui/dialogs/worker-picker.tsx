import { Box, Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { WorkItem } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import { dispatchedText } from '../../domain/dispatched-text.ts';
import type { Outlook } from '../../domain/queue.ts';
import { useModel } from '../app/use-model.ts';
import { ChoiceList } from '../kit/choice-list.tsx';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

/** For why Forge would choose the worker. */
const whyRows = 2;
/** The frame, the task, and the lines around the choices. */
const otherRows = 8 + whyRows;
const choicesMax = 12;

/** Which worker takes the task: the first that can, or a named one; for one that is busy it waits. */
export function WorkerPicker({ screen, item }: { screen: { cols: number; rows: number }; item: WorkItem }) {
  const { model, state } = useModel();
  const workers = state.view?.workers ?? [];
  const wish = item.task.agent;
  const [outlook, setOutlook] = useState<Outlook | null>(null);
  useEffect(() => {
    let isShown = true;
    const ask = async () => {
      const told = await model.ask((client) => client.call('run.outlook', { task: item.task.id }));
      if (isShown && told) setOutlook(told);
    };
    void ask();
    return () => {
      isShown = false;
    };
  }, [model, item.task.id]);

  const choices = [
    {
      key: '',
      text: `the first that can take it${outlook?.worker ? `: ${plainText(outlook.worker)}` : ''}`,
      note: outlook && outlook.worker === null ? 'it waits' : '',
      disabled: null,
    },
    ...workers.map((worker) => ({
      key: worker.name,
      text: plainText(worker.name),
      note: [
        `${worker.agent}, ${worker.mode}`,
        wish !== undefined && wish !== worker.agent && `the task wishes ${wish}`,
        worker.run && `has ${worker.run}: it waits`,
      ]
        .filter(Boolean)
        .join('; '),
      disabled: worker.problem,
    })),
  ];
  const [cursor, setCursor] = useState(0);
  const listed = Math.max(1, Math.min(choices.length, choicesMax, screen.rows - otherRows));

  useInput((input, key) => {
    if (key.escape || input === 'q') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setCursor(Math.min(choices.length - 1, cursor + 1));
    else if (key.upArrow || input === 'k') setCursor(Math.max(0, cursor - 1));
    else if (key.return || input === 'd') {
      const choice = choices[cursor];
      if (!choice || choice.disabled !== null) return;
      model.set({ dialog: null });
      void dispatch(choice.key || undefined);
    }
  });

  async function dispatch(worker: string | undefined) {
    const run = await model.ask((client) => client.call('run.dispatch', { task: item.task.id, worker }));
    if (run) model.say(dispatchedText(run), 'good');
  }

  return (
    <DialogFrame
      title={`Dispatch ${item.task.id}`}
      keys="enter dispatch · ↑↓ choose · esc back"
      screen={screen}
      cols={64}
      rows={listed + otherRows}
    >
      <Text wrap="truncate">{plainText(item.task.title)}</Text>
      <Text> </Text>
      <ChoiceList choices={choices} cursor={cursor} rows={listed} />
      <Box height={whyRows} marginTop={1} overflow="hidden">
        <Text color={colours.quiet}>{choices[cursor]?.key === '' ? plainText(outlook?.why ?? '…') : ''}</Text>
      </Box>
    </DialogFrame>
  );
}
